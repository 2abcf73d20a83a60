using System.CommandLine;
using DigitML.Cli.Options;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.IO;
using DigitML.Models;

namespace DigitML.Cli.Commands;

/// <summary><c>digitml quantize</c>: writes a model in whole numbers, and says what that costs.</summary>
internal sealed class QuantizeCommand : Command
{
    /// <summary>Training pictures by which the range of hidden units is found: more find nearly the same.</summary>
    private const int CalibrationImages = 2000;

    private readonly Terminal _terminal;
    private readonly ModelFile _model = new();
    private readonly DataOptionSet _data = new();
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The file to write the model to.",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>Creates the command.</summary>
    /// <param name="terminal">Where it speaks.</param>
    public QuantizeCommand(Terminal terminal)
        : base("quantize", "Writes a model in whole numbers: a quarter of the size, faster in batches; says what accuracy that costs.")
    {
        _terminal = terminal;
        _model.AddTo(this);
        Options.Add(_output);
        _data.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var output = parse.GetRequiredValue(_output);
        OutputFolder.CheckFile(output, "--output", "digits-int8.onnx");

        var (model, path) = _model.Load(parse);
        if (model.IsQuantized || model.FeatureNormalization is not null || model.MemberCount > 1)
        {
            throw new DigitException(path + (model.IsQuantized ? ": is in whole numbers already." : model.MemberCount > 1 ? ": is an ensemble; quantize is for single networks." : ": takes the features of a table; quantize is for models of pictures."));
        }

        var data = await _data.LoadAsync(parse, _terminal, _terminal, cancellationToken);
        if (ModelInput.Fit(data.Train, model).Images is not { } train || ModelInput.Fit(data.Test, model).Images is not { } test)
        {
            throw new DigitException($"{data.Train.Name}: is a table, and the model takes pictures of {FormattableString.Invariant($"{model.InputCount}")} pixels.");
        }

        if (train.PixelsPerImage != model.InputCount)
        {
            throw new DigitException(FormattableString.Invariant($"{train.Name}: expected pictures of {model.InputCount} pixels, which the model takes; these have {train.PixelsPerImage}."));
        }

        var quantized = model.Quantize(train.Take(Math.Min(CalibrationImages, train.Count)).Pixels);
        var (before, after) = (model.Evaluate(test, threads: 0, options: null, cancellationToken), quantized.Evaluate(test, threads: 0, options: null, cancellationToken));
        if (Path.GetDirectoryName(output) is { Length: > 0 } parent)
        {
            Directory.CreateDirectory(parent);
        }

        quantized.Save(output);
        _terminal.Say($"Model: {path}, {model.Shape}");
        _terminal.Say(FormattableString.Invariant($"Accuracy on {SyntheticDigits.NameOf(test.Name, test.IsSynthetic)}: {before.MicroAccuracy * 100:F2} % in floats, {after.MicroAccuracy * 100:F2} % in whole numbers; {Changed(model, quantized, test)} of {test.Count} answers changed"));
        _terminal.Say(FormattableString.Invariant($"Written: {output}, {new FileInfo(output).Length / 1e6:F2} MB; in floats {FloatBytes(model) / 1e6:F2}"));
        return ExitCode.Done;
    }

    private static int Changed(Mlp first, Mlp second, LabelledImages images)
    {
        var (left, right) = (new float[images.Count * first.ClassCount], new float[images.Count * first.ClassCount]);
        first.PredictBatch(images.Pixels, left);
        second.PredictBatch(images.Pixels, right);
        var changed = 0;
        for (var i = 0; i < left.Length; i += first.ClassCount)
        {
            changed += new Prediction(left.AsMemory(i, first.ClassCount)).PredictedLabel == new Prediction(right.AsMemory(i, first.ClassCount)).PredictedLabel ? 0 : 1;
        }

        return changed;
    }

    private static long FloatBytes(Mlp model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.Length;
    }
}
