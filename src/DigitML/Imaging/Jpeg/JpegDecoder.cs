using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Imaging;

/// <summary>
/// JPEG (ITU-T T.81): baseline, extended and progressive, 8 bits, grey, YCbCr and RGB, any sampling factors, restart
/// markers; EXIF's orientation applied. Of a file of several pictures (MPO) the first is read.
/// Grey is the luma channel itself, so chroma is only parsed; where luma does not show the ink (<see cref="InkChannel"/>) the
/// file is decoded again with all channels. CMYK, arithmetic coding, 12 bits, lossless and hierarchical
/// JPEGs are refused by name.
/// </summary>
internal sealed class JpegDecoder : IImageDecoder
{
    /// <inheritdoc/>
    public string Format => "JPEG";

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith<byte>([0xFF, JpegMarker.Start]);

    /// <inheritdoc/>
    public DecodedImage Decode(ReadOnlyMemory<byte> file, DecodeOptions options)
    {
        if (!Recognises(file.Span))
        {
            throw ImageErrors.Damaged(Format, "does not begin with its marker");
        }

        var reader = new JpegReader(file.Span, options);
        var frame = Read(ref reader);
        var side = frame.Components[0].OutputSide;
        var width = ((frame.Width * side) + JpegComponent.BlockSide - 1) / JpegComponent.BlockSide;
        var height = ((frame.Height * side) + JpegComponent.BlockSide - 1) / JpegComponent.BlockSide;
        var grey = reader.IsRgb ? GreyOfRgb(frame, width, height) : FullPlane(frame, frame.Components[0], width, height);
        if (frame.Components.Length == 3 && InkChannel.IsFaint(grey, width))
        {
            ChooseChannel(file.Span, options, grey, width);
        }

        var image = new GreyImage(width, height, grey);
        var turned = Orientation.SwapsSides(reader.Orientation);
        return new DecodedImage(
            Orientation.Apply(image, reader.Orientation),
            Format,
            turned ? frame.Height : frame.Width,
            turned ? frame.Width : frame.Height);
    }

    private static JpegFrame Read(ref JpegReader reader)
    {
        var frame = reader.Read();
        if (frame.IsProgressive)
        {
            foreach (var component in frame.Components)
            {
                if (component.IsWanted)
                {
                    component.Finish(frame.CancellationToken);
                }
            }
        }

        return frame;
    }

    private static void ChooseChannel(ReadOnlySpan<byte> file, DecodeOptions options, byte[] grey, int width)
    {
        var reader = new JpegReader(file, options, withColor: true);
        JpegFrame frame;
        try
        {
            frame = Read(ref reader);
        }
        catch (DigitException)
        {
            // Luma is whole: damage to chroma alone was never a reason to refuse a picture.
            return;
        }

        var isRgb = reader.IsRgb;
        var height = grey.Length / width;
        byte[][] planes = [.. frame.Components.Select(component => FullPlane(frame, component, width, height))];
        InkChannel.Choose(grey, width, sink =>
        {
            var rgba = new byte[4 * width];
            for (var first = 0; first < grey.Length; first += width)
            {
                for (var x = 0; x < width; x++)
                {
                    ToColor(planes[0][first + x], planes[1][first + x], planes[2][first + x], isRgb, rgba.AsSpan(4 * x, 4));
                }

                sink(rgba, first, 1);
            }
        });
    }

    /// <summary>JFIF 1.02's colours: ITU-R BT.601 over the full range.</summary>
    private static void ToColor(byte first, byte second, byte third, bool isRgb, Span<byte> rgba)
    {
        (rgba[0], rgba[1], rgba[2], rgba[3]) = (first, second, third, 255);
        if (isRgb)
        {
            return;
        }

        float luma = first, blue = second - 128, red = third - 128;
        rgba[0] = ToByte(luma + (1.402f * red));
        rgba[1] = ToByte(luma - (0.344136f * blue) - (0.714136f * red));
        rgba[2] = ToByte(luma + (1.772f * blue));

        static byte ToByte(float value) => (byte)Math.Clamp(value + 0.5f, 0f, 255f);
    }

    private static byte[] GreyOfRgb(JpegFrame frame, int width, int height)
    {
        var red = FullPlane(frame, frame.Components[0], width, height);
        var green = FullPlane(frame, frame.Components[1], width, height);
        var blue = FullPlane(frame, frame.Components[2], width, height);
        for (var i = 0; i < red.Length; i++)
        {
            red[i] = Luma.FromRgb(red[i], green[i], blue[i]);
        }

        return red;
    }

    // A channel sampled more coarsely than another is spread over the picture, sample by sample.
    private static byte[] FullPlane(JpegFrame frame, JpegComponent component, int width, int height)
    {
        if (component.PlaneWidth == width && component.PlaneHeight == height)
        {
            return component.Plane;
        }

        var full = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var row = component.Plane.AsSpan(Math.Min(y * component.Vertical / frame.MaximumVertical, component.PlaneHeight - 1) * component.PlaneWidth, component.PlaneWidth);
            for (var x = 0; x < width; x++)
            {
                full[(y * width) + x] = row[Math.Min(x * component.Horizontal / frame.MaximumHorizontal, row.Length - 1)];
            }
        }

        return full;
    }
}
