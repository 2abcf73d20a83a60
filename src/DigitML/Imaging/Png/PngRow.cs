using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>Turns a PNG's unfiltered rows into grey pixels over white, or into colours with alpha.</summary>
internal sealed class PngRow
{
    // Marks the values that a palette has no colour for.
    private const short Missing = -1;

    private readonly PngHeader _header;
    private readonly PngChunks _chunks;

    // Grey for every value of one sample up to 8 bits; unused by the other kinds.
    private readonly short[] _grey = [];
    private readonly bool _hasKey;
    private readonly int _keyRed;
    private readonly int _keyGreen;
    private readonly int _keyBlue;

    /// <summary>Prepares for one picture.</summary>
    /// <exception cref="DigitException">The transparency chunk does not fit the picture.</exception>
    public PngRow(PngChunks chunks)
    {
        _header = chunks.Header;
        _chunks = chunks;
        Range = _header.Depth == 16 ? new SampleRange(chunks.SignificantBits) : null;
        var transparency = chunks.Transparency.Span;
        if (_header.Color == PngColor.Palette)
        {
            _grey = PaletteGrey(chunks.Palette.Span, transparency);
            return;
        }

        // The specification forbids tRNS beside an alpha channel; as in libpng, the channel holds.
        if (_header.Color is PngColor.Grey or PngColor.Rgb && !transparency.IsEmpty)
        {
            if (transparency.Length != 2 * _header.Samples)
            {
                throw ImageErrors.Damaged("PNG", Invariant($"chunk tRNS has {transparency.Length} bytes; expected {2 * _header.Samples}"));
            }

            _hasKey = true;
            _keyRed = BinaryPrimitives.ReadUInt16BigEndian(transparency);
            if (_header.Color == PngColor.Rgb)
            {
                _keyGreen = BinaryPrimitives.ReadUInt16BigEndian(transparency[2..]);
                _keyBlue = BinaryPrimitives.ReadUInt16BigEndian(transparency[4..]);
            }
        }

        if (_header.Color == PngColor.Grey && _header.Depth <= 8)
        {
            var maximum = (1 << _header.Depth) - 1;
            _grey = new short[maximum + 1];
            for (var value = 0; value <= maximum; value++)
            {
                _grey[value] = (short)(_hasKey && value == _keyRed ? 255 : value * 255 / maximum);
            }
        }
    }

    /// <summary>What part of their 16 bits the samples use that came by so far; null at other depths.</summary>
    public SampleRange? Range { get; }

    /// <summary>Whether pixels are more than grey: coloured, or in part transparent.</summary>
    public bool HasColor => _header.Color != PngColor.Grey || _hasKey;

    /// <summary>Converts one row to grey.</summary>
    /// <param name="row">Packed samples.</param>
    /// <param name="grey">[pixels]; overwritten.</param>
    /// <exception cref="DigitException">A pixel names a colour that the palette lacks.</exception>
    public void ToGrey(ReadOnlySpan<byte> row, Span<byte> grey)
    {
        if (_grey.Length > 0)
        {
            LookUp(row, grey);
            return;
        }

        var wide = _header.Depth == 16;
        if (Range is { IsSettled: false })
        {
            Measure(row, grey.Length, Range);
        }

        switch (_header.Color)
        {
            case PngColor.Rgb when wide:
                Rgb16(row, grey);
                break;
            case PngColor.Rgb:
                Rgb8(row, grey);
                break;
            case PngColor.Rgba when wide:
                for (var x = 0; x < grey.Length; x++)
                {
                    var alpha = Read16(row, (4 * x) + 3);
                    grey[x] = Luma.FromRgb(Over16(Read16(row, 4 * x), alpha), Over16(Read16(row, (4 * x) + 1), alpha), Over16(Read16(row, (4 * x) + 2), alpha));
                }

                break;
            case PngColor.Rgba:
                Rgba8(row, grey);
                break;
            case PngColor.GreyAlpha:
                for (var x = 0; x < grey.Length; x++)
                {
                    grey[x] = (byte)(wide
                        ? Over16(Read16(row, 2 * x), Read16(row, (2 * x) + 1))
                        : Luma.OverWhite(row[2 * x], row[(2 * x) + 1], 255));
                }

                break;
            default:
                for (var x = 0; x < grey.Length; x++)
                {
                    var sample = Read16(row, x);
                    grey[x] = _hasKey && sample == _keyRed ? (byte)255 : (byte)Luma.From16Bits(sample);
                }

                break;
        }
    }

    /// <summary>Converts one row to colours.</summary>
    /// <param name="row">Packed samples.</param>
    /// <param name="rgba">[pixels, 4]: red, green, blue and alpha, 0 transparent to 255 opaque; overwritten.</param>
    /// <param name="scale">How samples of 16 bits become bytes.</param>
    /// <exception cref="DigitException">A pixel names a colour that the palette lacks.</exception>
    public void ToColor(ReadOnlySpan<byte> row, Span<byte> rgba, SampleScale scale)
    {
        var samples = _header.Samples;
        var colors = samples >= 3 ? 3 : 1;
        for (int x = 0, at = 0; at < rgba.Length; x++, at += 4)
        {
            var pixel = rgba.Slice(at, 4);
            if (_header.Color == PngColor.Palette)
            {
                PaletteColor(Read(row, x), pixel);
                continue;
            }

            var isKey = _hasKey;
            for (var color = 0; color < 3; color++)
            {
                var sample = Read(row, (samples * x) + Math.Min(color, colors - 1));
                isKey &= sample == (colors == 1 || color == 0 ? _keyRed : color == 1 ? _keyGreen : _keyBlue);
                pixel[color] = _header.Depth == 16 ? scale.ToByte(sample) : (byte)(sample * 255 / ((1 << _header.Depth) - 1));
            }

            pixel[3] = 255;
            if (_header.Color is PngColor.GreyAlpha or PngColor.Rgba)
            {
                var alpha = Read(row, (samples * x) + samples - 1);
                pixel[3] = _header.Depth == 16 ? scale.AlphaToByte(alpha) : (byte)alpha;
            }
            else if (isKey)
            {
                pixel[3] = 0;
            }
        }
    }

    private void PaletteColor(int value, Span<byte> pixel)
    {
        var palette = _chunks.Palette.Span;
        if (3 * value >= palette.Length)
        {
            throw BeyondPalette();
        }

        palette.Slice(3 * value, 3).CopyTo(pixel);
        var transparency = _chunks.Transparency.Span;
        pixel[3] = value < transparency.Length ? transparency[value] : (byte)255;
    }

    /// <summary>Adds a row of 16 bits to what is known of their range. What is wholly transparent shows no colour.</summary>
    private void Measure(ReadOnlySpan<byte> row, int pixels, SampleRange range)
    {
        var samples = _header.Samples;
        var hasAlpha = _header.Color is PngColor.GreyAlpha or PngColor.Rgba;
        var colors = hasAlpha ? samples - 1 : samples;
        for (var x = 0; x < pixels; x++)
        {
            var alpha = hasAlpha ? Read16(row, (samples * x) + colors) : 1;
            if (alpha == 0)
            {
                continue;
            }

            if (hasAlpha)
            {
                range.AddAlpha(alpha);
            }

            for (var color = 0; color < colors; color++)
            {
                range.Add(Read16(row, (samples * x) + color));
            }
        }
    }

    private int Read(ReadOnlySpan<byte> row, int sample)
    {
        var depth = _header.Depth;
        if (depth == 16)
        {
            return Read16(row, sample);
        }

        var bit = (long)sample * depth;
        return (row[(int)(bit >> 3)] >> (8 - depth - (int)(bit & 7))) & ((1 << depth) - 1);
    }

    private static int Read16(ReadOnlySpan<byte> row, int sample) => (row[2 * sample] << 8) | row[(2 * sample) + 1];

    private static int Over16(int sample, int alpha) => Luma.From16Bits(Luma.OverWhite(sample, alpha, 65_535));

    private static short[] PaletteGrey(ReadOnlySpan<byte> palette, ReadOnlySpan<byte> transparency)
    {
        var colors = palette.Length / 3;
        if (transparency.Length > colors)
        {
            throw ImageErrors.Damaged("PNG", Invariant($"chunk tRNS has {transparency.Length} entries; expected at most the palette's {colors}"));
        }

        var grey = new short[256];
        grey.AsSpan(colors).Fill(Missing);
        for (var i = 0; i < colors; i++)
        {
            var alpha = i < transparency.Length ? transparency[i] : 255;
            grey[i] = Luma.FromRgb(
                Luma.OverWhite(palette[3 * i], alpha, 255),
                Luma.OverWhite(palette[(3 * i) + 1], alpha, 255),
                Luma.OverWhite(palette[(3 * i) + 2], alpha, 255));
        }

        return grey;
    }

    private void LookUp(ReadOnlySpan<byte> row, Span<byte> grey)
    {
        var table = _grey;
        var depth = _header.Depth;
        var mask = (1 << depth) - 1;
        var any = 0;
        for (var x = 0; x < grey.Length; x++)
        {
            var bit = (long)x * depth;
            var value = (row[(int)(bit >> 3)] >> (8 - depth - (int)(bit & 7))) & mask;
            var found = table[value];
            any = Math.Min(any, found);
            grey[x] = (byte)found;
        }

        if (any < 0)
        {
            throw BeyondPalette();
        }
    }

    private static DigitException BeyondPalette() => ImageErrors.Damaged("PNG", "pixel names a colour beyond the end of the palette");

    private void Rgb8(ReadOnlySpan<byte> row, Span<byte> grey)
    {
        for (var x = 0; x < grey.Length; x++)
        {
            var pixel = row.Slice(3 * x, 3);
            grey[x] = _hasKey && pixel[0] == _keyRed && pixel[1] == _keyGreen && pixel[2] == _keyBlue
                ? (byte)255
                : Luma.FromRgb(pixel[0], pixel[1], pixel[2]);
        }
    }

    private void Rgb16(ReadOnlySpan<byte> row, Span<byte> grey)
    {
        for (var x = 0; x < grey.Length; x++)
        {
            var red = Read16(row, 3 * x);
            var green = Read16(row, (3 * x) + 1);
            var blue = Read16(row, (3 * x) + 2);
            grey[x] = _hasKey && red == _keyRed && green == _keyGreen && blue == _keyBlue
                ? (byte)255
                : Luma.FromRgb(Luma.From16Bits(red), Luma.From16Bits(green), Luma.From16Bits(blue));
        }
    }

    private static void Rgba8(ReadOnlySpan<byte> row, Span<byte> grey)
    {
        for (var x = 0; x < grey.Length; x++)
        {
            grey[x] = Luma.OverWhite(row.Slice(4 * x, 4));
        }
    }
}
