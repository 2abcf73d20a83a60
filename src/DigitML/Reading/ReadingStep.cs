using DigitML.Imaging;

namespace DigitML.Reading;

/// <summary>A picture between the one that was given and the digits that were read.</summary>
/// <param name="Name">What it shows, in lower case with hyphens: <c>ground</c>. Serves as a file name.</param>
/// <param name="Picture">The picture; large ones are shown at the size they were worked on.</param>
public sealed record ReadingStep(string Name, GreyImage Picture);
