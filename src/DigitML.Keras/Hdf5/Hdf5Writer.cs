using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace DigitML.Keras.Hdf5;

/// <summary>A group to be written: its attributes, and the groups and datasets in it by name.</summary>
internal sealed class Hdf5Group
{
    /// <summary>Text attributes: one text of variable length, as h5py writes Python's <c>str</c> and <c>bytes</c>.</summary>
    public Dictionary<string, string> Texts { get; } = [];

    /// <summary>Attributes that are lists of texts of a fixed length, as h5py writes numpy's arrays of bytes.</summary>
    public Dictionary<string, string[]> Lists { get; } = [];

    /// <summary>Groups in it.</summary>
    public SortedDictionary<string, Hdf5Group> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Datasets in it: float32, row-major.</summary>
    public SortedDictionary<string, (long[] Sizes, ReadOnlyMemory<float> Values)> Datasets { get; } = new(StringComparer.Ordinal);

    /// <summary>A group in it, or in groups in it, which is made when it is not there.</summary>
    /// <param name="path">Names with slashes between them.</param>
    public Hdf5Group Make(string path)
    {
        var group = this;
        foreach (var name in path.Split('/'))
        {
            if (!group.Groups.TryGetValue(name, out var child))
            {
                group.Groups.Add(name, child = new Hdf5Group());
            }

            group = child;
        }

        return group;
    }
}

/// <summary>
/// Writes groups as an HDF5 file in the layout that every version of HDF5 reads, and that h5py writes when nothing else is asked of it:
/// superblock 0, object headers of version 1, symbol tables, contiguous datasets. The same groups give the same bytes.
/// </summary>
internal sealed class Hdf5Writer
{
    private const int SuperblockBytes = 96;

    // As the superblock states them: entries of a symbol node, and children of a B-tree's node, are at most twice these.
    private const int LeafK = 4;
    private const int InternalK = 16;

    private const int SmallestHeap = 4096;

    private readonly List<ReadOnlyMemory<byte>> _blocks = [];
    private readonly List<byte[]> _texts = [];
    private ulong _end = SuperblockBytes;
    private ulong _heap;

    private Hdf5Writer()
    {
    }

    /// <summary>Makes a file.</summary>
    /// <param name="root">What is in it.</param>
    /// <returns>The file's bytes, in order.</returns>
    /// <exception cref="InvalidOperationException">A group has more members, or an attribute more text, than this layout holds.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Write(Hdf5Group root)
    {
        var writer = new Hdf5Writer();
        writer.CollectTexts(root);
        writer.WriteHeap();
        var (header, tree, names) = writer.Write(root, isRoot: true);
        writer._blocks.Insert(0, Superblock(header, tree, names, writer._end));
        return writer._blocks;
    }

    private static byte[] Superblock(ulong header, ulong tree, ulong names, ulong end)
    {
        var block = new Block();
        block.Add(Hdf5File.Signature).Add([0, 0, 0, 0, 0, 8, 8, 0]).UInt16(LeafK).UInt16(InternalK).UInt32(0);
        block.UInt64(0).UInt64(ulong.MaxValue).UInt64(end).UInt64(ulong.MaxValue);
        // The root as a symbol whose tree and names are said beside it.
        block.UInt64(0).UInt64(header).UInt32(1).UInt32(0).UInt64(tree).UInt64(names);
        return block.ToArray();
    }

    private void CollectTexts(Hdf5Group group)
    {
        foreach (var text in group.Texts.Values)
        {
            _texts.Add(Encoding.UTF8.GetBytes(text));
        }

        foreach (var child in group.Groups.Values)
        {
            CollectTexts(child);
        }
    }

    private void WriteHeap()
    {
        if (_texts.Count == 0)
        {
            return;
        }

        var objects = new Block();
        for (var i = 0; i < _texts.Count; i++)
        {
            objects.UInt16(i + 1).UInt16(1).UInt32(0).UInt64((ulong)_texts[i].Length).Add(_texts[i]).Align();
        }

        // What is left is an object of its own, number 0, which counts its own header.
        var size = Math.Max(SmallestHeap, 16 + objects.Length + 16);
        var block = new Block();
        block.Add("GCOL"u8).Add([1, 0, 0, 0]).UInt64((ulong)size).Add(objects.ToArray());
        block.UInt16(0).UInt16(0).UInt32(0).UInt64((ulong)(size - block.Length + 8));
        block.Pad(size);
        _heap = Append(block.ToArray());
    }

    private ulong Append(ReadOnlyMemory<byte> block)
    {
        var address = _end;
        _blocks.Add(block);
        _end += (ulong)block.Length;
        if ((block.Length & 7) != 0)
        {
            var padding = new byte[-block.Length & 7];
            _blocks.Add(padding);
            _end += (ulong)padding.Length;
        }

        return address;
    }

    private (ulong Header, ulong Tree, ulong Names) Write(Hdf5Group group, bool isRoot)
    {
        var members = new SortedDictionary<string, (ulong Header, ulong Tree, ulong Names)>(StringComparer.Ordinal);

        // The heap's texts are numbered in the order in which they were collected: a group's own before those of what is in it.
        var attributes = Attributes(group);
        foreach (var (name, child) in group.Groups)
        {
            members.Add(name, Write(child, isRoot: false));
        }

        foreach (var (name, dataset) in group.Datasets)
        {
            members.Add(name, (Write(dataset.Sizes, dataset.Values), 0, 0));
        }

        var (tree, names) = WriteSymbols(members);
        var table = new Block().UInt64(tree).UInt64(names).ToArray();
        return (WriteHeader([(0x11, table), .. attributes]), tree, names);
    }

    private int _nextText;

    private List<(int Type, byte[] Content)> Attributes(Hdf5Group group)
    {
        var attributes = new List<(int, byte[])>();
        foreach (var (name, text) in group.Texts)
        {
            var reference = new Block().UInt32((uint)Encoding.UTF8.GetByteCount(text)).UInt64(_heap).UInt32((uint)++_nextText).ToArray();
            // Text of variable length, ended by 0, of characters in UTF-8.
            byte[] type = [0x19, 0x01, 0x01, 0x00, 16, 0, 0, 0, 0x13, 0x10, 0x00, 0x00, 1, 0, 0, 0];
            attributes.Add((0x0C, Attribute(name, type, [], reference)));
        }

        foreach (var (name, texts) in group.Lists)
        {
            if (texts.Length == 0)
            {
                // As numpy has it: a list of nothing is a list of float64.
                attributes.Add((0x0C, Attribute(name, FloatType(8), [0], [])));
                continue;
            }

            var size = texts.Max(Encoding.UTF8.GetByteCount);
            var data = new byte[texts.Length * size];
            for (var i = 0; i < texts.Length; i++)
            {
                Encoding.UTF8.GetBytes(texts[i], data.AsSpan(i * size));
            }

            attributes.Add((0x0C, Attribute(name, [0x13, 0x01, 0x00, 0x00, .. new Block().UInt32((uint)size).ToArray()], [texts.Length], data)));
        }

        return attributes;
    }

    private static byte[] Attribute(string name, byte[] type, long[] sizes, byte[] data)
    {
        var space = Space(sizes);
        var nameBytes = Encoding.UTF8.GetBytes(name + "\0");
        var block = new Block().Add([1, 0]).UInt16(nameBytes.Length).UInt16(type.Length).UInt16(space.Length);
        block.Add(nameBytes).Align().Add(type).Align().Add(space).Align().Add(data);
        return block.Length <= 64_512
            ? block.ToArray()
            : throw new InvalidOperationException(Invariant($"An attribute of a Keras file has at most 64,512 bytes; {name} would have {block.Length}."));
    }

    private ulong Write(long[] sizes, ReadOnlyMemory<float> values)
    {
        var bytes = Bytes(values);
        var address = Append(bytes);
        return WriteHeader(
        [
            (0x01, Space(sizes)),
            (0x03, FloatType(4)),
            // No value of its own for what was never written.
            (0x05, [2, 2, 2, 1, 0, 0, 0, 0]),
            (0x08, new Block().Add([3, 1]).UInt64(address).UInt64((ulong)bytes.Length).ToArray()),
        ]);
    }

    private static ReadOnlyMemory<byte> Bytes(ReadOnlyMemory<float> values)
    {
        var bytes = new byte[4L * values.Length];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values.Span).CopyTo(bytes);
            return bytes;
        }

        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values.Span[i]);
        }

        return bytes;
    }

    private static byte[] Space(long[] sizes)
    {
        var block = new Block().Add([1, (byte)sizes.Length, 0, 0, 0, 0, 0, 0]);
        foreach (var size in sizes)
        {
            block.UInt64((ulong)size);
        }

        return block.ToArray();
    }

    // IEEE 754, little-endian: where sign, exponent and mantissa lie.
    private static byte[] FloatType(int size) => size == 4
        ? [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0]
        : [0x11, 0x20, 63, 0, 8, 0, 0, 0, 0, 0, 64, 0, 52, 11, 0, 52, 0xFF, 0x03, 0, 0];

    private ulong WriteHeader(IReadOnlyList<(int Type, byte[] Content)> messages)
    {
        var content = new Block();
        foreach (var (type, bytes) in messages)
        {
            content.UInt16(type).UInt16((bytes.Length + 7) & ~7).UInt32(0).Add(bytes).Align();
        }

        var header = new Block().Add([1, 0]).UInt16(messages.Count).UInt32(1).UInt32((uint)content.Length).UInt32(0).Add(content.ToArray());
        return Append(header.ToArray());
    }

    private (ulong Tree, ulong Names) WriteSymbols(SortedDictionary<string, (ulong Header, ulong Tree, ulong Names)> members)
    {
        if (members.Count > 4 * LeafK * InternalK)
        {
            throw new InvalidOperationException(Invariant($"A group of a Keras file has at most {4 * LeafK * InternalK} members; one would have {members.Count}."));
        }

        // Names by their place in a block of text, of which the first is empty.
        var names = new Block().UInt64(0);
        var entries = new List<(int Name, (ulong Header, ulong Tree, ulong Names) Member)>();
        foreach (var (name, member) in members)
        {
            entries.Add((names.Length, member));
            names.Add(Encoding.UTF8.GetBytes(name)).Add([0]).Align();
        }

        var nodes = new List<(ulong Address, int LastName)>();
        foreach (var part in entries.Chunk(2 * LeafK))
        {
            var node = new Block().Add("SNOD"u8).Add([1, 0]).UInt16(part.Length);
            foreach (var (name, member) in part)
            {
                var isGroup = member.Tree != 0;
                node.UInt64((ulong)name).UInt64(member.Header).UInt32(isGroup ? 1u : 0).UInt32(0).UInt64(member.Tree).UInt64(member.Names);
            }

            node.Pad(8 + (2 * LeafK * 40));
            nodes.Add((Append(node.ToArray()), part[^1].Name));
        }

        var tree = new Block().Add("TREE"u8).Add([0, 0]).UInt16(nodes.Count).UInt64(ulong.MaxValue).UInt64(ulong.MaxValue).UInt64(0);
        foreach (var (address, lastName) in nodes)
        {
            tree.UInt64(address).UInt64((ulong)lastName);
        }

        tree.Pad(24 + (8 * ((4 * InternalK) + 1)));
        var text = Append(names.ToArray());
        var heap = new Block().Add("HEAP"u8).UInt32(0).UInt64((ulong)names.Length).UInt64(1).UInt64(text);
        return (Append(tree.ToArray()), Append(heap.ToArray()));
    }

    /// <summary>Bytes in the making, little-endian.</summary>
    private sealed class Block
    {
        private readonly List<byte> _bytes = [];

        public int Length => _bytes.Count;

        public byte[] ToArray() => [.. _bytes];

        public Block Add(ReadOnlySpan<byte> bytes)
        {
            _bytes.AddRange(bytes);
            return this;
        }

        public Block UInt16(int value) => Add([(byte)value, (byte)(value >> 8)]);

        public Block UInt32(uint value) => Add([(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)]);

        public Block UInt64(ulong value) => UInt32((uint)value).UInt32((uint)(value >> 32));

        public Block Align() => Pad((Length + 7) & ~7);

        public Block Pad(int length) => Add(new byte[Math.Max(0, length - Length)]);
    }
}
