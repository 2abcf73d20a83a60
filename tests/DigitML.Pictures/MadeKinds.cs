using System.Globalization;
using DigitML.Data;

namespace DigitML.Pictures;

/// <summary>All kinds of made pictures, singles and strings alike.</summary>
internal static class MadeKinds
{
    private static readonly IReadOnlyList<string> Singles = [.. SinglePictures.Kinds, .. HeldBackPictures.Kinds];

    private static readonly IReadOnlyList<string> Strings = [.. StringPictures.Kinds, .. StringPictures.HeldBack];

    /// <summary>The kinds whose name contains a text; all without one.</summary>
    public static IEnumerable<string> Matching(string? text) =>
        Singles.Concat(Strings).Where(kind => text is null || kind.Contains(text, StringComparison.Ordinal));

    /// <summary>Whether the kind shows one digit.</summary>
    public static bool IsSingle(string kind) => Singles.Contains(kind);

    /// <summary>Whether rules and training leave the kind alone.</summary>
    public static bool IsHeldBack(string kind) => HeldBackPictures.Kinds.Contains(kind) || StringPictures.HeldBack.Contains(kind);

    /// <summary>Each kind has chance of its own, so that measuring one gives what measuring all gives.</summary>
    public static DigitSource SourceFor(string kind, LabelledImages digits, int seed)
    {
        var hash = kind.Aggregate(seed, (sum, letter) => unchecked((sum * 31) + letter));
        return new DigitSource(digits, new Random(hash));
    }

    /// <summary>Makes a picture.</summary>
    public static MadePicture Make(string kind, DigitSource source)
    {
        if (!IsSingle(kind))
        {
            return StringPictures.Make(kind, source);
        }

        var scene = SinglePictures.Make(kind, source);
        return new MadePicture(kind, scene.Picture.ToPicture(), scene.Label.ToString(CultureInfo.InvariantCulture));
    }
}
