using DigitML.Preprocessing;

namespace DigitML.Pictures;

/// <summary>A made picture of one digit, with where it stands.</summary>
/// <param name="Kind">How it was made.</param>
/// <param name="Picture">0 black to 1 white.</param>
/// <param name="Label">The digit.</param>
/// <param name="Box">The tight box around its ink.</param>
/// <param name="IsLightOnDark">Whether the ink is lighter than its ground.</param>
internal sealed record Scene(string Kind, Plane Picture, int Label, PixelBox Box, bool IsLightOnDark);
