namespace DigitML.Pixels;

/// <summary>A picture of numbers between two steps: row-major from the top left, usually 0 to 1.</summary>
internal sealed class Plane
{
    public Plane(int width, int height)
        : this(width, height, new float[checked(width * height)])
    {
    }

    public Plane(int width, int height, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (values.Length != width * height)
        {
            throw new ArgumentException(Invariant($"A plane of {width}×{height} needs {width * height} values; got {values.Length}."), nameof(values));
        }

        Width = width;
        Height = height;
        Values = values;
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>[height, width].</summary>
    public float[] Values { get; }

    public float this[int x, int y] => Values[(y * Width) + x];

    public Span<float> Row(int y) => Values.AsSpan(y * Width, Width);

    /// <summary>Bytes 0 to 255 become 0 to 1.</summary>
    public static Plane From(GreyImage picture)
    {
        var plane = new Plane(picture.Width, picture.Height);
        var pixels = picture.Pixels;
        for (var i = 0; i < pixels.Length; i++)
        {
            plane.Values[i] = pixels[i] * (1f / 255f);
        }

        return plane;
    }

    /// <summary>0 to 1 becomes bytes 0 to 255; what lies outside is clamped.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Values.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Math.Clamp((Values[i] * 255f) + 0.5f, 0f, 255f);
        }

        return bytes;
    }

    public GreyImage ToPicture() => new(Width, Height, ToBytes());

    /// <summary>1 − value, everywhere.</summary>
    public Plane Inverted()
    {
        var inverted = new Plane(Width, Height);
        for (var i = 0; i < Values.Length; i++)
        {
            inverted.Values[i] = 1f - Values[i];
        }

        return inverted;
    }

    /// <summary>A copy with left and right exchanged.</summary>
    public Plane MirroredAcross()
    {
        var mirrored = new Plane(Width, Height, (float[])Values.Clone());
        for (var y = 0; y < Height; y++)
        {
            mirrored.Row(y).Reverse();
        }

        return mirrored;
    }

    /// <summary>A copy of a part; the box may reach outside, where 0 is put.</summary>
    public Plane Crop(PixelBox box)
    {
        var part = new Plane(box.Width, box.Height);
        var left = Math.Max(0, box.X);
        var right = Math.Min(Width, box.Right);
        for (var y = Math.Max(0, box.Y); y < Math.Min(Height, box.Bottom) && left < right; y++)
        {
            Row(y)[left..right].CopyTo(part.Row(y - box.Y)[(left - box.X)..]);
        }

        return part;
    }

    /// <summary>The tight box around values above a level; null when there are none.</summary>
    public PixelBox? BoxAbove(float level)
    {
        int left = Width, right = -1, top = -1, bottom = -1;
        for (var y = 0; y < Height; y++)
        {
            var row = Row(y);
            var first = row.IndexOfAnyInRange(MathF.BitIncrement(level), float.MaxValue);
            if (first < 0)
            {
                continue;
            }

            top = top < 0 ? y : top;
            bottom = y;
            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOfAnyInRange(MathF.BitIncrement(level), float.MaxValue));
        }

        return bottom < 0 ? null : new PixelBox(left, top, right - left + 1, bottom - top + 1);
    }
}
