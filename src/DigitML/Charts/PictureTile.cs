namespace DigitML.Charts;

/// <summary>One picture of a gallery.</summary>
/// <param name="Png">A PNG file.</param>
/// <param name="Width">Of the picture it shows, in that picture's pixels.</param>
/// <param name="Height">Of the picture it shows, in that picture's pixels.</param>
/// <param name="Caption">Written below.</param>
/// <param name="Hover">Told on pointing, one line each.</param>
/// <param name="IsWrong">Whether it is framed.</param>
internal sealed record PictureTile(byte[] Png, int Width, int Height, string Caption, string Hover, bool IsWrong);
