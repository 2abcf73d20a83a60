using DigitML.Imaging;

namespace DigitML.Pictures;

/// <summary>A picture with what stands in it.</summary>
/// <param name="Kind">How it was made: <c>photo-ruled</c>.</param>
/// <param name="Image">The picture.</param>
/// <param name="Text">Its digits in reading order, lines parted by <c>\n</c>; empty when it shows none.</param>
internal sealed record MadePicture(string Kind, GreyImage Image, string Text);
