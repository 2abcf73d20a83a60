using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>What a picture file may cost. Every bound is checked before memory is taken.</summary>
/// <remarks>
/// A decoder takes one byte a pixel for the picture, two more for a progressive JPEG's coefficients (three times that
/// for the rare JPEG that holds RGB, or whose luma does not show its ink), one more while a picture is turned upright, and a few rows.
/// </remarks>
public sealed record ImageLimits
{
    private readonly long _maximumPixels = 50_000_000;
    private readonly int _maximumSide = 65_535;
    private readonly int _maximumFileBytes = 200_000_000;

    /// <summary>The limits that hold when none are given.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Pixels a picture may have, width × height.</summary>
    /// <value>50,000,000. 1 to 1,000,000,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public long MaximumPixels
    {
        get => _maximumPixels;
        init => _maximumPixels = Checked(value, nameof(MaximumPixels));
    }

    /// <summary>Pixels that either side may have.</summary>
    /// <value>65,535. 1 to 1,000,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public int MaximumSide
    {
        get => _maximumSide;
        init
        {
            if (value is < 1 or > 1_000_000)
            {
                throw new ArgumentOutOfRangeException(nameof(MaximumSide), value, Invariant($"{nameof(MaximumSide)} must be 1 to 1000000; got {value}."));
            }

            _maximumSide = value;
        }
    }

    /// <summary>Bytes a file may have.</summary>
    /// <value>200,000,000. 1 to 1,000,000,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">Out of that range.</exception>
    public int MaximumFileBytes
    {
        get => _maximumFileBytes;
        init => _maximumFileBytes = (int)Checked(value, nameof(MaximumFileBytes));
    }

    /// <summary>Throws when a picture of this size, as its header claims it, is empty or over the limits.</summary>
    /// <param name="format">The format's name, for the message.</param>
    /// <param name="width">As the header says, of any size.</param>
    /// <param name="height">As the header says, of any size.</param>
    /// <exception cref="DigitException">The picture is empty or too large.</exception>
    public void Check(string format, long width, long height)
    {
        if (width < 1 || height < 1)
        {
            throw ImageErrors.Damaged(format, Invariant($"header claims {width}×{height} pixels; expected at least 1×1"));
        }

        if (width > MaximumSide || height > MaximumSide || width * height > MaximumPixels)
        {
            throw new DigitException(FormattableString.Invariant(
                $"{format} header claims {width}×{height} pixels; expected at most {MaximumPixels:N0} pixels and {MaximumSide:N0} a side. Scale the picture down, or raise the limit."));
        }
    }

    private static long Checked(long value, string name) => value is >= 1 and <= 1_000_000_000
        ? value
        : throw new ArgumentOutOfRangeException(name, value, Invariant($"{name} must be 1 to 1000000000; got {value}."));

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(ImageLimits), PrintMembers);
}
