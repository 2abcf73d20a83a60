namespace DigitML.Data;

/// <summary>What is particular to EMNIST (Cohen et al. 2017): the classes behind its labels. Its pictures lie transposed.</summary>
internal static class Emnist
{
    private const string Digits = "0123456789";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";

    // Letters whose two forms look alike are merged.
    private const string Unmerged = "abdefghnqrt";

    /// <summary>Names the classes of pictures by which of EMNIST's splits their file's name says they are.</summary>
    public static LabelledImages Name(LabelledImages images, string file)
    {
        var split = file.Split('-') is [_, var second, ..] ? second.ToLowerInvariant() : "";
        var (classes, first) = split switch
        {
            "letters" => (Upper, 1),
            "byclass" => (Digits + Upper + Lower, 0),
            "bymerge" or "balanced" => (Digits + Upper + Unmerged, 0),
            _ => ("", 0),
        };
        if (classes.Length == 0 || images.Labels.ContainsAnyExceptInRange((byte)first, (byte)(classes.Length - 1 + first)))
        {
            return images;
        }

        var labels = images.LabelMemory;
        if (first > 0)
        {
            // Letters count from 1 there.
            labels = Array.ConvertAll(images.Labels.ToArray(), label => (byte)(label - first));
        }

        return new LabelledImages(images.Name, images.Width, images.Height, images.PixelMemory, labels, images.IsSynthetic, new ImageDetails { ClassNames = [.. classes.Select(letter => letter.ToString())] });
    }
}
