using System.Buffers.Binary;
using System.Text;

namespace DigitML.Keras.Hdf5;

/// <summary>
/// The groups, attributes and numbers of an HDF5 file that lies in memory, as far as h5py writes them for Keras: superblocks 0 to 3,
/// object headers of both versions, groups by symbol table or by links in the header, attributes in the header, text of fixed and
/// of variable length, datasets that are compact, contiguous or in chunks indexed by the first B-tree.
/// </summary>
/// <remarks>
/// <para>
/// Nothing in a file is trusted. All that is read lies inside the file's bytes; each structure visited counts against a budget that grows
/// with the file, which ends cycles; what is copied counts against another. Links to other names and other files, data in other files,
/// and virtual datasets are not followed: no file but the one given is ever opened.
/// </para>
/// <para>
/// What HDF5 has beside that (links and attributes in fractal heaps, shared messages, other chunk indexes) is refused by name: the HDF5
/// File Format Specification, version 3.0, says what the structures are.
/// </para>
/// </remarks>
internal sealed class Hdf5File
{
    private const ulong Undefined = ulong.MaxValue;

    private readonly byte[] _bytes;
    private readonly Dictionary<ulong, Hdf5Object> _objects = [];
    private readonly long _maximumSteps;
    private readonly ulong _rootAddress;
    private long _steps;
    private long _copied;

    /// <summary>Reads a file's superblock.</summary>
    /// <param name="bytes">All of the file; not copied, so it must not change.</param>
    /// <exception cref="KerasFormatException">It is no HDF5 file, or one of a kind that is not read.</exception>
    public Hdf5File(byte[] bytes)
    {
        _bytes = bytes;
        // A structure takes at least four bytes, and each is visited once or twice.
        _maximumSteps = 256 + bytes.LongLength;
        KerasFormatException.Require(IsHdf5(bytes), "expected an HDF5 file but it is something else");
        var cursor = new Hdf5Cursor(bytes.AsSpan(Signature.Length), "its superblock");
        var version = cursor.Byte();
        int offsets, lengths;
        ulong baseAddress, end;
        switch (version)
        {
            case 0 or 1:
                cursor.Skip(4);
                (offsets, lengths) = (cursor.Byte(), cursor.Byte());
                cursor.Skip(version == 0 ? 9 : 13);
                baseAddress = cursor.UInt64();
                cursor.Skip(8);
                end = cursor.UInt64();
                cursor.Skip(2 * 8);
                _rootAddress = cursor.UInt64();
                break;
            case 2 or 3:
                (offsets, lengths) = (cursor.Byte(), cursor.Byte());
                cursor.Skip(1);
                baseAddress = cursor.UInt64();
                cursor.Skip(8);
                end = cursor.UInt64();
                _rootAddress = cursor.UInt64();
                break;
            default:
                throw new KerasFormatException(Invariant($"expected an HDF5 superblock of version 0 to 3 but it has {version}; save it with h5py's defaults"));
        }

        KerasFormatException.Require(offsets == 8 && lengths == 8 && baseAddress == 0, "it is an HDF5 file of an unusual layout (addresses not of 8 bytes, or content before it); save it with h5py's defaults");
        KerasFormatException.Require(end <= (ulong)bytes.LongLength, Invariant($"the file is cut short: it should have {end} bytes but has {bytes.LongLength}; save or copy it again"));
    }

    /// <summary>The eight bytes that each HDF5 file begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a file begins as HDF5 does.</summary>
    public static bool IsHdf5(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    /// <summary>The group that holds all others.</summary>
    public Hdf5Object Root => Object(_rootAddress);

    /// <summary>Bytes of the file.</summary>
    public long Length => _bytes.LongLength;

    /// <summary>An object; the same one for the same address.</summary>
    /// <param name="address">Where its header lies.</param>
    public Hdf5Object Object(ulong address)
    {
        if (!_objects.TryGetValue(address, out var found))
        {
            found = new Hdf5Object(this, address);
            _objects.Add(address, found);
        }

        return found;
    }

    /// <summary>Counts a structure that is visited.</summary>
    /// <exception cref="KerasFormatException">There were more than the file has room for, as in a cycle.</exception>
    public void Step()
    {
        if (++_steps > _maximumSteps)
        {
            throw KerasFormatException.Damaged("its structures go in circles");
        }
    }

    /// <summary>Counts bytes that are about to be copied out of the file.</summary>
    /// <exception cref="KerasFormatException">They come to several times the file, as when many names share the same data.</exception>
    public void Copying(long bytes)
    {
        _copied += bytes;
        if (_copied > (4 * Length) + (1 << 20))
        {
            throw KerasFormatException.Damaged("it gives the same data out many times");
        }
    }

    /// <summary>A part of the file.</summary>
    /// <param name="address">Where it begins.</param>
    /// <param name="length">Bytes; null for all that follow.</param>
    /// <param name="what">What it is, for errors.</param>
    public ReadOnlySpan<byte> Part(ulong address, long? length, string what)
    {
        if (address == Undefined || address > (ulong)Length || length < 0 || (length ?? 0) > Length - (long)address)
        {
            throw KerasFormatException.Damaged(what);
        }

        return length is { } count ? _bytes.AsSpan((int)address, (int)count) : _bytes.AsSpan((int)address);
    }

    /// <summary>Text in the global heap.</summary>
    /// <param name="reference">Its 16 bytes: length, collection and index.</param>
    public string HeapText(ReadOnlySpan<byte> reference)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(reference);
        if (length == 0)
        {
            return "";
        }

        var wanted = BinaryPrimitives.ReadUInt32LittleEndian(reference[12..]);
        var cursor = new Hdf5Cursor(Part(BinaryPrimitives.ReadUInt64LittleEndian(reference[4..]), null, "a text's heap"), "a text's heap");
        cursor.Expect("GCOL"u8);
        cursor.Skip(4);
        var size = cursor.UInt64();
        while (cursor.Position < (long)size)
        {
            Step();
            var index = cursor.UInt16();
            cursor.Skip(6);
            var bytes = cursor.UInt64();
            if (index == 0 || bytes > (ulong)cursor.Remaining)
            {
                break;
            }

            var data = cursor.Take((int)bytes);
            cursor.Align();
            if (index == wanted)
            {
                return length <= data.Length ? Text(data[..(int)length]) : throw KerasFormatException.Damaged("a text in its heap");
            }
        }

        throw KerasFormatException.Damaged("a text in its heap");
    }

    /// <summary>Text of bytes, up to the first that is 0.</summary>
    public string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        bytes = end < 0 ? bytes : bytes[..end];
        Copying(2L * bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }
}
