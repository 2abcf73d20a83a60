using DigitML.IO;

namespace DigitML.Data;

/// <summary>Cuts content into lines without making strings of them.</summary>
/// <param name="content">Read to its end.</param>
internal sealed class CsvLines(ContentFile content)
{
    private const int BlockBytes = 1 << 16;
    private const int LongestLine = 1 << 27;

    private byte[] _buffer = new byte[BlockBytes];
    private int _start;
    private int _end;
    private bool _isOver;

    /// <summary>The current line's number, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Goes to the next line.</summary>
    /// <param name="line">The line without its end; valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="DigitException">A line is absurdly long, or the content cannot be read.</exception>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest[searched..].IndexOf((byte)'\n');
            if (length >= 0 || _isOver)
            {
                var isLast = length < 0;
                line = isLast ? rest : rest[..(searched + length)];
                _start += isLast ? rest.Length : line.Length + 1;
                line = line.TrimEnd((byte)'\r');
                Number++;
                return !isLast || rest.Length > 0;
            }

            searched = rest.Length;
            Fill();
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            if (_end >= LongestLine)
            {
                throw new DigitException($"{content.Name}: line {Number + 1} is longer than {LongestLine} bytes. Is it a CSV file?");
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var wanted = _buffer.Length - _end;
        var read = content.Read(_buffer.AsSpan(_end, wanted));
        _isOver = read < wanted;
        _end += read;
    }
}
