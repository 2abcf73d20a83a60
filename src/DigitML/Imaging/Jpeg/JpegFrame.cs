using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>A JPEG's frame header, checked (T.81, B.2.2).</summary>
internal sealed class JpegFrame
{
    private JpegFrame(int width, int height, bool progressive, JpegComponent[] components)
    {
        Width = width;
        Height = height;
        IsProgressive = progressive;
        Components = components;
        MaximumHorizontal = components.Max(component => component.Horizontal);
        MaximumVertical = components.Max(component => component.Vertical);
    }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Whether the picture comes in many scans that refine it.</summary>
    public bool IsProgressive { get; }

    /// <summary>The channels, one or three.</summary>
    public JpegComponent[] Components { get; }

    /// <summary>The largest horizontal sampling factor.</summary>
    public int MaximumHorizontal { get; }

    /// <summary>The largest vertical sampling factor.</summary>
    public int MaximumVertical { get; }

    /// <summary>Ends the reading of its scans early.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Reads a frame header; takes no memory for pixels.</summary>
    /// <param name="marker">Which kind of frame.</param>
    /// <param name="data">The segment, behind its length.</param>
    /// <param name="options">Limits, checked against the claimed size, and what ends the reading of its scans.</param>
    /// <exception cref="DigitException">Damaged, too large or of a kind that is not read.</exception>
    public static JpegFrame Read(byte marker, ReadOnlySpan<byte> data, DecodeOptions options)
    {
        if (data.Length < 6 || data.Length < 6 + (3 * data[5]))
        {
            throw ImageErrors.Damaged("JPEG", $"frame header has {data.Length} bytes; expected 6 and 3 a channel");
        }

        RefuseKind(marker, data[0], data[5]);
        var height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]);
        var width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
        if (height == 0 && width > 0)
        {
            throw ImageErrors.NotRead("JPEG", "one that tells its height only after the pixels");
        }

        options.Limits.Check("JPEG", width, height);
        var components = new JpegComponent[data[5]];
        for (var i = 0; i < components.Length; i++)
        {
            var field = data.Slice(6 + (3 * i), 3);
            var horizontal = field[1] >> 4;
            var vertical = field[1] & 15;
            if (horizontal is < 1 or > 4 || vertical is < 1 or > 4 || field[2] > 3)
            {
                throw ImageErrors.Damaged("JPEG", Invariant($"channel {i + 1} has sampling factors {horizontal}×{vertical} and quantisation table {field[2]}; expected 1 to 4 and 0 to 3"));
            }

            components[i] = new JpegComponent(field[0], horizontal, vertical, field[2]);
        }

        return new JpegFrame(width, height, marker == JpegMarker.ProgressiveFrame, components) { CancellationToken = options.CancellationToken };
    }

    /// <summary>Takes the memory for the channels that grey needs.</summary>
    /// <param name="wanted">How many of the channels, from the first.</param>
    /// <param name="outputSide">Samples that a block gives on a side: 8, 4, 2 or 1.</param>
    public void Allocate(int wanted, int outputSide)
    {
        for (var i = 0; i < Components.Length; i++)
        {
            var component = Components[i];
            component.Resize(
                Samples(Width, component.Horizontal, MaximumHorizontal),
                Samples(Height, component.Vertical, MaximumVertical),
                outputSide);
            if (i < wanted)
            {
                component.Allocate(IsProgressive);
            }
        }
    }

    private static int Samples(int pixels, int factor, int maximum) => ((pixels * factor) + maximum - 1) / maximum;

    private static void RefuseKind(byte marker, int precision, int channels)
    {
        var kind = marker switch
        {
            JpegMarker.BaselineFrame or JpegMarker.ExtendedFrame or JpegMarker.ProgressiveFrame => null,
            JpegMarker.JpegLsFrame => "JPEG-LS",
            0xC3 => "a lossless JPEG",
            0xC9 or 0xCA => "packed by arithmetic coding",
            0xCB => "a lossless JPEG packed by arithmetic coding",
            _ => "a hierarchical JPEG",
        };
        if (kind is null && precision != 8)
        {
            kind = precision == 12 ? "a 12-bit JPEG" : throw ImageErrors.Damaged("JPEG", Invariant($"frame header has {precision} bits a sample; expected 8"));
        }

        if (kind is not null)
        {
            throw ImageErrors.NotRead("JPEG", kind);
        }

        if (channels == 4)
        {
            throw ImageErrors.InPackage("JPEG", "in CMYK or YCCK, the colours of print");
        }

        if (channels is not (1 or 3))
        {
            throw ImageErrors.Damaged("JPEG", Invariant($"frame header has {channels} channels; expected 1 or 3"));
        }
    }
}
