using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace DigitML.Web.Http;

/// <summary>
/// Pictures as text, as a canvas gives them: <c>data:image/png;base64,…</c> (RFC 2397), bare, as a field of a form or in JSON. What arrives is
/// decoded where it lies: it only gets shorter, so the body's limit holds for the picture too and no memory is taken.
/// </summary>
internal static class DataUrl
{
    private const string Expected = "Expected a data URL as canvas.toDataURL() gives it, data:image/png;base64,…,";

    private const string ExpectedJson = """Expected JSON as {"image": "data:image/png;base64,…"}""";

    private static readonly JsonReaderOptions s_json = new() { MaxDepth = 16 };

    /// <summary>Makes a body that is text the picture that it stands for; leaves any other body alone.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="isForm">Whether it is a form in one line (<c>application/x-www-form-urlencoded</c>).</param>
    /// <exception cref="BadHttpRequestException">400: it is a data URL, or JSON, in which there is no picture.</exception>
    public static void Unwrap(Upload body, bool isForm)
    {
        var start = Start(body.Bytes);
        var text = body.Bytes[start..];
        if (text.StartsWith("{"u8) || text.StartsWith("[{"u8) || text.StartsWith("\"data:"u8))
        {
            var (from, length) = InJson(text);
            body.Keep(start + from, length);
        }
        else if (isForm && text.StartsWith("image="u8))
        {
            var value = text["image="u8.Length..];
            var end = value.IndexOf((byte)'&');
            body.Keep(start + "image="u8.Length, WithoutPercents(value[..(end < 0 ? value.Length : end)]));
            if (!Is(body))
            {
                throw new BadHttpRequestException($"{Expected} in the form's field image but found other text.");
            }
        }

        TryDecode(body);
    }

    /// <summary>Decodes a body that begins as a data URL does.</summary>
    /// <returns>Whether it does.</returns>
    /// <exception cref="BadHttpRequestException">400: it is damaged.</exception>
    public static bool TryDecode(Upload body)
    {
        if (!Is(body))
        {
            return false;
        }

        var start = Start(body.Bytes);
        var url = body.Bytes[start..];
        var comma = url.IndexOf((byte)',');
        if (comma < 0)
        {
            throw new BadHttpRequestException($"{Expected} but it has no comma, so no picture.");
        }

        if (!EndsWithIgnoringCase(url[..comma].TrimEnd((byte)' '), ";base64"u8))
        {
            throw new BadHttpRequestException($"{Expected} but its part before the comma does not end in ;base64.");
        }

        var data = url[(comma + 1)..];
        data = data[..WithoutPercents(data)];
        if (Base64.DecodeFromUtf8InPlace(data, out var length) != OperationStatus.Done)
        {
            throw new BadHttpRequestException($"{Expected} but what follows the comma is no base64: it is damaged or cut short.");
        }

        if (length == 0)
        {
            throw new BadHttpRequestException($"{Expected} but nothing follows the comma: the canvas has no size.");
        }

        body.Keep(start + comma + 1, length);
        return true;
    }

    private static bool Is(Upload body)
    {
        var text = body.Bytes[Start(body.Bytes)..];
        return text.Length >= 5 && EndsWithIgnoringCase(text[..5], "data:"u8);
    }

    private static bool EndsWithIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> end) =>
        text.Length >= end.Length && Ascii.EqualsIgnoreCase(text[^end.Length..], end);

    /// <summary>Where text begins: behind a byte order mark and white space.</summary>
    private static int Start(ReadOnlySpan<byte> text)
    {
        var mark = text.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? 3 : 0;
        var first = text[mark..].IndexOfAnyExcept(" \t\r\n"u8);
        return first < 0 ? 0 : mark + first;
    }

    /// <summary>Where in JSON the data URL stands, its escapes taken out: the text itself, or the member <c>image</c> of the object.</summary>
    private static (int From, int Length) InJson(Span<byte> text)
    {
        var reader = new Utf8JsonReader(text, s_json);
        var found = (From: -1, Length: 0);
        try
        {
            // To the end even when it is found: half a document is none.
            while (reader.Read())
            {
                var isImage = reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("image"u8) && reader.Read();
                if (reader.TokenType == JsonTokenType.String && (isImage || reader.CurrentDepth == 0))
                {
                    found = ((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                }
            }
        }
        catch (JsonException error)
        {
            throw new BadHttpRequestException(FormattableString.Invariant($"{ExpectedJson} but it is no JSON at byte {error.BytePositionInLine ?? 0} of line {(error.LineNumber ?? 0) + 1}."));
        }

        if (found.From < 0)
        {
            throw new BadHttpRequestException($"{ExpectedJson} but it has no member \"image\" that is text.");
        }

        var value = text.Slice(found.From, found.Length);
        var length = WithoutEscapes(value);
        return value.StartsWith("data:"u8)
            ? (found.From, length)
            : throw new BadHttpRequestException($"{ExpectedJson} but its image is other text than a data URL.");
    }

    /// <summary>Takes the escapes of JSON out of text in place; many writers escape + and /. Escapes of what no data URL holds stay.</summary>
    /// <returns>The length that is left.</returns>
    private static int WithoutEscapes(Span<byte> text) => Replace(text, (byte)'\\', static (ReadOnlySpan<byte> rest, out int used) =>
    {
        used = 2;
        if (rest.Length >= 2 && rest[1] == '/')
        {
            return (byte)'/';
        }

        used = 6;
        return rest.Length >= 6 && rest[1] == 'u' && rest[2] == '0' && rest[3] == '0' ? Hexadecimal(rest.Slice(4, 2)) : -1;
    });

    /// <summary>Takes the escapes of URLs out of text in place.</summary>
    /// <returns>The length that is left.</returns>
    private static int WithoutPercents(Span<byte> text) => Replace(text, (byte)'%', static (ReadOnlySpan<byte> rest, out int used) =>
    {
        used = 3;
        return rest.Length >= 3 ? Hexadecimal(rest.Slice(1, 2)) : -1;
    });

    private static int Replace(Span<byte> text, byte escape, Escaped escaped)
    {
        var to = text.IndexOf(escape);
        if (to < 0)
        {
            return text.Length;
        }

        for (var from = to; from < text.Length; to++)
        {
            var used = 1;
            var value = text[from] == escape ? escaped(text[from..], out used) : -1;
            text[to] = value < 0 ? text[from] : (byte)value;
            from += value < 0 ? 1 : used;
        }

        return to;
    }

    private static int Hexadecimal(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out byte value, out var used, 'X') && used == digits.Length ? value : -1;

    /// <summary>What an escape at the beginning of some text stands for, below 0 when it is none; and how long it is.</summary>
    private delegate int Escaped(ReadOnlySpan<byte> rest, out int used);
}
