using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using DigitML.Imaging;
using DigitML.Models;
using DigitML.Reading;

namespace DigitML.Web.Endpoints;

/// <summary>
/// Writes the answer of <c>/api/read</c>: byte for byte the line of <see cref="ReadingJson"/>, and with steps
/// two properties more, <c>steps</c> and, in the order of the digits, <c>details</c>.
/// </summary>
internal static class ReadAnswer
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an answer.</summary>
    /// <param name="output">Appended to.</param>
    /// <param name="file">The picture's name.</param>
    /// <param name="reading">What was read.</param>
    /// <param name="explained">The model that read it, to say how it came to its answers; null leaves that out.</param>
    public static void Write(IBufferWriter<byte> output, string file, Reading.Reading reading, Mlp? explained)
    {
        using var writer = new Utf8JsonWriter(output, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("file", file);
        ReadingJson.WriteContent(writer, reading);
        if (explained is not null)
        {
            WriteSteps(writer, reading);
            WriteDetails(writer, reading, explained);
        }

        writer.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter writer, Reading.Reading reading)
    {
        writer.WriteStartArray("steps");
        foreach (var step in reading.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("name", step.Name);
            WritePicture(writer, step.Picture);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteDetails(Utf8JsonWriter writer, Reading.Reading reading, Mlp model)
    {
        writer.WriteStartArray("details");
        foreach (var digit in reading.Digits)
        {
            writer.WriteStartObject();
            WriteNumbers(writer, "probabilities", digit.Probabilities.Span, decimals: 6);
            WritePicture(writer, digit.Image);
            WriteNumbers(writer, "attribution", model.Attribution(digit.Image.Pixels, digit.Digit), decimals: 4);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePicture(Utf8JsonWriter writer, GreyImage picture)
    {
        writer.WriteNumber("width", picture.Width);
        writer.WriteNumber("height", picture.Height);
        writer.WriteString("picture", $"data:image/png;base64,{Convert.ToBase64String(PngEncoder.Encode(picture))}");
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<float> values, int decimals)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteNumberValue(Math.Round((double)value, decimals));
        }

        writer.WriteEndArray();
    }
}
