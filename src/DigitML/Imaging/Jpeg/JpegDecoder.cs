using DigitML.Pixels;

namespace DigitML.Imaging;

/// <summary>
/// JPEG (ITU-T T.81): baseline, extended and progressive, 8 bits, grey, YCbCr and RGB, any sampling factors, restart
/// markers; EXIF's orientation applied. Of a file of several pictures (MPO) the first is read.
/// Grey is the luma channel itself, so chroma is only parsed. CMYK, arithmetic coding, 12 bits, lossless and hierarchical
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
        var frame = reader.Read();
        if (frame.IsProgressive)
        {
            foreach (var component in frame.Components)
            {
                if (component.IsWanted)
                {
                    component.Finish();
                }
            }
        }

        var side = frame.Components[0].OutputSide;
        var width = ((frame.Width * side) + JpegComponent.BlockSide - 1) / JpegComponent.BlockSide;
        var height = ((frame.Height * side) + JpegComponent.BlockSide - 1) / JpegComponent.BlockSide;
        var image = new GreyImage(width, height, reader.IsRgb ? GreyOfRgb(frame, width, height) : FullPlane(frame, frame.Components[0], width, height));
        var turned = Orientation.SwapsSides(reader.Orientation);
        return new DecodedImage(
            Orientation.Apply(image, reader.Orientation),
            Format,
            turned ? frame.Height : frame.Width,
            turned ? frame.Width : frame.Height);
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
