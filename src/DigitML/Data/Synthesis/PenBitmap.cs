namespace DigitML.Data.Synthesis;

/// <summary>Puts a written digit into pixels.</summary>
internal static class PenBitmap
{
    /// <summary>Draws with hard edges: a pixel is ink or not, as in the scans that MNIST was made from.</summary>
    /// <param name="digit">What was written.</param>
    /// <param name="heightPixels">Pixels a unit of the digit's height.</param>
    /// <param name="bitmap">[height, width] on return: 0 ground, 1 ink; reused when it is long enough.</param>
    /// <returns>The picture's size: the digit with half a pen around it.</returns>
    public static (int Width, int Height) DrawBilevel(WrittenDigit digit, float heightPixels, ref byte[] bitmap)
    {
        var frame = Frame.Of(digit, digit.PenWidth);
        var width = (int)(frame.Width * heightPixels) + 3;
        var height = (int)(frame.Height * heightPixels) + 3;
        if (bitmap.Length < width * height)
        {
            bitmap = new byte[width * height];
        }

        bitmap.AsSpan(0, width * height).Clear();
        var canvas = new Canvas(bitmap, width, height, heightPixels, 1 - frame.Left * heightPixels, 1 - frame.Top * heightPixels);
        canvas.Draw(digit, digit.PenWidth, soft: false);
        return (width, height);
    }

    /// <summary>Draws with soft edges in the middle of a square.</summary>
    /// <param name="digit">What was written.</param>
    /// <param name="size">Pixels a side.</param>
    /// <param name="margin">Ground left free around the digit, as a share of the side, 0 to 0.45.</param>
    /// <param name="penWidth">Width of the trace in pixels; null for the writer's own pen.</param>
    /// <returns>[size, size]: 0 ground to 255 ink.</returns>
    public static byte[] DrawSmooth(WrittenDigit digit, int size, float margin, float? penWidth)
    {
        // A pen given in pixels takes its room first, and the digit's way fills the rest.
        var frame = Frame.Of(digit, penWidth is null ? digit.PenWidth : 0);
        var room = size * (1 - 2 * margin);
        var scale = Math.Max(room - (penWidth ?? 0), 0.1f * room) / Math.Max(frame.Width, frame.Height);
        var bitmap = new byte[size * size];
        var canvas = new Canvas(
            bitmap,
            size,
            size,
            scale,
            0.5f * size - (frame.Left + 0.5f * frame.Width) * scale,
            0.5f * size - (frame.Top + 0.5f * frame.Height) * scale);
        canvas.Draw(digit, penWidth / scale ?? digit.PenWidth, soft: true);
        return bitmap;
    }

    /// <summary>The box around a digit's ink, in units of its height.</summary>
    private readonly record struct Frame(float Left, float Top, float Width, float Height)
    {
        public static Frame Of(WrittenDigit digit, float penWidth)
        {
            float left = float.MaxValue, top = float.MaxValue, right = float.MinValue, bottom = float.MinValue;
            foreach (var stroke in digit.Strokes)
            {
                foreach (var point in stroke)
                {
                    var radius = 0.5f * penWidth * point.Pressure;
                    left = Math.Min(left, point.X - radius);
                    right = Math.Max(right, point.X + radius);
                    top = Math.Min(top, point.Y - radius);
                    bottom = Math.Max(bottom, point.Y + radius);
                }
            }

            return new Frame(left, top, right - left, bottom - top);
        }
    }

    /// <summary>Pixels and where the digit lies on them: pixel = unit · scale + offset.</summary>
    private readonly ref struct Canvas(Span<byte> pixels, int width, int height, float scale, float offsetX, float offsetY)
    {
        private readonly Span<byte> _pixels = pixels;

        public void Draw(WrittenDigit digit, float penWidth, bool soft)
        {
            foreach (var stroke in digit.Strokes)
            {
                for (var i = 1; i < stroke.Length; i++)
                {
                    DrawPiece(stroke[i - 1], stroke[i], digit.Nib, 0.5f * penWidth * scale, soft);
                }
            }
        }

        /// <summary>A straight piece: every pixel whose centre lies within the pen's radius of it, by the nib's metric.</summary>
        private void DrawPiece(PenPoint from, PenPoint to, PenNib nib, float penRadius, bool soft)
        {
            float x0 = from.X * scale + offsetX, y0 = from.Y * scale + offsetY;
            float spanX = to.X * scale + offsetX - x0, spanY = to.Y * scale + offsetY - y0;
            var radius = 0.5f * penRadius * (from.Pressure + to.Pressure);
            var reach = radius + (soft ? 1f : 0f);
            var left = Math.Max(0, (int)(Math.Min(x0, x0 + spanX) - reach));
            var right = Math.Min(width - 1, (int)(Math.Max(x0, x0 + spanX) + reach));
            var top = Math.Max(0, (int)(Math.Min(y0, y0 + spanY) - reach));
            var bottom = Math.Min(height - 1, (int)(Math.Max(y0, y0 + spanY) + reach));

            // The nearest place on the piece, by the metric, is where the gradient along it vanishes.
            var alongX = nib.Xx * spanX + nib.Xy * spanY;
            var alongY = nib.Xy * spanX + nib.Yy * spanY;
            var lengthSquared = alongX * spanX + alongY * spanY;
            var inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
            for (var y = top; y <= bottom; y++)
            {
                var row = _pixels.Slice(y * width, width);
                for (var x = left; x <= right; x++)
                {
                    float dx = x + 0.5f - x0, dy = y + 0.5f - y0;
                    var t = Math.Clamp((dx * alongX + dy * alongY) * inverse, 0f, 1f);
                    dx -= t * spanX;
                    dy -= t * spanY;
                    var distanceSquared = nib.Xx * dx * dx + 2 * nib.Xy * dx * dy + nib.Yy * dy * dy;
                    if (soft)
                    {
                        var ink = Math.Clamp(radius - MathF.Sqrt(distanceSquared) + 0.5f, 0f, 1f);
                        row[x] = Math.Max(row[x], (byte)(255 * ink + 0.5f));
                    }
                    else if (distanceSquared <= radius * radius)
                    {
                        row[x] = 1;
                    }
                }
            }
        }
    }
}
