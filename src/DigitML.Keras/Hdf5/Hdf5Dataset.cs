using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace DigitML.Keras.Hdf5;

/// <summary>The numbers of a dataset.</summary>
internal sealed class Hdf5Dataset(Hdf5File file)
{
    private const int Deflate = 1;
    private const int Shuffle = 2;
    private const int Fletcher32 = 3;
    private const int DeepestTree = 16;

    // zlib's documentation gives 1032:1 as the most that deflate can make of a byte.
    private const int HighestRatio = 1032;

    private readonly List<int> _filters = [];
    private Hdf5Type? _type;
    private long[]? _sizes;
    private bool _isComplete = true;
    private bool _isElsewhere;
    private (Layout Layout, ulong Address, long Length, long[] Chunk) _data;

    private enum Layout
    {
        None,
        InFile,
        Chunked,
        NotRead,
    }

    /// <summary>The shape; empty for one number.</summary>
    public IReadOnlyList<long> Sizes => _sizes ?? [];

    /// <summary>Takes a message of the object's header.</summary>
    /// <param name="type">Dataspace, datatype, external files, layout or filters.</param>
    /// <param name="isShared">Whether its content lies elsewhere.</param>
    /// <param name="cursor">The message.</param>
    /// <param name="address">Where the message lies.</param>
    public void Read(int type, bool isShared, ref Hdf5Cursor cursor, ulong address)
    {
        if (isShared)
        {
            _isComplete = false;
            return;
        }

        switch (type)
        {
            case 0x01:
                _sizes = Hdf5Space.Read(ref cursor);
                break;
            case 0x03:
                _type = Hdf5Type.Read(ref cursor);
                break;
            case 0x07:
                _isElsewhere = true;
                break;
            case 0x08:
                ReadLayout(ref cursor, address);
                break;
            case 0x0B:
                ReadFilters(ref cursor);
                break;
        }
    }

    /// <summary>The numbers in row-major order, as float32.</summary>
    /// <param name="what">What they are, for errors: <c>kernel of layer 'dense'</c>.</param>
    /// <param name="isBFloat16">Whether opaque elements of two bytes are bfloat16.</param>
    /// <exception cref="KerasFormatException">They are no floats, lie elsewhere or are not all there.</exception>
    public float[] Singles(string what, bool isBFloat16)
    {
        KerasFormatException.Require(!_isElsewhere, $"{what} lies in another file, which is not opened; save the model in one file");
        KerasFormatException.Require(_isComplete && _data.Layout != Layout.NotRead, $"{what} is stored in a way of HDF5 that is not read; save it with h5py's defaults");
        if (_type is not { } type || _sizes is null || _data.Layout == Layout.None)
        {
            throw KerasFormatException.Damaged(what);
        }

        var kind = type.Kind == Hdf5Kind.Opaque && type.Size == 2 && isBFloat16 ? Hdf5Kind.BFloat16 : type.Kind;
        KerasFormatException.Require(kind is Hdf5Kind.Half or Hdf5Kind.BFloat16 or Hdf5Kind.Single or Hdf5Kind.Double, $"expected {what} to be float16, float32 or float64, little-endian, but it is {type.Shown}; save the model with float weights");

        var count = Hdf5Space.Count(_sizes);
        var bytes = count <= int.MaxValue / type.Size ? count * type.Size : throw KerasFormatException.Damaged(what);
        if (_data.Layout == Layout.InFile)
        {
            KerasFormatException.Require(_filters.Count == 0, $"{what} is filtered without chunks; save it with h5py's defaults");
            if (_data.Length != bytes)
            {
                throw KerasFormatException.Damaged(what);
            }

            file.Copying(bytes);
            return Convert(file.Part(_data.Address, bytes, what), kind);
        }

        return Convert(Gather(bytes, type.Size, what), kind);
    }

    private static float[] Convert(ReadOnlySpan<byte> bytes, Hdf5Kind kind)
    {
        switch (kind)
        {
            case Hdf5Kind.Single:
                var singles = new float[bytes.Length / 4];
                if (BitConverter.IsLittleEndian)
                {
                    bytes.CopyTo(MemoryMarshal.AsBytes(singles.AsSpan()));
                    return singles;
                }

                for (var i = 0; i < singles.Length; i++)
                {
                    singles[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                }

                return singles;
            case Hdf5Kind.Double:
                var doubles = new float[bytes.Length / 8];
                for (var i = 0; i < doubles.Length; i++)
                {
                    doubles[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                }

                return doubles;
            default:
                var halves = new float[bytes.Length / 2];
                for (var i = 0; i < halves.Length; i++)
                {
                    var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
                    halves[i] = kind == Hdf5Kind.Half ? (float)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);
                }

                return halves;
        }
    }

    private void ReadLayout(ref Hdf5Cursor cursor, ulong address)
    {
        var version = cursor.Byte();
        var layout = cursor.Byte();
        switch (version, layout)
        {
            case (3 or 4, 0):
                int size = cursor.UInt16();
                _data = (Layout.InFile, address + (ulong)cursor.Position, size, []);
                break;
            case (3 or 4, 1):
                var (at, length) = (cursor.UInt64(), cursor.UInt64());
                _data = (Layout.InFile, at, length <= int.MaxValue ? (long)length : -1, []);
                break;
            case (3, 2):
                int rank = cursor.Byte();
                var index = cursor.UInt64();
                var chunk = new long[rank];
                for (var i = 0; i < rank; i++)
                {
                    chunk[i] = cursor.UInt32();
                }

                _data = (Layout.Chunked, index, 0, chunk);
                break;
            default:
                _data = (Layout.NotRead, 0, 0, []);
                break;
        }
    }

    private void ReadFilters(ref Hdf5Cursor cursor)
    {
        var version = cursor.Byte();
        int count = cursor.Byte();
        cursor.Skip(version == 1 ? 6 : 0);
        for (var i = 0; i < count; i++)
        {
            int id = cursor.UInt16();
            int nameLength = version == 1 || id >= 256 ? cursor.UInt16() : 0;
            cursor.Skip(2);
            int values = cursor.UInt16();
            cursor.Skip(nameLength);
            cursor.Skip(4 * values);
            cursor.Skip(version == 1 && values % 2 == 1 ? 4 : 0);
            _filters.Add(id);
        }
    }

    private byte[] Gather(long bytes, int elementSize, string what)
    {
        var sizes = _sizes!;
        var chunk = _data.Chunk;
        if (chunk.Length != sizes.Length + 1 || sizes.Length == 0 || chunk[^1] != elementSize || chunk.Any(size => size is 0 or > int.MaxValue))
        {
            throw KerasFormatException.Damaged(what);
        }

        KerasFormatException.Require(_filters.All(filter => filter is Deflate or Shuffle or Fletcher32), $"{what} is packed by a filter other than gzip; save it with h5py's defaults");

        // Chunks may reach beyond the edges, but hold in all not much more than the numbers themselves, and the file must be able to have packed them.
        var chunkBytes = Hdf5Space.Count(chunk);
        if (chunkBytes > (2 * bytes) + (1 << 16) || bytes > (file.Length * HighestRatio))
        {
            throw KerasFormatException.Damaged(what);
        }

        var grid = sizes.Zip(chunk).Aggregate(1L, (product, pair) => product * ((pair.First + pair.Second - 1) / pair.Second));
        var gathered = new byte[bytes];
        var chunks = new ChunkReader(file, sizes, chunk, _filters, gathered, what);
        if (bytes > 0)
        {
            chunks.Visit(_data.Address, depth: 0);
        }

        return chunks.Count == grid || bytes == 0 ? gathered : throw KerasFormatException.Damaged($"parts of {what} are missing");
    }

    /// <summary>Finds the chunks in their B-tree, unpacks them and puts each in its place.</summary>
    private sealed class ChunkReader(Hdf5File file, long[] sizes, long[] chunk, List<int> filters, byte[] gathered, string what)
    {
        private readonly HashSet<long> _seen = [];
        private byte[]? _unpacked;
        private byte[]? _shuffled;

        /// <summary>Chunks that were found, each once.</summary>
        public long Count => _seen.Count;

        public void Visit(ulong address, int depth)
        {
            file.Step();
            var cursor = new Hdf5Cursor(file.Part(address, null, what), what);
            cursor.Expect("TREE"u8);
            var type = cursor.Byte();
            var level = cursor.Byte();
            int children = cursor.UInt16();
            cursor.Skip(2 * 8);
            if (type != 1 || depth > DeepestTree)
            {
                throw KerasFormatException.Damaged(what);
            }

            Span<long> offsets = stackalloc long[sizes.Length];
            for (var i = 0; i < children; i++)
            {
                file.Step();
                var (size, mask) = (cursor.UInt32(), cursor.UInt32());
                for (var d = 0; d < offsets.Length; d++)
                {
                    var offset = cursor.UInt64();
                    offsets[d] = level > 0 || offset < (ulong)sizes[d] ? (long)offset : throw KerasFormatException.Damaged(what);
                }

                cursor.Skip(8);
                var child = cursor.UInt64();
                if (level > 0)
                {
                    Visit(child, depth + 1);
                }
                else
                {
                    Place(file.Part(child, size, what), mask, offsets);
                }
            }
        }

        private void Place(ReadOnlySpan<byte> packed, uint mask, ReadOnlySpan<long> offsets)
        {
            var number = 0L;
            for (var d = 0; d < sizes.Length; d++)
            {
                number = (number * sizes[d]) + offsets[d];
                if (offsets[d] % chunk[d] != 0)
                {
                    throw KerasFormatException.Damaged(what);
                }
            }

            if (!_seen.Add(number))
            {
                throw KerasFormatException.Damaged($"a part of {what} is there twice");
            }

            CopyRows(Unpack(packed, mask), offsets, dimension: 0, from: 0, to: 0);
        }

        private ReadOnlySpan<byte> Unpack(ReadOnlySpan<byte> packed, uint mask)
        {
            var length = (int)Hdf5Space.Count(chunk);
            for (var i = filters.Count - 1; i >= 0; i--)
            {
                if ((mask & (1u << i)) != 0)
                {
                    continue;
                }

                packed = filters[i] switch
                {
                    Deflate => Inflate(packed, length),
                    Shuffle => Unshuffle(packed, (int)chunk[^1]),
                    _ => packed.Length >= 4 ? packed[..^4] : throw KerasFormatException.Damaged(what),
                };
            }

            return packed.Length == length ? packed : throw KerasFormatException.Damaged(what);
        }

        private ReadOnlySpan<byte> Inflate(ReadOnlySpan<byte> packed, int length)
        {
            // A checksum of four bytes may follow what was packed.
            _unpacked ??= new byte[length + 4];
            try
            {
                using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
                var read = stream.ReadAtLeast(_unpacked, _unpacked.Length, throwOnEndOfStream: false);
                return _unpacked.AsSpan(0, read);
            }
            catch (InvalidDataException error)
            {
                throw new KerasFormatException($"{what} cannot be unpacked; save or copy the file again", error);
            }
        }

        // All first bytes come first, then all second ones, and so on; bytes that make no whole element stay at the end.
        private ReadOnlySpan<byte> Unshuffle(ReadOnlySpan<byte> shuffled, int elementSize)
        {
            if (_shuffled is null || _shuffled.Length < shuffled.Length)
            {
                _shuffled = new byte[shuffled.Length];
            }

            var result = _shuffled.AsSpan(0, shuffled.Length);
            var count = shuffled.Length / elementSize;
            for (var part = 0; part < elementSize; part++)
            {
                for (var i = 0; i < count; i++)
                {
                    result[(i * elementSize) + part] = shuffled[(part * count) + i];
                }
            }

            shuffled[(count * elementSize)..].CopyTo(result[(count * elementSize)..]);
            return result;
        }

        private void CopyRows(ReadOnlySpan<byte> source, ReadOnlySpan<long> offsets, int dimension, long from, long to)
        {
            var count = Math.Min(chunk[dimension], sizes[dimension] - offsets[dimension]);
            var elementSize = chunk[^1];
            if (dimension == sizes.Length - 1)
            {
                source.Slice((int)(from * chunk[dimension] * elementSize), (int)(count * elementSize))
                    .CopyTo(gathered.AsSpan((int)(((to * sizes[dimension]) + offsets[dimension]) * elementSize)));
                return;
            }

            for (var i = 0L; i < count; i++)
            {
                CopyRows(source, offsets, dimension + 1, (from * chunk[dimension]) + i, (to * sizes[dimension]) + offsets[dimension] + i);
            }
        }
    }
}
