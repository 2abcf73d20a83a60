using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Imaging.Magick;

/// <summary>
/// Samples of 16 bits in TIFF 6.0: the directory is changed to say that each row is grey of one byte a pixel and as many times as wide,
/// so that ImageMagick unpacks the bytes as they are, whatever packs them; put together they are the samples.
/// </summary>
internal static class WideTiff
{
    private const int EntryBytes = 12;
    private const ushort Short = 3;
    private const ushort Long = 4;

    /// <summary>Tags of TIFF 6.0, section 8, and of its extensions.</summary>
    private enum Tag : ushort
    {
        Width = 256,
        Height = 257,
        Bits = 258,
        Compression = 259,
        Photometric = 262,
        Channels = 277,
        Planes = 284,
        Predictor = 317,
        TileWidth = 322,
        ExtraSamples = 338,
        SampleFormat = 339,
    }

    /// <inheritdoc cref="WideSamples.Finder"/>
    /// <exception cref="DigitException">The samples are of 16 bits and laid out in a way that is not known here.</exception>
    public static WideSamples? Find(ReadOnlySpan<byte> file, Func<byte[], byte[]?> read)
    {
        if (file.Length < 8 || !(file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8)))
        {
            return null;
        }

        var directory = new Directory(file.ToArray(), isLittle: file[0] == (byte)'I');
        if (!directory.Find() || directory.Value(Tag.Bits, 1) != 16)
        {
            return null;
        }

        if (directory.Value(Tag.SampleFormat, 1) != 1 || directory.Value(Tag.Planes, 1) != 1 || directory.Has(Tag.TileWidth) || directory.Has(Tag.ExtraSamples) || directory.Value(Tag.Compression, 1) is not (1 or 5 or 8 or 32773 or 32946)
            || (directory.Value(Tag.Channels, 1), directory.Value(Tag.Photometric, 1)) is not ((1, 0 or 1) or (3, 2)))
        {
            throw new DigitException("TIFF of 16 bits a sample uses the lower ones alone, and is tiled, in planes or with alpha, of which only the upper 8 bits are read. Save it as 8 bits a sample, or as PNG.");
        }

        var (width, height, channels) = (directory.Value(Tag.Width, 0), directory.Value(Tag.Height, 0), directory.Value(Tag.Channels, 1));
        var isDifferenced = directory.Value(Tag.Predictor, 1) == 2;
        var isInverted = directory.Value(Tag.Photometric, 1) == 0;
        var row = 2L * width * channels;
        if (row * height is <= 0 or > int.MaxValue || row > ushort.MaxValue)
        {
            return null;
        }

        directory.Set(Tag.Width, (int)row);
        directory.Set(Tag.Bits, 8);
        directory.Set(Tag.SampleFormat, 1);
        directory.Set(Tag.Channels, 1);
        directory.Set(Tag.Photometric, 1);
        directory.Set(Tag.Predictor, 1);
        if (read(directory.File) is not { } bytes || bytes.Length != row * height)
        {
            return null;
        }

        var samples = new ushort[bytes.Length / 2];
        var (perRow, isLittle) = (width * channels, directory.IsLittle);
        for (var i = 0; i < samples.Length; i++)
        {
            var pair = bytes.AsSpan(2 * i);
            var before = isDifferenced && i % perRow >= channels ? samples[i - channels] : 0;
            samples[i] = (ushort)(before + (isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(pair) : BinaryPrimitives.ReadUInt16BigEndian(pair)));
        }

        if (isInverted)
        {
            foreach (ref var sample in samples.AsSpan())
            {
                sample = (ushort)~sample;
            }
        }

        return new WideSamples(samples, channels);
    }

    /// <summary>The first directory of a file, which is a copy.</summary>
    private sealed class Directory(byte[] file, bool isLittle)
    {
        private readonly Dictionary<Tag, int> _places = [];

        public byte[] File => file;

        public bool IsLittle => isLittle;

        /// <summary>Whether it lies in the file.</summary>
        public bool Find()
        {
            var start = Read32(4);
            if (start < 8 || start > file.Length - 2)
            {
                return false;
            }

            var count = Read16((int)start);
            if (start + 2 + (count * EntryBytes) > file.Length)
            {
                return false;
            }

            for (var i = 0; i < count; i++)
            {
                var place = (int)start + 2 + (i * EntryBytes);
                _places[(Tag)Read16(place)] = place;
            }

            return true;
        }

        public bool Has(Tag tag) => _places.ContainsKey(tag);

        /// <summary>An entry's number, or the first of several; −1 when it is none that is read here.</summary>
        public int Value(Tag tag, int otherwise)
        {
            if (!_places.TryGetValue(tag, out var place))
            {
                return otherwise;
            }

            var (type, count) = (Read16(place + 2), Read32(place + 4));
            if (count > 2 && type == Short && Read32(place + 8) is var elsewhere)
            {
                return elsewhere <= file.Length - 2 ? Read16((int)elsewhere) : -1;
            }

            return count == 0 ? -1 : type == Short ? Read16(place + 8) : type == Long && count == 1 && Read32(place + 8) is <= int.MaxValue and var value ? (int)value : -1;
        }

        /// <summary>Makes an entry that is there one number.</summary>
        public void Set(Tag tag, int value)
        {
            if (_places.TryGetValue(tag, out var place))
            {
                Write16(place + 2, Short);
                Write32(place + 4, 1);
                Write32(place + 8, 0);
                Write16(place + 8, (ushort)value);
            }
        }

        private ushort Read16(int at) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at)) : BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at));

        private uint Read32(int at) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));

        private void Write16(int at, ushort value)
        {
            if (isLittle)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at), value);
            }
        }

        private void Write32(int at, uint value)
        {
            if (isLittle)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), value);
            }
        }
    }
}
