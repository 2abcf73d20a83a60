using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DigitML.Notebooks;

/// <summary>Collects what one cell shows, as nbformat writes it. Everything is bounded; safe to use from many threads.</summary>
internal sealed class CellOutputs
{
    private readonly NotebookOptions _options;
    private readonly Lock _lock = new();
    private readonly List<JsonObject> _outputs = [];
    private readonly StringBuilder _text = new();
    private string? _stream;
    private int _streamCharacters;
    private bool _isCut;
    private bool _isClosed;

    public CellOutputs(NotebookOptions options) => _options = options;

    /// <summary>Text printed to standard output or standard error.</summary>
    public void Print(string stream, string text)
    {
        lock (_lock)
        {
            if (_isClosed || _isCut)
            {
                return;
            }

            if (_stream != stream)
            {
                EndStream();
                _stream = stream;
            }

            var room = _options.MaximumOutputCharacters - _streamCharacters;
            _text.Append(text.AsSpan(0, Math.Min(room, text.Length)));
            _streamCharacters += Math.Min(room, text.Length);
            if (text.Length > room)
            {
                _isCut = true;
                _text.Append(CultureInfo.InvariantCulture, $"\n… cut: a cell keeps {_options.MaximumOutputCharacters} characters of what it prints.\n");
            }
        }
    }

    /// <summary>Something shown: <c>display_data</c>, or <c>execute_result</c> with the cell's number.</summary>
    /// <param name="formats">The value in each MIME type.</param>
    /// <param name="executionCount">The cell's number, when this is its result.</param>
    public void Show(IEnumerable<(string MimeType, string Text)> formats, int? executionCount = null)
    {
        var data = new JsonObject();
        foreach (var (mimeType, text) in formats)
        {
            if (text.Length <= _options.MaximumOutputCharacters)
            {
                data[mimeType] = mimeType == "image/png" ? text : IsJson(mimeType) ? Json(text) : NotebookCell.Lines(text.ReplaceLineEndings("\n"));
            }
            else if (!IsJson(mimeType))
            {
                data[mimeType] = NotebookCell.Lines(Invariant($"… left out: {text.Length} characters of {mimeType}, more than the {_options.MaximumOutputCharacters} that an output keeps."));
            }
        }

        var output = new JsonObject { ["output_type"] = executionCount is null ? "display_data" : "execute_result", ["data"] = data, ["metadata"] = new JsonObject() };
        if (executionCount is { } count)
        {
            output["execution_count"] = count;
        }

        lock (_lock)
        {
            if (_isClosed || _outputs.Count > _options.MaximumOutputs)
            {
                return;
            }

            EndStream();
            _outputs.Add(_outputs.Count < _options.MaximumOutputs
                ? output
                : new JsonObject { ["output_type"] = "stream", ["name"] = "stderr", ["text"] = NotebookCell.Lines(Invariant($"… cut: a cell keeps {_options.MaximumOutputs} outputs.\n")) });
        }
    }

    /// <summary>Ends collecting; what a thread left behind shows later is let go.</summary>
    public IReadOnlyList<JsonObject> Close()
    {
        lock (_lock)
        {
            EndStream();
            _isClosed = true;
            return [.. _outputs];
        }
    }

    // nbformat keeps what is JSON as JSON; a notice in its place would be none.
    private static bool IsJson(string mimeType) => mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal);

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return NotebookCell.Lines(text);
        }
    }

    private void EndStream()
    {
        if (_stream is not null && _text.Length > 0)
        {
            var output = new JsonObject { ["output_type"] = "stream", ["name"] = _stream, ["text"] = NotebookCell.Lines(_text.ToString().ReplaceLineEndings("\n")) };
            if (_outputs.Count <= _options.MaximumOutputs)
            {
                _outputs.Add(output);
            }
        }

        _text.Clear();
        _stream = null;
    }
}

/// <summary>Hands on what a cell prints, from whatever thread.</summary>
internal sealed class CellWriter(Action<string> onText) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => onText(value.ToString());

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            onText(value);
        }
    }

    public override void Write(char[] buffer, int index, int count) => onText(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => onText(buffer.ToString());

    public override void WriteLine(string? value) => onText(value + "\n");

    public override void WriteLine() => onText("\n");
}
