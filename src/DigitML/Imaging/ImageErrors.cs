using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>The two sentences that every decoder says of bad files.</summary>
internal static class ImageErrors
{
    /// <summary>The file contradicts its format.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="what">What was found and expected, without a full stop.</param>
    public static DigitException Damaged(string format, string what) =>
        new($"{format} {what}. The file is damaged; save or download it again.");

    /// <summary>The file ends too early.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="where">Where it ends: <c>inside its header</c>.</param>
    public static DigitException CutShort(string format, string where) =>
        new($"{format} ends {where}. The file is cut short; save or download it again.");

    /// <summary>The file is sound but of a kind that is not read.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="kind">The kind.</param>
    public static DigitException NotRead(string format, string kind) =>
        new($"{format} is {kind}, which is not read. Save it as a plain JPEG or PNG.");

    /// <summary>The file is sound but of a kind that the library alone does not read.</summary>
    /// <param name="format">The format's name.</param>
    /// <param name="kind">The kind.</param>
    public static DigitException InPackage(string format, string kind) =>
        new($"{format} is {kind}, which the library alone does not read. {UnreadFormats.Remedy}");
}
