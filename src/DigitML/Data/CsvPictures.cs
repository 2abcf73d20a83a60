using System.Text;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>Gathers pictures from CSV lines, each checked field by field.</summary>
/// <param name="file">What errors call the file.</param>
/// <param name="pixelsPerImage">Pixels a line, after the label if it has one.</param>
/// <param name="classCount">Labels are 0 to this less one.</param>
internal sealed class CsvPictures(string file, int pixelsPerImage, int classCount)
{
    private const int FirstRoom = 64;
    private const int ShownBytes = 20;

    private byte[] _pixels = [];
    private byte[] _labels = [];
    private int _columns;

    /// <summary>How many there are so far.</summary>
    public int Count { get; private set; }

    /// <summary>[count, pixels].</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels.AsMemory(0, Count * pixelsPerImage);

    /// <summary>[count], or empty when the lines have none.</summary>
    public ReadOnlyMemory<byte> Labels => HasLabels ? _labels.AsMemory(0, Count) : default;

    private bool HasLabels => _columns > pixelsPerImage;

    /// <summary>Adds one line's picture; a heading in the first line and empty lines are passed over.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="number">Its number, from 1.</param>
    /// <exception cref="DigitException">The line is not a picture.</exception>
    public void Add(ReadOnlySpan<byte> line, int number)
    {
        if (number == 1 && line.StartsWith(Encoding.UTF8.Preamble))
        {
            line = line[Encoding.UTF8.Preamble.Length..];
        }

        if (line.Trim(" \t"u8).IsEmpty)
        {
            return;
        }

        if (_columns == 0)
        {
            // The first line, heading or not, settles whether there are labels.
            _columns = CountColumns(line);
            if (_columns != pixelsPerImage && _columns != pixelsPerImage + 1)
            {
                throw new DigitException($"{file}, line {number}: expected {pixelsPerImage + 1} columns (a label and {pixelsPerImage} pixels) or {pixelsPerImage} (pixels alone) but found {_columns}.");
            }

            if (IsHeading(line))
            {
                return;
            }
        }

        MakeRoom(number);
        var target = _pixels.AsSpan(Count * pixelsPerImage, pixelsPerImage);
        var fields = new Fields(line);
        if (HasLabels)
        {
            _labels[Count] = (byte)Read(ref fields, line, number, classCount - 1, "a label");
        }

        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (byte)Read(ref fields, line, number, byte.MaxValue, "a pixel");
        }

        if (!fields.AtEnd)
        {
            throw WrongCount(line, number);
        }

        Count++;
    }

    private static int CountColumns(ReadOnlySpan<byte> line) => line.Count((byte)',') + 1;

    private static bool IsHeading(ReadOnlySpan<byte> line)
    {
        var first = line.TrimStart(" \t\""u8);
        return !first.IsEmpty && char.IsAsciiLetter((char)first[0]);
    }

    private int Read(ref Fields fields, ReadOnlySpan<byte> line, int number, int highest, string what)
    {
        if (fields.AtEnd)
        {
            throw WrongCount(line, number);
        }

        var value = fields.Next();
        if ((uint)value <= (uint)highest)
        {
            return value;
        }

        var text = fields.Current;
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, ShownBytes)]);
        throw new DigitException($"{file}, line {number}, column {fields.Column}: expected {what} from 0 to {highest} but found {(text.IsEmpty ? "nothing" : $"'{shown}'")}.");
    }

    private DigitException WrongCount(ReadOnlySpan<byte> line, int number) =>
        new($"{file}, line {number}: expected {_columns} columns, as in the first line, but found {CountColumns(line)}.");

    private void MakeRoom(int number)
    {
        if (Count * pixelsPerImage < _pixels.Length)
        {
            return;
        }

        var most = Array.MaxLength / pixelsPerImage;
        if (Count == most)
        {
            throw new DigitException($"{file}, line {number}: more than the {most} pictures that are read at once. Split the file.");
        }

        var room = (int)Math.Min(most, Math.Max(FirstRoom, 2L * Count));
        Array.Resize(ref _pixels, room * pixelsPerImage);
        Array.Resize(ref _labels, room);
    }

    /// <summary>A line's fields, one after the other.</summary>
    private ref struct Fields(ReadOnlySpan<byte> line)
    {
        private readonly ReadOnlySpan<byte> _line = line;
        private int _next;

        /// <summary>Whether there is no other field.</summary>
        public readonly bool AtEnd => _next > _line.Length;

        /// <summary>The field last read, without the blanks around it.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Its column, from 1.</summary>
        public int Column { get; private set; }

        /// <summary>Reads the next field.</summary>
        /// <returns>Its number; −1 when it is none of at most nine digits.</returns>
        public int Next()
        {
            const int MostDigits = 9;
            var start = _next;
            var value = 0;
            var i = start;
            for (; i < _line.Length && (uint)(_line[i] - '0') <= 9; i++)
            {
                value = unchecked(10 * value + (_line[i] - '0'));
            }

            Column++;
            if (i > start && i - start <= MostDigits && (i == _line.Length || _line[i] == ','))
            {
                Current = _line[start..i];
                _next = i + 1;
                return value;
            }

            var length = _line[start..].IndexOf((byte)',');
            _next = (length < 0 ? _line.Length : start + length) + 1;
            Current = _line[start..(_next - 1)].Trim(" \t"u8);
            return Current.Length is > 0 and <= MostDigits && int.TryParse(Current, System.Globalization.NumberStyles.None, null, out value) ? value : -1;
        }
    }
}
