using System.Text.Json;
using DigitML.Benchmarks.Reporting;

namespace DigitML.Benchmarks.Peers;

/// <summary>What is compared of one piece of work.</summary>
/// <param name="Work">What the tables call it.</param>
/// <param name="SecondsOf">Seconds for the work, from the line a program printed; lower is better.</param>
/// <param name="Show">Those seconds in the unit people use for this work.</param>
internal sealed record Measure(string Work, Func<JsonElement, double> SecondsOf, Func<double, string> Show)
{
    /// <summary>The whole of <c>Fit</c>.</summary>
    public static Measure Training(string work) =>
        new(work, figures => figures.GetProperty("trainSeconds").GetDouble(), Figure.Seconds);

    /// <summary>One image at a time.</summary>
    public static Measure OneImage { get; } =
        new("thesis network, one image", figures => figures.GetProperty("medianMicroseconds").GetDouble() / 1e6, Figure.Seconds);

    /// <summary>Many images at a time.</summary>
    public static Measure Batches { get; } =
        new("thesis network, batches of 256", figures => 1 / figures.GetProperty("imagesPerSecond").GetDouble(), seconds => $"{Figure.Count((long)Math.Round(1 / seconds))}/s");
}
