namespace DigitML.Imaging;

/// <summary>What a picture file holds.</summary>
/// <param name="Image">The picture in grey, upright, transparency laid over white.</param>
/// <param name="Format">The format's name: <c>PNG</c>.</param>
/// <param name="FullWidth">Width of the upright picture in the file, before any reduction by <see cref="DecodeOptions.TargetSide"/>.</param>
/// <param name="FullHeight">Its height.</param>
public sealed record DecodedImage(GreyImage Image, string Format, int FullWidth, int FullHeight);
