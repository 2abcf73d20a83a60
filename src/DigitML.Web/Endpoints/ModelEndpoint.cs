using System.Buffers;
using System.Text.Json;

namespace DigitML.Web.Endpoints;

/// <summary><c>GET /api/model</c>: what the model is, how it did and how it was trained, as its files say; and what the server allows.</summary>
internal sealed class ModelEndpoint
{
    private readonly byte[] _answer;

    /// <summary>Writes the answer once; nothing in it changes while the server runs.</summary>
    public ModelEndpoint(LoadedModel model, WebOptions options) => _answer = Write(model, options);

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = _answer.Length;
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.Body.WriteAsync(_answer, context.RequestAborted).AsTask();
    }

    private static byte[] Write(LoadedModel loaded, WebOptions options)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            var model = loaded.Model;
            writer.WriteStartObject();
            writer.WriteString("hash", model.Hash);
            writer.WriteNumber("parameters", model.ParameterCount);
            writer.WriteStartArray("layers");
            writer.WriteNumberValue(model.InputCount);
            foreach (var layer in model.Layers)
            {
                writer.WriteNumberValue(layer.Outputs);
            }

            writer.WriteEndArray();
            writer.WriteStartObject("metadata");
            foreach (var (key, value) in model.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
            writer.WriteStartObject("limits");
            writer.WriteNumber("bodyBytes", options.MaximumBodyBytes);
            writer.WriteNumber("pixels", options.MaximumPixels);
            writer.WriteEndObject();
            WriteFile(writer, "evaluation", loaded.Evaluation?.ToJson());
            WriteFile(writer, "history", loaded.History?.ToJson());
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteFile(Utf8JsonWriter writer, string name, string? json)
    {
        writer.WritePropertyName(name);
        if (json is null)
        {
            writer.WriteNullValue();
            return;
        }

        using var document = JsonDocument.Parse(json);
        document.WriteTo(writer);
    }
}
