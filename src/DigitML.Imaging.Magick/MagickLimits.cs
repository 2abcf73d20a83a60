using ImageMagick;

namespace DigitML.Imaging.Magick;

/// <summary>
/// Holds ImageMagick to the limits of this library. Its own are those of the whole process: they are as wide as the widest
/// that were asked for, and every picture's header is held to the narrower ones of its own call beside.
/// </summary>
internal static class MagickLimits
{
    // Eight bits for each of up to five channels, and a second picture while colours are converted.
    private const ulong BytesPerPixel = 10;

    private static readonly Lock s_lock = new();

    private static ImageLimits? s_held;

    /// <summary>Sees to it that ImageMagick's limits are at least these, and none is left open.</summary>
    public static void Hold(ImageLimits limits)
    {
        lock (s_lock)
        {
            if (s_held is { } held && held.MaximumPixels >= limits.MaximumPixels && held.MaximumSide >= limits.MaximumSide)
            {
                return;
            }

            var pixels = (ulong)Math.Max(limits.MaximumPixels, s_held?.MaximumPixels ?? 0);
            var side = Math.Max(limits.MaximumSide, s_held?.MaximumSide ?? 0);
            ResourceLimits.Width = ResourceLimits.Height = (ulong)side;
            ResourceLimits.Area = pixels;
            ResourceLimits.MaxMemoryRequest = Math.Max(pixels * BytesPerPixel, 16_000_000);
            ResourceLimits.Memory = ResourceLimits.MaxMemoryRequest * (ulong)Environment.ProcessorCount;
            ResourceLimits.MaxProfileSize = 4_000_000;
            ResourceLimits.Disk = 0;
            ResourceLimits.Thread = 1;
            s_held = new ImageLimits { MaximumPixels = (long)pixels, MaximumSide = side };
        }
    }
}
