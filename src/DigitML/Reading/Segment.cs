using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>A piece of a line as it was taken.</summary>
/// <param name="Piece">The ink.</param>
/// <param name="Answer">What the network says of it.</param>
/// <param name="IsSkipped">Taken for a separator or other ink that is no digit.</param>
internal sealed record Segment(InkPiece Piece, Classified Answer, bool IsSkipped);
