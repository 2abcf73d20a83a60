using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>Ink that was seen and is part of no digit.</summary>
/// <param name="Box">Where it is, in pixels of the picture as it was given.</param>
/// <param name="Reason">What it was taken for.</param>
public sealed record LeftOutInk(PixelBox Box, LeftOutReason Reason)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(LeftOutInk), PrintMembers);
}

/// <summary>What ink was taken for that is part of no digit.</summary>
public enum LeftOutReason
{
    /// <summary>A ruled line, a grid or the side of a box.</summary>
    Line,

    /// <summary>A speck, small beside the digits.</summary>
    Dirt,

    /// <summary>Something else: a separator, a drawing, what stands away from the digits.</summary>
    Other,
}

/// <summary>How reasons are written for people and in JSON.</summary>
public static class LeftOutReasonNames
{
    /// <summary>The reason as JSON writes it: <c>line</c>, <c>dirt</c> or <c>other</c>.</summary>
    /// <param name="reason">One of the three.</param>
    /// <exception cref="ArgumentOutOfRangeException">The reason is none of the three.</exception>
    public static string ToName(this LeftOutReason reason) => reason switch
    {
        LeftOutReason.Line => "line",
        LeftOutReason.Dirt => "dirt",
        LeftOutReason.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A reason is Line, Dirt or Other."),
    };
}
