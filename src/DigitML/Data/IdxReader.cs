using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// Reads IDX files, the format of MNIST, gzipped or not (recognised by content): two zero bytes, a type code,
/// the number of dimensions, each size as a 32-bit number with the highest byte first, then the elements.
/// </summary>
/// <remarks>A header is believed only as far as the file bears it out: nothing is allocated for elements that are not there.</remarks>
public static class IdxReader
{
    /// <summary>The header of a file of pictures: unsigned bytes in three dimensions.</summary>
    internal const int ImagesMagic = 0x803;

    /// <summary>The header of a file of labels: unsigned bytes in one dimension.</summary>
    internal const int LabelsMagic = 0x801;

    private const int GrowFrom = 1 << 20;

    /// <summary>Reads an IDX file.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <exception cref="DigitException">The file cannot be read, is not IDX, is cut short, damaged or too long.</exception>
    public static IdxArray Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        using var content = ContentFile.Open(path);
        return Read(content);
    }

    /// <summary>Reads IDX content from a stream's position to its end.</summary>
    /// <param name="stream">Seekable; gzipped or not; left open.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DigitException">The content is not IDX, is cut short, damaged or too long.</exception>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    public static IdxArray Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new ContentFile(stream, name);
        return Read(content);
    }

    /// <summary>Reads pictures and their labels.</summary>
    /// <param name="imagesPath">An IDX file of unsigned bytes [count, rows, columns].</param>
    /// <param name="labelsPath">An IDX file of unsigned bytes [count]; null when there are no labels.</param>
    /// <param name="name">What figures about them call them; null for the name of the images' file.</param>
    /// <exception cref="DigitException">A file cannot be read or is not what it should be, or the two disagree.</exception>
    public static LabelledImages ReadImages(string imagesPath, string? labelsPath = null, string? name = null)
    {
        var images = Read(imagesPath);
        var labels = labelsPath is null ? null : Read(labelsPath);
        return Combine(images, imagesPath, labels, labelsPath ?? "", name ?? Path.GetFileName(imagesPath));
    }

    /// <summary>Makes labelled images of the arrays of two files, after checking that they are what they should be.</summary>
    internal static LabelledImages Combine(IdxArray images, string imagesFile, IdxArray? labels, string labelsFile, string name)
    {
        Expect(images, imagesFile, ImagesMagic, "images", LabelsMagic, "labels");
        int count = images.Dimensions[0], height = images.Dimensions[1], width = images.Dimensions[2];
        if (images.Count == 0)
        {
            throw new DigitException($"{imagesFile}: expected at least one image of at least one pixel but the header says {count} of {height}×{width}.");
        }

        if (labels is not null)
        {
            Expect(labels, labelsFile, LabelsMagic, "labels", ImagesMagic, "images");
            if (labels.Count != count)
            {
                throw new DigitException($"{labelsFile}: expected {count} labels, one for each image of {imagesFile}, but read {labels.Count}. Do the two files belong together?");
            }
        }

        return new LabelledImages(name, width, height, images.Bytes, labels?.Bytes ?? default);
    }

    private static void Expect(IdxArray array, string file, int magic, string role, int otherMagic, string otherRole)
    {
        var found = ((int)array.ElementType << 8) | array.Dimensions.Count;
        if (found == otherMagic)
        {
            throw new DigitException($"{file}: expected IDX magic {magic} ({role}) but read {found} ({otherRole}). Are the two files swapped?");
        }

        if (found != magic)
        {
            throw new DigitException($"{file}: expected IDX magic {magic} ({role}: {magic & 255} dimensions of UInt8) but read {found} ({array.Dimensions.Count} dimensions of {array.ElementType}).");
        }
    }

    /// <summary>Takes IDX content that is in memory for what it is, without copying its elements.</summary>
    /// <param name="bytes">All of it, unpacked; of elements of one byte, so that none is turned round.</param>
    /// <param name="name">What errors call it.</param>
    internal static IdxArray Wrap(byte[] bytes, string name)
    {
        using var content = new ContentFile(new MemoryStream(bytes), name);
        var header = ReadHeader(content);
        var elements = bytes.AsMemory(4 * (1 + header.Sizes.Length));
        return IdxArray.SizeOf(header.ElementType) == 1
            ? new IdxArray(header.ElementType, header.Sizes, elements)
            : throw new ArgumentException($"{name}: elements of {header.ElementType} are more than a byte each.", nameof(bytes));
    }

    /// <summary>Reads IDX content to its end.</summary>
    internal static IdxArray Read(ContentFile content)
    {
        var header = ReadHeader(content);
        var bytes = ReadElements(content, header.Length, header.Claim);
        IdxArray.SwapToOrFromBigEndian(bytes, IdxArray.SizeOf(header.ElementType));
        return new IdxArray(header.ElementType, header.Sizes, bytes);
    }

    /// <summary>What a header says, as far as the content's length bears it out.</summary>
    /// <param name="ElementType">What the elements are.</param>
    /// <param name="Sizes">Of the dimensions.</param>
    /// <param name="Length">Bytes of all elements.</param>
    /// <param name="Claim">The beginning of what is said where they are not there.</param>
    private sealed record Header(IdxElementType ElementType, int[] Sizes, int Length, string Claim);

    private static Header ReadHeader(ContentFile content)
    {
        var name = content.Name;
        if (FileKinds.NameOf(content.Peek(512)) is { } kind)
        {
            throw new DigitException($"{name}: expected an IDX file but this is {kind}. Get the file again.");
        }

        Span<byte> start = stackalloc byte[4];
        var read = content.Read(start);
        if (read < start.Length)
        {
            throw new DigitException($"{name}: expected an IDX header but the file ends after {read} bytes.");
        }

        var elementType = (IdxElementType)start[2];
        var elementSize = IdxArray.SizeOf(elementType);
        if (start[0] != 0 || start[1] != 0 || elementSize == 0 || start[3] == 0)
        {
            throw new DigitException($"{name}: expected an IDX header (0, 0, type 8 to 14, at least one dimension) but read the bytes {start[0]}, {start[1]}, {start[2]}, {start[3]}. Is it an IDX file?");
        }

        Span<byte> header = stackalloc byte[4 * start[3]];
        if (content.Read(header) < header.Length)
        {
            throw new DigitException($"{name}: the file ends within its header of {start[3]} dimensions. It is cut short.");
        }

        var sizes = new uint[start[3]];
        Int128 elements = 1;
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 * i)..]);
            elements = Int128.Min(elements * sizes[i], long.MaxValue);
        }

        var needed = elements * elementSize;
        var claim = Invariant($"{name}: the header claims {string.Join('×', sizes)} elements of {elementType} ({needed} bytes)");
        var bound = content.IsGzip ? content.StoredLength * ContentFile.HighestGzipRatio : content.StoredLength - start.Length - header.Length;
        if (needed > bound)
        {
            throw new DigitException($"{claim} but the file {(content.IsGzip ? $"of {content.StoredLength} gzipped bytes cannot hold them" : $"holds {bound} after it")}. It is cut short, or its header is wrong.");
        }

        if (needed > Array.MaxLength || sizes.Any(size => size > int.MaxValue))
        {
            throw new DigitException($"{claim}, more than the {Array.MaxLength} that are read at once. Split the file.");
        }

        return new Header(elementType, Array.ConvertAll(sizes, size => (int)size), (int)needed, claim);
    }

    /// <summary>Reads exactly so many bytes. Where only a gzip stands behind the claim, the buffer grows with what really comes.</summary>
    private static byte[] ReadElements(ContentFile content, int needed, string claim)
    {
        var bytes = new byte[content.IsGzip ? Math.Min(needed, GrowFrom) : needed];
        var filled = 0;
        while (true)
        {
            filled += content.Read(bytes.AsSpan(filled));
            if (filled < bytes.Length)
            {
                throw new DigitException($"{claim} but the file holds {filled} after it. It is cut short.");
            }

            if (filled == needed)
            {
                break;
            }

            Array.Resize(ref bytes, (int)Math.Min(needed, 2L * bytes.Length));
        }

        Span<byte> beyond = stackalloc byte[1];
        return content.Read(beyond) == 0
            ? bytes
            : throw new DigitException($"{claim} but the file goes on after them. Either the header or the file is wrong.");
    }
}
