using System.Globalization;
using DigitML.Evaluation;
using DigitML.IO;

namespace DigitML.Charts.Drawing;

/// <summary>Chooses round places on an axis.</summary>
internal static class Ticks
{
    /// <summary>The smallest of 1, 2, 2.5 and 5 times a power of ten that cuts a range into at most so many steps.</summary>
    public static double Step(double range, int steps)
    {
        var rough = Math.Max(range, 1e-9) / steps;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        foreach (var factor in (ReadOnlySpan<double>)[1, 2, 2.5, 5])
        {
            // A hair of slack, so that 0.3 / 3 takes 0.1.
            if (factor * power >= rough * (1 - 1e-9))
            {
                return factor * power;
            }
        }

        return 10 * power;
    }

    /// <summary>Multiples of a step within a range.</summary>
    public static IReadOnlyList<Tick> Every(double step, double start, double end, Func<double, string> format)
    {
        var ticks = new List<Tick>();
        for (var i = (long)Math.Ceiling(start / step - 1e-6); i * step <= end + step * 1e-6; i++)
        {
            ticks.Add(new Tick(i * step, format(i * step)));
        }

        return ticks;
    }

    /// <summary>Whole numbers 0 to <paramref name="count"/> − 1, thinned when there are too many to write.</summary>
    public static IReadOnlyList<Tick> Classes(int count) => Every(Math.Max(1, Math.Ceiling(count / 20.0)), 0, count - 1, Number);

    /// <summary>The classes of a matrix by what they are called, thinned when there are too many to write.</summary>
    public static IReadOnlyList<Tick> Classes(ConfusionMatrix matrix)
    {
        const int MostNamed = 30;
        const int Longest = 7;
        return matrix.ClassNames.Count is 0 or > MostNamed
            ? Classes(matrix.ClassCount)
            : [.. matrix.ClassNames.Select((name, i) => new Tick(i, name.Length > Longest ? $"{name[..(Longest - 1)]}…" : name))];
    }

    /// <summary>Up to six digits, no zeros at the end.</summary>
    public static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    /// <summary>A count with its thousands parted.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A share as a percentage with as many decimals as it needs, at most three.</summary>
    public static string Share(double share) => Percent.Format(share, 0, most: 3);
}
