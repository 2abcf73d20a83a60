namespace DigitML.Keras.Hdf5;

/// <summary>An attribute: what it holds is read when asked for.</summary>
/// <param name="Type">Of each element.</param>
/// <param name="Sizes">Its shape; null for none.</param>
/// <param name="Address">Where its data lie in the file.</param>
/// <param name="Length">Bytes that the header has for them.</param>
internal readonly record struct Hdf5Attribute(Hdf5Type Type, long[]? Sizes, ulong Address, int Length);

/// <summary>A group or a dataset: what its header says.</summary>
internal sealed class Hdf5Object
{
    private const int SymbolEntryBytes = 40;
    private const int DeepestTree = 16;

    private readonly Hdf5File _file;
    private readonly Dictionary<string, Hdf5Attribute> _attributes = [];
    private readonly Dictionary<string, ulong> _links = [];
    private bool _hasHeapAttributes;
    private (ulong Tree, ulong Heap)? _symbolTable;

    /// <summary>Reads an object's header, links included.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="address">Where its header lies.</param>
    public Hdf5Object(Hdf5File file, ulong address)
    {
        _file = file;
        file.Step();
        var start = file.Part(address, null, "an object's header");
        if (start.StartsWith("OHDR"u8))
        {
            ReadHeader2(address);
        }
        else
        {
            ReadHeader1(address);
        }

        if (_symbolTable is { } table)
        {
            ReadSymbols(table.Tree, table.Heap);
        }
    }

    /// <summary>Names of the objects in this group, with where they lie.</summary>
    public IReadOnlyDictionary<string, ulong> Links => _links;

    /// <summary>The dataset that this is; null when it is a group.</summary>
    public Hdf5Dataset? Dataset { get; private set; }

    /// <summary>An object of this group.</summary>
    /// <returns>Null when there is none of this name.</returns>
    public Hdf5Object? Child(string name) => _links.TryGetValue(name, out var address) ? _file.Object(address) : null;

    /// <summary>An object by names with slashes between them.</summary>
    /// <returns>Null when there is none.</returns>
    public Hdf5Object? Find(string path)
    {
        Hdf5Object? found = this;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            _file.Step();
            found = found?.Child(name);
        }

        return found;
    }

    /// <summary>An attribute that is one text.</summary>
    /// <returns>Null when there is no such attribute.</returns>
    public string? Text(string name) => Texts(name) is [var text, ..] ? text : null;

    /// <summary>An attribute that is a list of texts.</summary>
    /// <returns>Null when there is no such attribute. An empty list of any type is an empty list of texts, as numpy makes it.</returns>
    public string[]? Texts(string name)
    {
        if (!_attributes.TryGetValue(name, out var attribute))
        {
            KerasFormatException.Require(!_hasHeapAttributes, "it keeps attributes in an HDF5 heap of the newer layout, which is not read; save it with h5py's defaults");
            return null;
        }

        var count = attribute.Sizes is null ? 0 : Hdf5Space.Count(attribute.Sizes);
        var size = attribute.Type.Size;
        if (count == 0)
        {
            return [];
        }

        KerasFormatException.Require(attribute.Type.Kind is Hdf5Kind.FixedText or Hdf5Kind.Text, $"expected attribute {KerasFormatException.Quote(name)} to be text but it is {attribute.Type.Shown}");
        if (count > attribute.Length / size)
        {
            throw KerasFormatException.Damaged($"attribute {KerasFormatException.Quote(name)}");
        }

        var data = _file.Part(attribute.Address, count * size, "an attribute");
        var texts = new string[count];
        for (var i = 0; i < texts.Length; i++)
        {
            var element = data.Slice(i * size, size);
            texts[i] = attribute.Type.Kind == Hdf5Kind.Text ? _file.HeapText(element) : _file.Text(element);
        }

        return texts;
    }

    private void ReadHeader1(ulong address)
    {
        var cursor = new Hdf5Cursor(_file.Part(address, 16, "an object's header"), "an object's header");
        var version = cursor.Byte();
        cursor.Skip(7);
        if (version != 1)
        {
            throw KerasFormatException.Damaged("an object's header");
        }

        var blocks = new Queue<(ulong Address, ulong Length)>([(address + 16, cursor.UInt32())]);
        while (blocks.TryDequeue(out var block))
        {
            _file.Step();
            var messages = new Hdf5Cursor(_file.Part(block.Address, Size(block.Length), "an object's header"), "an object's header");
            while (messages.Remaining >= 8)
            {
                int type = messages.UInt16();
                int size = messages.UInt16();
                var flags = messages.Byte();
                messages.Skip(3);
                ReadMessage(type, flags, block.Address + (ulong)messages.Position, size, blocks);
                messages.Skip(size);
            }
        }
    }

    private void ReadHeader2(ulong address)
    {
        var cursor = new Hdf5Cursor(_file.Part(address, null, "an object's header"), "an object's header");
        cursor.Skip(4);
        var version = cursor.Byte();
        var flags = cursor.Byte();
        if (version != 2)
        {
            throw KerasFormatException.Damaged("an object's header");
        }

        cursor.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        var length = cursor.Number(1 << (flags & 3));
        var blocks = new Queue<(ulong Address, ulong Length)>([(address + (ulong)cursor.Position, length)]);
        var isFirst = true;
        while (blocks.TryDequeue(out var block))
        {
            _file.Step();
            var messages = new Hdf5Cursor(_file.Part(block.Address, Size(block.Length), "an object's header"), "an object's header");
            if (!isFirst)
            {
                messages.Expect("OCHK"u8);
            }

            // A block that follows ends with a checksum; the first one's comes after it. A gap too small for a message may come before.
            var (rest, prefix) = (isFirst ? 0 : 4, (flags & 4) != 0 ? 6 : 4);
            isFirst = false;
            while (messages.Remaining >= prefix + rest)
            {
                int type = messages.Byte();
                int size = messages.UInt16();
                var messageFlags = messages.Byte();
                messages.Skip(prefix - 4);
                ReadMessage(type, messageFlags, block.Address + (ulong)messages.Position, size, blocks);
                messages.Skip(size);
            }
        }
    }

    private static long Size(ulong length) => length <= int.MaxValue ? (long)length : throw KerasFormatException.Damaged("an object's header");

    private void ReadMessage(int type, byte flags, ulong address, int size, Queue<(ulong Address, ulong Length)> blocks)
    {
        _file.Step();
        var cursor = new Hdf5Cursor(_file.Part(address, size, "an object's header"), "an object's header");
        // The content of a shared message lies elsewhere; Keras's files have none among those that matter.
        var isShared = (flags & 2) != 0;
        switch (type)
        {
            case 0x02:
                ReadLinkInfo(ref cursor);
                break;
            case 0x06:
                ReadLink(ref cursor);
                break;
            case 0x0C:
                ReadAttribute(ref cursor, address);
                break;
            case 0x10:
                blocks.Enqueue((cursor.UInt64(), cursor.UInt64()));
                break;
            case 0x11:
                _symbolTable = (cursor.UInt64(), cursor.UInt64());
                break;
            case 0x15:
                ReadAttributeInfo(ref cursor);
                break;
            case 0x01 or 0x03 or 0x07 or 0x08 or 0x0B:
                (Dataset ??= new Hdf5Dataset(_file)).Read(type, isShared, ref cursor, address);
                break;
        }
    }

    private static void ReadLinkInfo(ref Hdf5Cursor cursor)
    {
        cursor.Skip(1);
        var flags = cursor.Byte();
        cursor.Skip((flags & 1) != 0 ? 8 : 0);
        KerasFormatException.Require(cursor.UInt64() == ulong.MaxValue, "it keeps the names of a group in an HDF5 heap of the newer layout, which is not read; save it with h5py's defaults");
    }

    private void ReadAttributeInfo(ref Hdf5Cursor cursor)
    {
        cursor.Skip(1);
        var flags = cursor.Byte();
        cursor.Skip((flags & 1) != 0 ? 2 : 0);
        _hasHeapAttributes |= cursor.UInt64() != ulong.MaxValue;
    }

    private void ReadLink(ref Hdf5Cursor cursor)
    {
        cursor.Skip(1);
        var flags = cursor.Byte();
        var type = (flags & 8) != 0 ? cursor.Byte() : 0;
        cursor.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        var length = cursor.Number(1 << (flags & 3));
        var name = cursor.Take(length <= ushort.MaxValue ? (int)length : throw KerasFormatException.Damaged("a name"));
        // Links by name and to other files are not followed.
        if (type == 0)
        {
            _links.TryAdd(_file.Text(name), cursor.UInt64());
        }
    }

    private void ReadAttribute(ref Hdf5Cursor cursor, ulong address)
    {
        var version = cursor.Byte();
        var flags = cursor.Byte();
        int nameSize = cursor.UInt16();
        int typeSize = cursor.UInt16();
        int spaceSize = cursor.UInt16();
        if (version is not (>= 1 and <= 3))
        {
            throw KerasFormatException.Damaged("an attribute");
        }

        cursor.Skip(version == 3 ? 1 : 0);
        var name = _file.Text(TakePart(ref cursor, nameSize, version));
        if (version > 1 && flags != 0)
        {
            // Its type or shape lies elsewhere; none that is asked for has such.
            return;
        }

        var type = new Hdf5Cursor(TakePart(ref cursor, typeSize, version), "an attribute's type");
        var space = new Hdf5Cursor(TakePart(ref cursor, spaceSize, version), "an attribute's shape");
        _attributes.TryAdd(name, new Hdf5Attribute(Hdf5Type.Read(ref type), Hdf5Space.Read(ref space), address + (ulong)cursor.Position, cursor.Remaining));
    }

    // In version 1 each part is padded to a multiple of 8 bytes.
    private static ReadOnlySpan<byte> TakePart(ref Hdf5Cursor cursor, int size, int version)
    {
        var part = cursor.Take(size);
        cursor.Skip(version == 1 ? -size & 7 : 0);
        return part;
    }

    private void ReadSymbols(ulong tree, ulong heapAddress)
    {
        var heap = new Hdf5Cursor(_file.Part(heapAddress, 32, "a group's names"), "a group's names");
        heap.Expect("HEAP"u8);
        heap.Skip(4);
        var size = heap.UInt64();
        heap.Skip(8);
        var names = _file.Part(heap.UInt64(), size <= int.MaxValue ? (long)size : throw KerasFormatException.Damaged("a group's names"), "a group's names");
        ReadSymbolTree(tree, names, depth: 0);
    }

    private void ReadSymbolTree(ulong address, ReadOnlySpan<byte> names, int depth)
    {
        _file.Step();
        var cursor = new Hdf5Cursor(_file.Part(address, null, "a group's index"), "a group's index");
        if (cursor.Remaining >= 4 && _file.Part(address, 4, "a group's index").SequenceEqual("SNOD"u8))
        {
            cursor.Skip(6);
            for (int left = cursor.UInt16(); left > 0; left--)
            {
                _file.Step();
                var entry = new Hdf5Cursor(cursor.Take(SymbolEntryBytes), "a group's index");
                var (offset, target, kind) = (entry.UInt64(), entry.UInt64(), entry.UInt32());
                if (kind == 2)
                {
                    // A link by name, which is not followed.
                    continue;
                }

                _links.TryAdd(_file.Text(offset < (ulong)names.Length ? names[(int)offset..] : throw KerasFormatException.Damaged("a group's names")), target);
            }

            return;
        }

        cursor.Expect("TREE"u8);
        var type = cursor.Byte();
        var level = cursor.Byte();
        if (type != 0 || depth > DeepestTree || level > DeepestTree)
        {
            throw KerasFormatException.Damaged("a group's index");
        }

        int children = cursor.UInt16();
        cursor.Skip(2 * 8);
        for (var i = 0; i < children; i++)
        {
            cursor.Skip(8);
            ReadSymbolTree(cursor.UInt64(), names, depth + 1);
        }
    }
}
