using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using DigitML.Models;
using DigitML.Numerics;
using DigitML.Pixels;
using DigitML.Tests.IO;
using DigitML.Training;

namespace DigitML.Tests.Training;

/// <summary>The same work done by PyTorch, from the same weights over the same batches.</summary>
public class TorchTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public void Fit_OneEpochFromTheSameWeights_EndsWithPyTorchsLoss()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("-c", "import torch") is not null, "PyTorch for /usr/bin/python3 is not installed (Debian: python3-torch).");
        const int BatchSize = 32;
        var images = TinyData.Create(2_011, 10, 28, 28, seed: 51, density: 0.2);
        var options = new MlpOptions { Epochs = 1, BatchSize = BatchSize, ValidationFraction = 0, Seed = 52 };
        var loss = new MlpTrainer(options).Fit(images).History.Epochs[0].TrainLoss;

        // The trainer's own initial weights and order, found the way it finds them.
        int[] sizes = [784, 128, 32, 10];
        using var team = new ThreadTeam(1);
        var network = new TrainingNetwork(sizes, BatchSize, new InputEncoding(Normalizer.Table(PixelNormalization.UnitRange), isSparse: true), team, dropout: 0, options.Seed);
        WeightInitializer.Fill(network.Layers, options.Seed);
        var order = TrainingData.Split(images, 0, options.Seed).Training;
        new SeededRandom(options.Seed, RandomStreams.Shuffle).Shuffle(order);
        using var folder = new TemporaryFolder();
        var file = folder.File("epoch.bin");
        using (var writer = new BinaryWriter(File.Create(file)))
        {
            writer.Write(sizes.Length);
            writer.Write(MemoryMarshal.AsBytes(sizes.AsSpan()));
            foreach (var layer in network.Layers)
            {
                writer.Write(MemoryMarshal.AsBytes(layer.Export(layer.Weights).AsSpan()));
                writer.Write(MemoryMarshal.AsBytes(layer.Bias.Span[..layer.Outputs]));
            }

            var shuffled = images.Select(order);
            writer.Write(shuffled.Count);
            writer.Write(shuffled.Pixels);
            writer.Write(shuffled.Labels);
        }

        var script = Path.Combine(AppContext.BaseDirectory, "Training", "torch_epoch.py");
        var output = Run(script, file, BatchSize.ToString(CultureInfo.InvariantCulture));
        Assert.NotNull(output);
        Assert.Equal(double.Parse(output, CultureInfo.InvariantCulture), loss, 1e-3);
    }

    private static string? Run(params string[] arguments)
    {
        var (exitCode, output, _) = ToolProcess.Run(new ProcessStartInfo(Python, arguments));
        return exitCode == 0 ? Encoding.UTF8.GetString(output) : null;
    }
}
