using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>A reading as JSON: a line of <c>predict --json</c>, and the answer of <c>POST /api/read</c>.</summary>
/// <param name="File">The picture's name or path, as the caller knows it; "picture" when it has none.</param>
/// <param name="Text">The digits in reading order, lines parted by \n; refused ink is left out.</param>
/// <param name="Verdict">digit, ambiguous, not-a-digit or blank.</param>
/// <param name="Width">Width of the picture in pixels.</param>
/// <param name="Height">Height of the picture in pixels.</param>
/// <param name="Digits">Every piece of ink that was judged, in reading order.</param>
/// <param name="LeftOut">Ink that was seen and is part of no digit; absent when there is none.</param>
/// <param name="Steps">With steps=true: the pictures between, in the order they were made.</param>
/// <param name="Details">With steps=true: more of each digit, in the same order.</param>
public sealed record ReadingDocument(
    string File,
    string Text,
    string Verdict,
    int Width,
    int Height,
    IReadOnlyList<DigitDocument> Digits,
    IReadOnlyList<LeftOutDocument>? LeftOut = null,
    IReadOnlyList<StepDocument>? Steps = null,
    IReadOnlyList<DetailDocument>? Details = null)
{
    /// <summary>Describes a reading.</summary>
    /// <param name="file">The picture's name or path, as the caller knows it.</param>
    /// <param name="reading">What was read.</param>
    /// <param name="explainedBy">The model that read it, to say how it came to its answers; null leaves steps and details out.</param>
    /// <param name="similar">Digits to compare those that were read with, in the details; null for none.</param>
    public static ReadingDocument Of(string file, ReadingResult reading, Mlp? explainedBy = null, SimilarDigits? similar = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(reading);
        return new ReadingDocument(file, reading.Text, reading.Verdict.ToName(), reading.Width, reading.Height, [.. reading.Digits.Select(DigitDocument.Of)])
        {
            LeftOut = reading.LeftOut.Count == 0 ? null : [.. reading.LeftOut.Select(LeftOutDocument.Of)],
            Steps = explainedBy is null ? null : [.. reading.Steps.Select(StepDocument.Of)],
            Details = explainedBy is null ? null : [.. reading.Digits.Select(digit => DetailDocument.Of(digit, explainedBy, similar))],
        };
    }

    /// <summary>One line of JSON, without a line feed at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReadingJson.Legible.ReadingDocument);

    /// <summary>The bytes of <see cref="ToJson"/> in UTF-8.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this, ReadingJson.Legible.ReadingDocument);

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(ReadingDocument), PrintMembers);
}

/// <summary>One piece of ink.</summary>
/// <param name="Digit">The most probable digit, 0 to 9.</param>
/// <param name="Probability">Its calibrated probability, 0 to 1, in six decimals.</param>
/// <param name="Box">Where the ink is.</param>
/// <param name="Verdict">digit, ambiguous or not-a-digit.</param>
/// <param name="RunnerUp">The second most probable digit.</param>
/// <param name="RunnerUpProbability">Its calibrated probability, 0 to 1, in six decimals.</param>
public sealed record DigitDocument(int Digit, double Probability, BoxDocument Box, string Verdict, int RunnerUp, double RunnerUpProbability)
{
    internal static DigitDocument Of(ReadDigit digit) => new(
        digit.Digit, ReadingJson.Round(digit.Probability), BoxDocument.Of(digit.Box), digit.Verdict.ToName(), digit.RunnerUp, ReadingJson.Round(digit.RunnerUpProbability));

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(DigitDocument), PrintMembers);
}

/// <summary>A rectangle in pixels of the picture, from its top left.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public sealed record BoxDocument(int X, int Y, int Width, int Height)
{
    internal static BoxDocument Of(PixelBox box) => new(box.X, box.Y, box.Width, box.Height);

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(BoxDocument), PrintMembers);
}

/// <summary>Ink that is part of no digit.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="Reason">What it was taken for: line, dirt or other.</param>
public sealed record LeftOutDocument(BoxDocument Box, string Reason)
{
    internal static LeftOutDocument Of(LeftOutInk ink) => new(BoxDocument.Of(ink.Box), ink.Reason.ToName());

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(LeftOutDocument), PrintMembers);
}

/// <summary>A picture between the given one and the digits.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Picture">A PNG as a data URL.</param>
public sealed record StepDocument(string Name, int Width, int Height, string Picture)
{
    internal static StepDocument Of(ReadingStep step) => new(step.Name, step.Picture.Width, step.Picture.Height, ReadingJson.UrlOf(step.Picture));

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(StepDocument), PrintMembers);
}

/// <summary>More of one digit.</summary>
/// <param name="Probabilities">The calibrated probability of each digit 0 to 9, in six decimals.</param>
/// <param name="Width">28.</param>
/// <param name="Height">28.</param>
/// <param name="Picture">What the network saw: a PNG as a data URL, ink light on black.</param>
/// <param name="Attribution">784 numbers, row by row: how much each pixel spoke for the digit (above 0) or against it.</param>
/// <param name="Layers">What the units of each hidden layer gave, the one next to the pixels first, in three decimals.</param>
/// <param name="Similar">Drawn digits that the network takes to be most like it, the likest first; absent until the server has drawn them.</param>
public sealed record DetailDocument(
    IReadOnlyList<double> Probabilities,
    int Width,
    int Height,
    string Picture,
    IReadOnlyList<double> Attribution,
    IReadOnlyList<IReadOnlyList<double>>? Layers = null,
    IReadOnlyList<SimilarDocument>? Similar = null)
{
    internal static DetailDocument Of(ReadDigit digit, Mlp model, SimilarDigits? similar) => new(
        Array.ConvertAll(digit.Probabilities.ToArray(), ReadingJson.Round),
        digit.Image.Width,
        digit.Image.Height,
        ReadingJson.UrlOf(digit.Image),
        Array.ConvertAll(model.Attribution(digit.Image.Pixels, digit.Digit), value => Math.Round((double)value, 4)),
        Array.ConvertAll(model.Activations(digit.Image.Pixels), layer => Array.ConvertAll(layer, value => Math.Round((double)value, 3))),
        similar?.Nearest(digit.Image.Pixels).Select(SimilarDocument.Of).ToArray());

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(DetailDocument), PrintMembers);
}

/// <summary>A drawn digit like the one that was read.</summary>
/// <param name="Digit">Which it is.</param>
/// <param name="Likeness">The cosine between what the last hidden layer gives for both, −1 to 1, in three decimals.</param>
/// <param name="Picture">28×28: a PNG as a data URL, ink light on black.</param>
public sealed record SimilarDocument(int Digit, double Likeness, string Picture)
{
    internal static SimilarDocument Of(SimilarDigit digit) => new(digit.Digit, Math.Round(digit.Likeness, 3), ReadingJson.UrlOf(digit.Picture));

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(SimilarDocument), PrintMembers);
}

/// <summary>A picture that could not be read, as a line of <c>predict --json</c>.</summary>
/// <param name="File">The picture's name or path, as the caller knows it.</param>
/// <param name="Error">Why, in one line.</param>
public sealed record ReadingErrorDocument(string File, string Error)
{
    /// <summary>One line of JSON, without a line feed at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReadingJson.Legible.ReadingErrorDocument);
}

/// <summary>A prediction for one picture of a data file, as a line of <c>predict --json</c>: the picture is one digit, and nothing is looked for.</summary>
/// <param name="File">The data file.</param>
/// <param name="Index">The picture's place in it, from 0.</param>
/// <param name="Text">The digit.</param>
/// <param name="Digits">The digit, with its probability.</param>
/// <param name="Label">What the file says it is; null when it says nothing.</param>
public sealed record PredictionDocument(string File, int Index, string Text, IReadOnlyList<PredictedDigitDocument> Digits, int? Label = null)
{
    /// <summary>Describes a prediction.</summary>
    /// <param name="file">The data file.</param>
    /// <param name="index">The picture's place in it, from 0.</param>
    /// <param name="prediction">What the model says.</param>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Height of the picture in pixels.</param>
    /// <param name="label">What the file says it is; null when it says nothing.</param>
    public static PredictionDocument Of(string file, int index, Prediction prediction, int width, int height, int? label)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return new PredictionDocument(file, index, Invariant($"{prediction.PredictedLabel}"), [new(prediction.PredictedLabel, prediction.Probability, new BoxDocument(0, 0, width, height))], label);
    }

    /// <summary>One line of JSON, without a line feed at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReadingJson.Legible.PredictionDocument);

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(PredictionDocument), PrintMembers);
}

/// <summary>The class of one picture or of one row of a data file, as a line of <c>predict --json</c> of a model whose classes have names.</summary>
/// <param name="File">The picture or data file.</param>
/// <param name="Index">The picture's or row's place in a data file, from 0; null for a picture file.</param>
/// <param name="Class">The most probable class.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
/// <param name="RunnerUp">The second most probable class.</param>
/// <param name="RunnerUpProbability">Its probability.</param>
/// <param name="Label">What the file says it is; null when it says nothing.</param>
public sealed record ClassDocument(string File, int? Index, string Class, float Probability, string RunnerUp, float RunnerUpProbability, string? Label = null)
{
    /// <summary>Describes a prediction.</summary>
    /// <param name="file">The picture or data file.</param>
    /// <param name="index">The place in a data file, from 0; null for a picture file.</param>
    /// <param name="model">Whose classes these are.</param>
    /// <param name="prediction">What the model says.</param>
    /// <param name="label">What the file says it is; null when it says nothing.</param>
    public static ClassDocument Of(string file, int? index, Mlp model, Prediction prediction, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prediction);
        return new ClassDocument(
            file,
            index,
            model.NameOf(prediction.PredictedLabel),
            prediction.Probability,
            model.NameOf(prediction.RunnerUp),
            prediction.Probabilities.Span[prediction.RunnerUp],
            label);
    }

    /// <summary>One line of JSON, without a line feed at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReadingJson.Legible.ClassDocument);

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(ClassDocument), PrintMembers);
}

/// <summary>The digit of a <see cref="PredictionDocument"/>.</summary>
/// <param name="Digit">The most probable digit.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
/// <param name="Box">The whole picture.</param>
public sealed record PredictedDigitDocument(int Digit, float Probability, BoxDocument Box)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(PredictedDigitDocument), PrintMembers);
}

/// <summary>How readings are written: camel case, on one line, without what is null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ReadingDocument))]
[JsonSerializable(typeof(ReadingErrorDocument))]
[JsonSerializable(typeof(PredictionDocument))]
[JsonSerializable(typeof(ClassDocument))]
internal sealed partial class ReadingJson : JsonSerializerContext
{
    /// <summary>Paths and messages stay legible; the output is no HTML.</summary>
    public static ReadingJson Legible => field ??= new(new(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Six decimals: as exact as a float probability is.</summary>
    public static double Round(float share) => Math.Round((double)share, 6);

    /// <summary>A picture as a data URL.</summary>
    public static string UrlOf(GreyImage picture) => $"data:image/png;base64,{Convert.ToBase64String(PngEncoder.Encode(picture))}";
}
