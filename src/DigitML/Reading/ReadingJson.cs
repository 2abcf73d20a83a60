using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DigitML.Reading;

/// <summary>
/// Writes readings as JSON, one line each:
/// <c>{ "file", "text", "verdict", "digits": [ { "digit", "probability", "box": { "x", "y", "width", "height" }, "verdict", … } ] }</c>,
/// or <c>{ "file", "error" }</c> for a picture that could not be read.
/// </summary>
public static class ReadingJson
{
    // Paths and messages stay legible; the output is no HTML.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One reading as one line of JSON, without a line feed at its end.</summary>
    /// <param name="file">The picture's name or path, as the caller knows it.</param>
    /// <param name="reading">What was read.</param>
    public static string Write(string file, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return Line(file, writer => WriteContent(writer, reading));
    }

    /// <summary>One failure as one line of JSON, without a line feed at its end.</summary>
    /// <param name="file">The picture's name or path, as the caller knows it.</param>
    /// <param name="error">Why it could not be read.</param>
    public static string WriteError(string file, string error) => Line(file, writer => writer.WriteString("error", error));

    /// <summary>Writes the properties of a reading (all but <c>file</c>) into an object that the caller has begun.</summary>
    /// <param name="writer">Stands inside an object.</param>
    /// <param name="reading">What was read.</param>
    public static void WriteContent(Utf8JsonWriter writer, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(reading);
        writer.WriteString("text", reading.Text);
        writer.WriteString("verdict", reading.Verdict.ToName());
        writer.WriteNumber("width", reading.Width);
        writer.WriteNumber("height", reading.Height);
        writer.WriteStartArray("digits");
        foreach (var digit in reading.Digits)
        {
            WriteDigit(writer, digit);
        }

        writer.WriteEndArray();
    }

    private static void WriteDigit(Utf8JsonWriter writer, ReadDigit digit)
    {
        writer.WriteStartObject();
        writer.WriteNumber("digit", digit.Digit);
        WriteShare(writer, "probability", digit.Probability);
        writer.WriteStartObject("box");
        writer.WriteNumber("x", digit.Box.X);
        writer.WriteNumber("y", digit.Box.Y);
        writer.WriteNumber("width", digit.Box.Width);
        writer.WriteNumber("height", digit.Box.Height);
        writer.WriteEndObject();
        writer.WriteString("verdict", digit.Verdict.ToName());
        writer.WriteNumber("runnerUp", digit.RunnerUp);
        WriteShare(writer, "runnerUpProbability", digit.RunnerUpProbability);
        writer.WriteEndObject();
    }

    // Six decimals: as exact as a float probability is, and no exponents.
    private static void WriteShare(Utf8JsonWriter writer, string name, float value) =>
        writer.WriteNumber(name, Math.Round((double)value, 6));

    private static string Line(string file, Action<Utf8JsonWriter> write)
    {
        ArgumentNullException.ThrowIfNull(file);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("file", file);
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
