using DigitML.Data;
using DigitML.Training;

namespace DigitML.Cli.Tests;

/// <summary>A small model, trained once for all tests that need any.</summary>
public sealed class TrainedModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TrainedModel()
    {
        Digits = SyntheticDigits.Create(907, seed: 41);
        var result = new MlpTrainer(new MlpOptions { HiddenLayers = [23], Epochs = 4, Seed = 42 }).Fit(Digits);
        File = _folder.File("digits.onnx");
        History = _folder.File("history.json");
        result.Model.Save(File);
        result.History.Save(History);
    }

    /// <summary>The model's file.</summary>
    public string File { get; }

    /// <summary>The file of its training's history.</summary>
    public string History { get; }

    /// <summary>What it was trained on.</summary>
    public LabelledImages Digits { get; }

    public void Dispose() => _folder.Dispose();
}
