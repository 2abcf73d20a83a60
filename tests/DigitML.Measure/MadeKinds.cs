using System.Globalization;
using DigitML.Data;
using DigitML.Pixels;
using DigitML.Reading;
using DigitML.Synthesis;

namespace DigitML.Measure;

/// <summary>A picture with what stands in it.</summary>
/// <param name="Kind">How it was made: <c>photo-ruled</c>.</param>
/// <param name="Image">The picture.</param>
/// <param name="Text">Its digits in reading order, lines parted by <c>\n</c>; empty when it shows none.</param>
internal sealed record MadePicture(string Kind, GreyImage Image, string Text);

/// <summary>All kinds of made pictures, singles and strings alike.</summary>
internal static class MadeKinds
{
    private const string RarePrefix = "rare-";

    private const string ObjectPrefix = "object-";

    private const string Pad = "pad";

    private static readonly IReadOnlyList<string> Rare = [.. new[] { "photo-plain", "paint-thin", "icon-28", "bilevel-16" }.Select(kind => RarePrefix + kind)];

    private static readonly IReadOnlyList<string> Singles = [.. SinglePictures.Kinds, .. Rare, .. MeasuredPictures.Kinds, .. MeasuredPictures.HeldBack];

    private static readonly IReadOnlyList<string> Strings = [.. StringPictures.Kinds, Pad, Pad + "-as-page", ObjectPrefix + "string", ObjectPrefix + "rows", .. StringPictures.HeldBack];

    /// <summary>The kinds whose name contains a text; all without one.</summary>
    public static IEnumerable<string> Matching(string? text) =>
        Singles.Concat(Strings).Where(kind => text is null || kind.Contains(text, StringComparison.Ordinal));

    /// <summary>Whether its reader is told that there are no lines.</summary>
    public static bool HasLines(string kind) => kind != Pad;

    /// <summary>Whether the kind is said to show one digit.</summary>
    public static bool IsSingle(string kind) => Singles.Contains(kind);

    /// <summary>Whether rules and training leave the kind alone.</summary>
    public static bool IsHeldBack(string kind) => MeasuredPictures.HeldBack.Contains(kind) || StringPictures.HeldBack.Contains(kind);

    /// <summary>Each kind has random numbers of its own, so that measuring one gives what measuring all gives.</summary>
    public static DigitSource SourceFor(string kind, LabelledImages digits, int seed)
    {
        var hash = kind.Aggregate(seed, (sum, letter) => unchecked((sum * 31) + letter));
        return ReaderDigits.SourceOf(digits, SeededRandom.OfItem(hash, 0));
    }

    /// <summary>Makes a picture.</summary>
    public static MadePicture Make(string kind, DigitSource source)
    {
        if (kind.StartsWith(Pad, StringComparison.Ordinal))
        {
            var (picture, label) = PadPictures.Make(source.Random);
            return new MadePicture(kind, picture.ToPicture(), label.ToString(CultureInfo.InvariantCulture));
        }

        if (kind.StartsWith(RarePrefix, StringComparison.Ordinal))
        {
            var rare = new DigitSource(1, _ => ReaderDigits.RareForm(source.Random), source.Random);
            var made = SinglePictures.Make(kind[RarePrefix.Length..], rare);
            return new MadePicture(kind, made.Picture.ToPicture(), made.Label.ToString(CultureInfo.InvariantCulture));
        }

        if (kind.StartsWith(ObjectPrefix, StringComparison.Ordinal))
        {
            var (beside, text) = StringPictures.Make(kind[ObjectPrefix.Length..], source);
            return new MadePicture(kind, BorderObject.Beside(beside, source.Random).ToPicture(), text);
        }

        if (!IsSingle(kind))
        {
            var (picture, text) = StringPictures.Make(kind, source);
            return new MadePicture(kind, picture.ToPicture(), text);
        }

        var scene = SinglePictures.Kinds.Contains(kind) ? SinglePictures.Make(kind, source) : MeasuredPictures.Make(kind, source);
        return new MadePicture(kind, scene.Picture.ToPicture(), scene.Label.ToString(CultureInfo.InvariantCulture));
    }
}
