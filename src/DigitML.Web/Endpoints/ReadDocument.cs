namespace DigitML.Web.Endpoints;

/// <summary>The answer of <c>/api/read</c>, as the API's description gives it.</summary>
/// <param name="File">The picture's name, or "picture".</param>
/// <param name="Text">The digits in reading order, lines parted by \n; refused ink is left out.</param>
/// <param name="Verdict">digit, ambiguous, not-a-digit or blank.</param>
/// <param name="Width">Width of the picture in pixels.</param>
/// <param name="Height">Height of the picture in pixels.</param>
/// <param name="Digits">Every piece of ink that was judged, in reading order.</param>
/// <param name="Steps">With steps=true: the pictures between, in the order they were made.</param>
/// <param name="Details">With steps=true: more of each digit, in the same order.</param>
internal sealed record ReadDocument(
    string File,
    string Text,
    string Verdict,
    int Width,
    int Height,
    IReadOnlyList<DigitDocument> Digits,
    IReadOnlyList<StepDocument>? Steps = null,
    IReadOnlyList<DetailDocument>? Details = null);

/// <summary>One piece of ink.</summary>
/// <param name="Digit">The most probable digit, 0 to 9.</param>
/// <param name="Probability">Its calibrated probability, 0 to 1.</param>
/// <param name="Box">Where the ink is.</param>
/// <param name="Verdict">digit, ambiguous or not-a-digit.</param>
/// <param name="RunnerUp">The second most probable digit.</param>
/// <param name="RunnerUpProbability">Its calibrated probability, 0 to 1.</param>
internal sealed record DigitDocument(int Digit, double Probability, BoxDocument Box, string Verdict, int RunnerUp, double RunnerUpProbability);

/// <summary>A rectangle in pixels of the picture, from its top left.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
internal sealed record BoxDocument(int X, int Y, int Width, int Height);

/// <summary>A picture between the given one and the digits.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Picture">A PNG as a data URL.</param>
internal sealed record StepDocument(string Name, int Width, int Height, string Picture);

/// <summary>More of one digit.</summary>
/// <param name="Probabilities">The calibrated probability of each digit 0 to 9.</param>
/// <param name="Width">28.</param>
/// <param name="Height">28.</param>
/// <param name="Picture">What the network saw: a PNG as a data URL, ink light on black.</param>
/// <param name="Attribution">784 numbers, row by row: how much each pixel spoke for the digit (above 0) or against it.</param>
internal sealed record DetailDocument(IReadOnlyList<double> Probabilities, int Width, int Height, string Picture, IReadOnlyList<double> Attribution);
