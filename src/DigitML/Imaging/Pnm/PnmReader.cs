namespace DigitML.Imaging;

/// <summary>Reads the words of a PNM file: numbers with white space and comments between them.</summary>
internal ref struct PnmReader
{
    private readonly ReadOnlySpan<byte> _file;
    private int _at;

    /// <summary>Starts after the two letters of the kind.</summary>
    public PnmReader(ReadOnlySpan<byte> file)
    {
        _file = file;
        _at = 2;
    }

    /// <summary>What follows what was read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _file[_at..];

    /// <summary>The next number.</summary>
    /// <param name="what">What it is, for messages: <c>width</c>.</param>
    /// <exception cref="DigitException">There is none, or one above a billion.</exception>
    public int Number(string what)
    {
        SkipSpace(what);
        var number = 0L;
        var start = _at;
        for (; _at < _file.Length && char.IsAsciiDigit((char)_file[_at]); _at++)
        {
            number = (number * 10) + (_file[_at] - '0');
            if (number > 1_000_000_000)
            {
                throw ImageErrors.Damaged("PNM", $"{what} is above 1,000,000,000");
            }
        }

        return _at > start ? (int)number : throw Unexpected(what);
    }

    /// <summary>The next 0 or 1, which needs no space around it.</summary>
    /// <exception cref="DigitException">There is none.</exception>
    public int Bit()
    {
        SkipSpace("pixel");
        return _file[_at] is (byte)'0' or (byte)'1' ? _file[_at++] - '0' : throw Unexpected("pixel");
    }

    /// <summary>Passes the one white space that stands between header and packed pixels.</summary>
    /// <exception cref="DigitException">Something else stands there.</exception>
    public void EndHeader()
    {
        if (_at >= _file.Length)
        {
            throw ImageErrors.CutShort("PNM", "after its header");
        }

        if (!IsSpace(_file[_at++]))
        {
            throw ImageErrors.Damaged("PNM", "header is not followed by white space");
        }
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);

    private void SkipSpace(string what)
    {
        while (_at < _file.Length)
        {
            if (_file[_at] == '#')
            {
                var comment = _file[_at..].IndexOfAny((byte)'\n', (byte)'\r');
                _at = comment < 0 ? _file.Length : _at + comment;
            }
            else if (IsSpace(_file[_at]))
            {
                _at++;
            }
            else
            {
                return;
            }
        }

        throw ImageErrors.CutShort("PNM", $"before its {what}");
    }

    private readonly DigitException Unexpected(string what) =>
        ImageErrors.Damaged("PNM", $"has the byte 0x{_file[_at]:X2} at {_at}; expected a {what}");
}
