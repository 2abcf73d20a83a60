using System.Globalization;

namespace DigitML.Data.Synthesis;

/// <summary>
/// One way of writing a digit: where the pen goes, as one or several poses of the same points.
/// Any blend of the poses is also a way of writing it.
/// </summary>
internal sealed class DigitStyle
{
    /// <summary>Reads a style's poses.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="weight">How often it is written this way, against the digit's other styles.</param>
    /// <param name="poses">
    /// Points <c>x,y</c> in hundredths of the digit's height from its top left, <c>y</c> downwards; <c>!</c> after a point
    /// makes it a corner, and <c>/</c> lifts the pen. All poses have the same points, corners and lifts.
    /// </param>
    public DigitStyle(int digit, float weight, params string[] poses)
    {
        Digit = digit;
        Weight = weight;
        var strokes = poses.Select(Parse).ToArray();
        StrokeLengths = [.. strokes[0].Select(stroke => stroke.Length)];
        Corners = [.. strokes[0].SelectMany(stroke => stroke).Select(point => point.IsCorner)];
        Poses = [.. strokes.Select(pose => pose.SelectMany(stroke => stroke).Select(point => (point.X, point.Y)).ToArray())];
        if (strokes.Any(pose => !pose.Select(stroke => stroke.Length).SequenceEqual(StrokeLengths)))
        {
            throw new ArgumentException($"The poses of a {digit} differ in their points: {string.Join(" | ", poses)}", nameof(poses));
        }
    }

    /// <summary>The digit, 0 to 9.</summary>
    public int Digit { get; }

    /// <summary>How often it is written this way, against the digit's other styles.</summary>
    public float Weight { get; }

    /// <summary>Points of each stroke, in the order of writing.</summary>
    public int[] StrokeLengths { get; }

    /// <summary>Whether the pen turns sharply at each point: [points].</summary>
    public bool[] Corners { get; }

    /// <summary>The points of each pose, stroke after stroke, in units of the digit's height: [poses][points].</summary>
    public (float X, float Y)[][] Poses { get; }

    private static (float X, float Y, bool IsCorner)[][] Parse(string pose) =>
        [.. pose.Split('/').Select(stroke => stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParsePoint).ToArray())];

    private static (float X, float Y, bool IsCorner) ParsePoint(string point)
    {
        var numbers = point.TrimEnd('!').Split(',');
        return (Hundredths(numbers[0]), Hundredths(numbers[1]), point.EndsWith('!'));
    }

    private static float Hundredths(string number) => int.Parse(number, CultureInfo.InvariantCulture) / 100f;
}
