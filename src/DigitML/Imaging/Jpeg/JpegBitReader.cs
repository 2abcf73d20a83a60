using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>
/// The bits of one scan, most significant first, stuffed zeros taken out. At a marker or the file's end it gives zeros on
/// and on, and <see cref="CheckEnd"/> tells afterwards whether any of them were used; so the hot loops need not ask.
/// </summary>
internal ref struct JpegBitReader
{
    /// <summary>At most so many bits may be taken after one <see cref="Fill"/>: a code of 16 and a value of 15, and one to spare.</summary>
    public const int Guaranteed = 32;

    private readonly ReadOnlySpan<byte> _file;
    private int _position;
    private int _padding;

    /// <summary>Begins at a scan's first byte.</summary>
    public JpegBitReader(ReadOnlySpan<byte> file, int position)
    {
        _file = file;
        _position = position;
    }

    /// <summary>The next bits, left-aligned; zeros behind them.</summary>
    public ulong Bits { readonly get; set; }

    /// <summary>How many bits there are.</summary>
    public int Count { readonly get; set; }

    /// <summary>At the latest where the next marker begins.</summary>
    public readonly int Position => _position;

    /// <summary>Makes sure of <see cref="Guaranteed"/> bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        if (Count < Guaranteed)
        {
            FillMore();
        }
    }

    /// <summary>Takes bits.</summary>
    /// <param name="count">0 to 16.</param>
    public int Read(int count)
    {
        Fill();
        var value = (int)(Bits >> 32 >> (32 - count));
        Bits <<= count;
        Count -= count;
        return value;
    }

    /// <summary>Takes one bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadBit()
    {
        Fill();
        var set = (long)Bits < 0;
        Bits <<= 1;
        Count--;
        return set;
    }

    /// <summary>Throws when more bits were taken than the scan has.</summary>
    /// <param name="row">The row of pixels that was being read.</param>
    /// <exception cref="DigitException">So it was.</exception>
    public readonly void CheckEnd(int row)
    {
        if (Count < _padding)
        {
            throw _position >= _file.Length - 1
                ? ImageErrors.CutShort("JPEG", Invariant($"inside the pixels of row {row}"))
                : ImageErrors.Damaged("JPEG", Invariant($"has the marker 0x{_file[_position + 1]:X2} at byte {_position}, inside the pixels of row {row}"));
        }
    }

    /// <summary>Drops what is left of an interval and passes the restart marker behind it.</summary>
    /// <param name="number">The marker's number, 0 to 7.</param>
    /// <param name="row">The row of pixels that was being read.</param>
    /// <exception cref="DigitException">Another marker stands there, or none.</exception>
    public void Restart(int number, int row)
    {
        CheckEnd(row);
        var next = NextMarker(_file, _position);
        if (next < 0)
        {
            throw ImageErrors.CutShort("JPEG", Invariant($"inside the pixels of row {row}"));
        }

        var found = _file[next + 1];
        if (found != JpegMarker.FirstRestart + number)
        {
            throw ImageErrors.Damaged("JPEG", Invariant($"has the marker 0x{found:X2} at byte {next}, at row {row}; expected the restart marker 0x{JpegMarker.FirstRestart + number:X2}"));
        }

        _position = next + 2;
        _padding = 0;
        Bits = 0;
        Count = 0;
    }

    /// <summary>Where the next marker's 0xFF stands (the last of several); −1 when there is none.</summary>
    public static int NextMarker(ReadOnlySpan<byte> file, int position)
    {
        while (true)
        {
            var offset = file[position..].IndexOf((byte)0xFF);
            position += offset;
            if (offset < 0 || position + 1 >= file.Length)
            {
                return -1;
            }

            if (file[position + 1] is not (0 or 0xFF))
            {
                return position;
            }

            position++;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillMore()
    {
        if (_position <= _file.Length - 4)
        {
            var word = BinaryPrimitives.ReadUInt32BigEndian(_file[_position..]);

            // No byte is 0xFF: its complement has no zero byte.
            if (((~word - 0x0101_0101) & word & 0x8080_8080) == 0)
            {
                Bits |= (ulong)word << (32 - Count);
                Count += 32;
                _position += 4;
                return;
            }
        }

        while (Count <= 56)
        {
            Bits |= (ulong)NextByte() << (56 - Count);
            Count += 8;
        }
    }

    private byte NextByte()
    {
        while (_position < _file.Length)
        {
            var value = _file[_position];
            if (value != 0xFF)
            {
                _position++;
                return value;
            }

            var next = _position + 1 < _file.Length ? _file[_position + 1] : JpegMarker.End;
            if (next == 0)
            {
                _position += 2;
                return value;
            }

            // 0xFF may be repeated before a marker; anything else is one, and the scan's end.
            if (next != 0xFF)
            {
                break;
            }

            _position++;
        }

        _padding += 8;
        return 0;
    }
}
