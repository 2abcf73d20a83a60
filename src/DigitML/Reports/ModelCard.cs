using System.Globalization;
using System.Text;
using System.Text.Json;
using DigitML.Data;
using DigitML.Models;

namespace DigitML.Reports;

/// <summary>
/// What a model is for, what it was made of and how well it does, in the form of Hugging Face's model cards: YAML front
/// matter with a <c>model-index</c>, then Markdown. Every figure is the evaluation's.
/// </summary>
public sealed class ModelCard
{
    private readonly EvaluationReport _report;
    private readonly Mlp _model;

    /// <summary>Makes a card.</summary>
    /// <param name="report">The evaluation, with its model.</param>
    /// <exception cref="ArgumentException">The report has no model.</exception>
    public ModelCard(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        _report = report;
        _model = report.Model ?? throw new ArgumentException("A model card needs a report with its model; got none.", nameof(report));
    }

    /// <summary>The card, as <c>README.md</c> beside the model holds it.</summary>
    public string ToMarkdown() => FrontMatter() + "\n" + MarkdownWriter.Write(Blocks());

    private string FrontMatter()
    {
        var evaluation = _report.Evaluation;
        var yaml = new StringBuilder("---\n");
        yaml.Append("license: mit\nlibrary_name: digitml\npipeline_tag: image-classification\ntags:\n- onnx\n- digits\n- handwriting\n- multilayer-perceptron\n");
        if (IsMnist(evaluation.Dataset))
        {
            yaml.Append("datasets:\n- ylecun/mnist\n");
        }

        yaml.Append("metrics:\n- accuracy\nmodel-index:\n- name: digitml-digits\n  results:\n  - task:\n      type: image-classification\n      name: Image classification\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    dataset:\n      name: {Quoted(ResultTables.NameOf(evaluation))}\n      type: {(IsMnist(evaluation.Dataset) ? "ylecun/mnist" : Quoted(evaluation.Dataset))}\n      split: test\n    metrics:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    - type: accuracy\n      value: {evaluation.MicroAccuracy}\n      name: Accuracy\n");
        yaml.Append(CultureInfo.InvariantCulture, $"    - type: log_loss\n      value: {evaluation.LogLoss}\n      name: Log-loss in nats\n");
        return yaml.Append("---\n").ToString();
    }

    private IEnumerable<Block> Blocks()
    {
        var evaluation = _report.Evaluation;
        var network = _model.Shape;
        var activation = string.Join(", ", _model.Layers.SkipLast(1).Select(layer => layer.Activation.Title).Append("ReLU").Take(Math.Max(1, _model.Layers.Count - 1)).Distinct());
        yield return new Block.Heading(1, "Handwritten digits, read by a multilayer perceptron");
        yield return new Block.Paragraph(Invariant(
            $"A network of dense layers, {network}, {_model.ParameterCount:N0} parameters, {activation} between them and softmax at the end, as an ONNX file: pixels float32 [n, {_model.InputCount}], values 0 to 255, ink light on black, to probabilities float32 [n, {_model.ClassCount}]. Scaling is part of the graph."));
        yield return new Block.Paragraph(ResultTables.Headline(evaluation));
        yield return new Block.Heading(2, "Intended use");
        yield return new Block.Paragraph("Reading single handwritten digits that are cut out, centred and 28×28 as MNIST's are; DigitML's reader brings pictures into that form. For teaching, for comparing methods, and for applications in which a wrong digit is caught later. Not for decisions about people, and not for anything where a misread digit does harm unchecked.");
        yield return new Block.Heading(2, "Data");
        yield return new Block.Facts([
            ("Trained on", SyntheticDigits.NameOf(Known("dataset"), _model.Metadata.GetValueOrDefault("synthetic") == "true") + Made()),
            ("Hash of the training data (SHA-256)", Known("dataHash")),
            ("Evaluated on", ResultTables.NameOf(evaluation)),
            ("Hash of the test data (SHA-256)", evaluation.DataHash ?? "not known"),
        ]);
        yield return new Block.Heading(2, "Procedure");
        yield return new Block.Facts([.. Procedure()]);
        yield return new Block.Heading(2, "Results");
        yield return ResultTables.Headlines(evaluation);
        yield return ResultTables.PerClass(evaluation);
        yield return new Block.Heading(2, "Limits");
        yield return new Block.Paragraph(Invariant(
            $"The figures hold for digits like the test set's. Other pens, papers, countries' ways of writing and ways of cutting digits out do worse, and how much worse these figures do not say. {Refusal()} It is {100 * evaluation.ExpectedCalibrationError:0.00} points off on average in how sure it is, on the test set."));
        var worst = ResultTables.WorstConfusions(evaluation.ConfusionMatrix, 3);
        if (worst.Rows.Count > 0)
        {
            yield return new Block.Paragraph($"Most often mistaken (true → predicted): {string.Join(", ", worst.Rows.Select(row => $"{row[0]} ({row[1]} images)"))}.");
        }

        yield return new Block.Heading(2, "Where this comes from");
        yield return new Block.Facts([
            ("Model hash (SHA-256)", evaluation.ModelHash ?? "not known"),
            ("Commit", _report.Commit ?? "not known"),
            ("Command", _report.Command ?? "not known"),
        ]);
    }

    /// <summary>The options that the model's file carries, each a line.</summary>
    private IEnumerable<(string Name, string Value)> Procedure()
    {
        yield return ("Made by", $"{Known("producer")} {_model.Metadata.GetValueOrDefault("version")}".TrimEnd());
        yield return ("Epoch kept", Known("epoch"));
        if (!_model.Metadata.TryGetValue("options", out var options))
        {
            yield break;
        }

        foreach (var (name, value) in Properties(options))
        {
            yield return (name, value);
        }
    }

    private static IReadOnlyList<(string Name, string Value)> Properties(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Select(property => (property.Name, property.Value.ValueKind == JsonValueKind.Null ? "none" : property.Value.ToString().ReplaceLineEndings(" ")))]
                : [("options", json)];
        }
        catch (JsonException)
        {
            // Free text from another program is still worth showing.
            return [("options", json)];
        }
    }

    // Before ReaderTrainer had its own entry, the number stood among the trainer's options.
    private string Made() => (_model.Metadata.GetValueOrDefault("madeImages")
            ?? Properties(_model.Metadata.GetValueOrDefault("options", "{}")).FirstOrDefault(property => property.Name == "madeImages").Value) is { } made and not "0"
        ? $", and {made} images made of it: digits written by other pens on other papers, taken through the reader's steps, and shapes that are no digit"
        : "";

    private string Refusal() => _model.Metadata.TryGetValue(TemperatureScaling.RejectionMetadataKey, out var threshold)
        ? $"The network itself always answers with a digit; DigitML's reader refuses as no digit what scores below {threshold}, and letters that look like digits pass."
        : "The network always answers with a digit, also for a letter or a blot.";

    private string Known(string key) => _model.Metadata.GetValueOrDefault(key, "not known");

    private static bool IsMnist(string dataset) => dataset.StartsWith("MNIST", StringComparison.Ordinal);

    /// <summary>A YAML string in double quotes, which takes JSON's escapes.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
