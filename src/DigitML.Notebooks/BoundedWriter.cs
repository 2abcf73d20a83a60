using System.Text;

namespace DigitML.Notebooks;

/// <summary>Takes what a cell prints, up to a limit; writers may come from any thread, and late ones are let go.</summary>
internal sealed class BoundedWriter(Action<string> onText) : TextWriter
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
