using System.Globalization;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.Cli.Options;

/// <summary>How training images are changed, as one types it: <c>rotation=10,shift=1,elastic=1.3</c>, or <c>none</c>.</summary>
internal static class AugmentationText
{
    private static readonly (string Name, Func<AugmentationOptions, float, AugmentationOptions> With)[] s_changes =
    [
        ("rotation", (options, value) => options with { RotationDegrees = value }),
        ("slant", (options, value) => options with { Slant = value }),
        ("scale", (options, value) => options with { Scale = value }),
        ("shift", (options, value) => options with { Shift = value }),
        ("elastic", (options, value) => options with { Elastic = value }),
        ("elastic-alpha", (options, value) => options with { ElasticAlpha = value }),
        ("elastic-sigma", (options, value) => options with { ElasticSigma = value }),
        ("stroke", (options, value) => options with { StrokeWidth = value }),
        ("blur", (options, value) => options with { Blur = value }),
        ("fading", (options, value) => options with { Fading = value }),
        ("noise", (options, value) => options with { Noise = value }),
        ("remains", (options, value) => options with { Remains = value }),
        ("mixup", (options, value) => options with { Mixup = value }),
    ];

    /// <summary>The names that may be given.</summary>
    public static IEnumerable<string> Names => s_changes.Select(change => change.Name);

    /// <summary>Reads a text; null for none. Ranges are the library's to check.</summary>
    /// <param name="text">As typed.</param>
    /// <exception cref="DigitException">A name is not known or given twice, or a value is no number.</exception>
    public static AugmentationOptions? Parse(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var options = new AugmentationOptions();
        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (name, number) = part.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : (part, "");
            var change = s_changes.FirstOrDefault(change => change.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (change.With is null || !float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                throw new DigitException(change.With is null
                    ? $"--augment takes {string.Join(", ", Names)}, or none; got '{part}'."
                    : $"--augment {name} must be a number, such as {name}=1; got '{part}'.");
            }

            options = given.Add(name) ? change.With(options, value) : throw new DigitException($"--augment names {name} twice.");
        }

        return options;
    }
}
