using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using DigitML.Benchmarks.MLNet;
using DigitML.Benchmarks.Reporting;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;
using DigitML.Training;
using Microsoft.ML.OnnxRuntime;

namespace DigitML.Benchmarks.Peers;

/// <summary>
/// One piece of work in a process of its own, as the peers' scripts do it: MNIST from disk, the clock around the work alone,
/// one line of JSON at the end. The runtime's own start-up and compilation count where the peers' do.
/// </summary>
internal sealed class WorkCommand : Command
{
    /// <summary>Creates the command.</summary>
    public WorkCommand()
        : base("work", "What the other modes run in processes of their own.")
    {
        Hidden = true;
        Add(Train());
        Add(Predict());
        Add(Ort());
        Add(LightGbm());
        var hog = new Command("hog", "Takes a processor.");
        hog.SetAction(_ => Hogs.Turn());
        Add(hog);
    }

    private static Command Train()
    {
        var data = new Option<string>("--data") { Required = true };
        var hidden = new Option<string>("--hidden") { Required = true };
        var batchSize = new Option<int>("--batch-size") { Required = true };
        var epochs = new Option<int>("--epochs") { Required = true };
        var threads = new Option<int>("--threads");
        var onnx = new Option<string?>("--onnx");
        var command = new Command("train") { data, hidden, batchSize, epochs, threads, onnx };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var mnist = await Mnist.LoadAsync(parse.GetRequiredValue(data), cancellationToken);
            var options = new MlpOptions
            {
                HiddenLayers = [.. parse.GetRequiredValue(hidden).Split(',').Select(int.Parse)],
                BatchSize = parse.GetValue(batchSize),
                Epochs = parse.GetValue(epochs),
                Threads = parse.GetValue(threads),
            };
            var clock = Stopwatch.StartNew();
            var result = new MlpTrainer(options).Fit(mnist.Train, cancellationToken: cancellationToken);
            var seconds = clock.Elapsed.TotalSeconds;
            if (parse.GetValue(onnx) is { } file)
            {
                result.Model.Save(file);
            }

            Print(new WorkFigures
            {
                Threads = result.History.Threads,
                TrainSeconds = seconds,
                Accuracy = result.Model.Evaluate(mnist.Test, cancellationToken: cancellationToken).MicroAccuracy,
            });
        });
        return command;
    }

    private static Command Predict()
    {
        var model = new Option<string>("--model") { Required = true };
        var data = new Option<string>("--data") { Required = true };
        var threads = new Option<int>("--threads");
        var command = new Command("predict") { model, data, threads };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var test = (await Mnist.LoadAsync(parse.GetRequiredValue(data), cancellationToken)).Test;
            var mlp = Mlp.Load(parse.GetRequiredValue(model));
            var count = parse.GetValue(threads) is > 0 and var asked ? asked : Environment.ProcessorCount;
            Print(new WorkFigures
            {
                Threads = count,
                Accuracy = mlp.Evaluate(test, cancellationToken: cancellationToken).MicroAccuracy,
                MedianMicroseconds = MedianMicroseconds(mlp, test),
                ImagesPerSecond = ImagesPerSecond(mlp, test, count),
            });
        });
        return command;
    }

    /// <summary>The same model file run by ONNX Runtime, measured in the same way.</summary>
    private static Command Ort()
    {
        var model = new Argument<string>("model");
        var data = new Argument<string>("data");
        var threads = new Argument<int>("threads") { DefaultValueFactory = _ => 1 };
        var scale = new Argument<float>("scale") { Description = "What pixels from 0 to 255 are divided by; 1 for a model that divides by itself.", DefaultValueFactory = _ => 255 };
        var command = new Command("ort", "A model file run by ONNX Runtime.") { model, data, threads, scale };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var test = (await Mnist.LoadAsync(parse.GetRequiredValue(data), cancellationToken)).Test;
            try
            {
                using var runtime = new OrtModel(parse.GetRequiredValue(model), parse.GetValue(threads), parse.GetValue(scale));
                Print(new WorkFigures
                {
                    Peer = "onnxruntime",
                    Threads = parse.GetValue(threads),
                    Accuracy = runtime.Accuracy(test),
                    MedianMicroseconds = runtime.MedianMicroseconds(test),
                    ImagesPerSecond = runtime.ImagesPerSecond(test),
                });
            }
            catch (OnnxRuntimeException error)
            {
                throw new DigitException($"ONNX Runtime does not run {parse.GetRequiredValue(model)}: {error.Message}", error);
            }
        });
        return command;
    }

    /// <summary>ML.NET's LightGBM as it comes, on all training images.</summary>
    private static Command LightGbm()
    {
        var data = new Argument<string>("data");
        var command = new Command("lightgbm", "What ML.NET's users would take.") { data };
        command.SetAction(parse =>
        {
            var result = JsonSerializer.Deserialize<MLNetResult>(MLNetRun.Measure("lightgbm", "mnist", parse.GetRequiredValue(data)))!;
            Print(new WorkFigures { Peer = "LightGBM", Threads = Environment.ProcessorCount, TrainSeconds = result.Seconds, Accuracy = result.Accuracy });
        });
        return command;
    }

    /// <summary>One image after the other into the caller's buffer: the median of 3,000, after a second's warming up.</summary>
    private static double MedianMicroseconds(Mlp model, LabelledImages images)
    {
        var probabilities = new float[model.ClassCount];
        var times = new Sample();
        var warming = Stopwatch.StartNew();
        for (var i = 0; times.Count < 3_000; i = (i + 1) % images.Count)
        {
            var start = Stopwatch.GetTimestamp();
            model.Predict(images.Image(i), probabilities);
            var end = Stopwatch.GetTimestamp();
            if (warming.Elapsed.TotalSeconds > 1)
            {
                times.Add((end - start) * 1e6 / Stopwatch.Frequency);
            }
        }

        return times.Median;
    }

    /// <summary>Batches of 256 for two seconds, after one to warm up.</summary>
    private static double ImagesPerSecond(Mlp model, LabelledImages images, int threads)
    {
        const int Batch = 256;
        var probabilities = new float[Batch * model.ClassCount];
        var batches = images.Count / Batch;
        Run(TimeSpan.FromSeconds(1));
        return Run(TimeSpan.FromSeconds(2));

        double Run(TimeSpan time)
        {
            var clock = Stopwatch.StartNew();
            long done = 0;
            while (clock.Elapsed < time)
            {
                var first = (int)(done % batches) * Batch;
                model.PredictBatch(images.Pixels.Slice(first * images.PixelsPerImage, Batch * images.PixelsPerImage), probabilities, threads);
                done++;
            }

            return done * Batch / clock.Elapsed.TotalSeconds;
        }
    }

    private static void Print(WorkFigures figures) => Console.WriteLine(JsonSerializer.Serialize(figures, JsonSerializerOptions.Web));

    /// <summary>The fields have the names that the peers' scripts print.</summary>
    private sealed record WorkFigures
    {
        public string Peer { get; init; } = "DigitML";

        public required int Threads { get; init; }

        public double? TrainSeconds { get; init; }

        public required double Accuracy { get; init; }

        public double? MedianMicroseconds { get; init; }

        public double? ImagesPerSecond { get; init; }
    }
}
