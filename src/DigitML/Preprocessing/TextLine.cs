namespace DigitML.Preprocessing;

/// <summary>Pieces of ink that stand on one line.</summary>
/// <param name="Pieces">From left to right by their middles, small ones included.</param>
/// <param name="DigitHeight">The height of its digits, in pixels.</param>
/// <param name="Box">Around all its pieces.</param>
internal sealed record TextLine(IReadOnlyList<InkPiece> Pieces, double DigitHeight, PixelBox Box);
