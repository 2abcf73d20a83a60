using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>A piece of a line as it was taken.</summary>
/// <param name="Piece">The ink.</param>
/// <param name="Answer">What the network says of it.</param>
/// <param name="IsSkipped">Taken for a separator or other ink that is no digit.</param>
internal sealed record Segment(InkPiece Piece, Classified Answer, bool IsSkipped)
{
    /// <summary>Whether the line's network finds the digit there too: that by itself it looks like none is then no reason to refuse it.</summary>
    public bool IsVouchedFor { get; init; }
}

/// <summary>How a line was read.</summary>
/// <param name="Segments">From left to right.</param>
/// <param name="Text">Its digits, with the marks that a pattern puts between them; null when it has not the pattern's form.</param>
internal sealed record LineReading(IReadOnlyList<Segment> Segments, string? Text)
{
    /// <summary>The sum of its segments' scores: the logarithm of how likely it is, but for a number that all readings of a lattice share.</summary>
    public double Score { get; init; }

    /// <summary>By how much the likeliest reading of any form is ahead of it; at most 0 when it is none other.</summary>
    public double Misfit { get; init; }
}
