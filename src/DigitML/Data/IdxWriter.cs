using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>Writes IDX files, the format of MNIST; a file whose name ends in <c>.gz</c> is gzipped.</summary>
/// <remarks>A file is written beside under another name and renamed, so a crash leaves the old one.</remarks>
public static class IdxWriter
{
    private const int SwapBytes = 1 << 16;

    /// <summary>Writes an array.</summary>
    /// <param name="path">The file; replaced when it is there. Its folder must exist.</param>
    /// <param name="array">What to write.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public static void Write(string path, IdxArray array)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(array);
        AtomicFile.Write(path, stream =>
        {
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                using var gzip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
                Write(gzip, array);
            }
            else
            {
                Write(stream, array);
            }
        });
    }

    /// <summary>Writes pictures, and their labels when they have them.</summary>
    /// <param name="images">What to write.</param>
    /// <param name="imagesPath">The pictures' file: unsigned bytes [count, rows, columns].</param>
    /// <param name="labelsPath">The labels' file: unsigned bytes [count]; null to leave it out.</param>
    /// <exception cref="ArgumentException">A file for labels is named but there are none.</exception>
    /// <exception cref="DigitException">A file cannot be written.</exception>
    public static void WriteImages(LabelledImages images, string imagesPath, string? labelsPath = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (labelsPath is not null && !images.HasLabels)
        {
            throw new ArgumentException($"{images.Name} has no labels to write to {labelsPath}.", nameof(labelsPath));
        }

        Write(imagesPath, new IdxArray(IdxElementType.UInt8, [images.Count, images.Height, images.Width], images.PixelMemory));
        if (labelsPath is not null)
        {
            Write(labelsPath, new IdxArray(IdxElementType.UInt8, [images.Count], images.LabelMemory));
        }
    }

    private static void Write(Stream stream, IdxArray array)
    {
        Span<byte> header = stackalloc byte[4 + 4 * array.Dimensions.Count];
        header[0] = header[1] = 0;
        header[2] = (byte)array.ElementType;
        header[3] = (byte)array.Dimensions.Count;
        for (var i = 0; i < array.Dimensions.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header[(4 + 4 * i)..], array.Dimensions[i]);
        }

        stream.Write(header);
        if (array.ElementSize == 1)
        {
            stream.Write(array.Bytes.Span);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(SwapBytes);
        for (var rest = array.Bytes.Span; !rest.IsEmpty;)
        {
            var part = buffer.AsSpan(0, Math.Min(rest.Length, SwapBytes));
            rest[..part.Length].CopyTo(part);
            IdxArray.SwapToOrFromBigEndian(part, array.ElementSize);
            stream.Write(part);
            rest = rest[part.Length..];
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
