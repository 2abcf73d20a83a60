using DigitML.IO;

namespace DigitML.Data;

/// <summary>What sets a collection right that lies, is inked or is numbered otherwise than others.</summary>
internal static class PictureChanges
{
    /// <summary>Rows and columns exchanged.</summary>
    public static LabelledImages Transposed(LabelledImages images)
    {
        var pixels = images.Pixels.ToArray();
        PixelArrays.Transpose(pixels, images.Width, images.Height);
        return new LabelledImages(images.Name, images.Height, images.Width, pixels, images.LabelMemory, images.IsSynthetic, images.Details);
    }

    /// <summary>Light and dark exchanged.</summary>
    public static LabelledImages Inverted(LabelledImages images) => new(
        images.Name,
        images.Width,
        images.Height,
        Array.ConvertAll(images.Pixels.ToArray(), pixel => (byte)(255 - pixel)),
        images.LabelMemory,
        images.IsSynthetic,
        images.Details);

    /// <summary>A number added to every label.</summary>
    /// <exception cref="DigitException">A label would be none.</exception>
    public static LabelledImages Renumbered(LabelledImages images, int offset)
    {
        var labels = new byte[images.Labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var label = images.Labels[i] + offset;
            labels[i] = label is >= 0 and <= 255 ? (byte)label : throw new DigitException(Invariant($"{images.Name}: label {images.Labels[i]} of image {i} would become {label} with an offset of {offset}; labels are 0 to 255."));
        }

        return new LabelledImages(images.Name, images.Width, images.Height, images.PixelMemory, labels, images.IsSynthetic, images.Details with { ClassNames = [] });
    }
}
