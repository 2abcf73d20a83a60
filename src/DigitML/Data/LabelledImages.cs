using System.Buffers.Binary;
using System.Security.Cryptography;
using DigitML.IO;

namespace DigitML.Data;

/// <summary>
/// Grey pictures of one size with their labels, held as bytes in one block: picture after picture,
/// each row-major from the top left, one byte a pixel, 0 the ground and 255 the ink, as in MNIST.
/// </summary>
/// <remarks>Immutable as long as the caller leaves the arrays alone that were given; nothing is copied.</remarks>
[TypeFormatterSource(typeof(RichDisplay), PreferredMimeTypes = [RichDisplay.Svg])]
public sealed partial class LabelledImages
{
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly ReadOnlyMemory<byte> _labels;
    private readonly Lazy<string> _hash;

    /// <summary>Wraps pixels and labels.</summary>
    /// <param name="name">What the pictures are, as figures about them shall call them: <c>MNIST train</c>.</param>
    /// <param name="width">Pixels a row, at least 1.</param>
    /// <param name="height">Rows a picture, at least 1.</param>
    /// <param name="pixels">[count, height, width], 0 to 255.</param>
    /// <param name="labels">[count] classes from 0, or empty when they are not known.</param>
    /// <param name="isSynthetic">Whether a program drew the pictures.</param>
    /// <param name="details">Names of classes, and how the pictures came to their size; null for none.</param>
    /// <exception cref="ArgumentException">Pixels are no whole number of pictures, labels are not one each, or one has no name where others do.</exception>
    public LabelledImages(string name, int width, int height, ReadOnlyMemory<byte> pixels, ReadOnlyMemory<byte> labels = default, bool isSynthetic = false, ImageDetails? details = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        PixelsPerImage = checked(width * height);
        if (pixels.Length % PixelsPerImage != 0)
        {
            throw new ArgumentException(Invariant($"{name}: expected a whole number of {width}×{height} pictures but got {pixels.Length} pixels."), nameof(pixels));
        }

        Count = pixels.Length / PixelsPerImage;
        if (!labels.IsEmpty && labels.Length != Count)
        {
            throw new ArgumentException($"{name}: expected one label for each of {Count} images but got {labels.Length} labels.", nameof(labels));
        }

        Name = name;
        Width = width;
        Height = height;
        IsSynthetic = isSynthetic;
        _pixels = pixels;
        _labels = labels;
        HasLabels = Count > 0 && !labels.IsEmpty;
        var highest = -1;
        foreach (var label in labels.Span)
        {
            highest = Math.Max(highest, label);
        }

        Details = details ?? ImageDetails.None;
        if (ClassNames.Count > 0 && highest >= ClassNames.Count)
        {
            throw new ArgumentException(Invariant($"{name}: expected a name for each class but label {highest} has none among {ClassNames.Count}."), nameof(details));
        }

        ClassCount = Math.Max(highest + 1, ClassNames.Count);
        _hash = new Lazy<string>(ComputeHash);
    }

    /// <summary>What the pictures are, as figures about them call them.</summary>
    public string Name { get; }

    /// <summary>Pixels a row.</summary>
    public int Width { get; }

    /// <summary>Rows a picture.</summary>
    public int Height { get; }

    /// <summary><see cref="Width"/> × <see cref="Height"/>.</summary>
    public int PixelsPerImage { get; }

    /// <summary>How many pictures there are.</summary>
    public int Count { get; }

    /// <summary>Whether a program drew the pictures; a figure about them must say so.</summary>
    public bool IsSynthetic { get; }

    /// <summary>Whether every picture has its label.</summary>
    public bool HasLabels { get; }

    /// <summary>Classes: as many as have names, or the highest label plus one; 0 without either.</summary>
    public int ClassCount { get; }

    /// <summary>The classes' names in the order of the labels; empty when a class is called by its number.</summary>
    public IReadOnlyList<string> ClassNames => Details.ClassNames;

    /// <summary>Names of classes, and how the pictures came to their size.</summary>
    public ImageDetails Details { get; }

    /// <summary>All pixels: [count, height, width].</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.Span;

    /// <summary>All labels: [count], or empty.</summary>
    public ReadOnlySpan<byte> Labels => _labels.Span;

    /// <summary>The same as <see cref="Pixels"/>, to keep.</summary>
    public ReadOnlyMemory<byte> PixelMemory => _pixels;

    /// <summary>The same as <see cref="Labels"/>, to keep.</summary>
    public ReadOnlyMemory<byte> LabelMemory => _labels;

    /// <summary>SHA-256 in lower-case hexadecimal over size, pixels and labels; computed once, when first asked for.</summary>
    public string Hash => _hash.Value;

    /// <summary>One picture's pixels: [height, width].</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    public ReadOnlySpan<byte> Image(int index)
    {
        CheckIndex(index);
        return _pixels.Span.Slice(index * PixelsPerImage, PixelsPerImage);
    }

    /// <summary>One picture's label.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="InvalidOperationException">The pictures have no labels.</exception>
    public int Label(int index)
    {
        CheckIndex(index);
        return HasLabels ? _labels.Span[index] : throw new InvalidOperationException($"{Name} has no labels.");
    }

    /// <summary>The first pictures, without copying.</summary>
    /// <param name="count">How many, 0 to <see cref="Count"/>.</param>
    public LabelledImages Take(int count) => Slice(0, count);

    /// <summary>A run of pictures, without copying.</summary>
    /// <param name="start">The first.</param>
    /// <param name="count">How many.</param>
    public LabelledImages Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new LabelledImages(
            Name,
            Width,
            Height,
            _pixels.Slice(start * PixelsPerImage, count * PixelsPerImage),
            HasLabels ? _labels.Slice(start, count) : default,
            IsSynthetic,
            Details);
    }

    /// <summary>Copies of chosen pictures, in the order given.</summary>
    /// <param name="indices">Each 0 to <see cref="Count"/> − 1; may repeat.</param>
    public LabelledImages Select(ReadOnlySpan<int> indices)
    {
        var pixels = new byte[checked(indices.Length * PixelsPerImage)];
        var labels = HasLabels ? new byte[indices.Length] : [];
        for (var i = 0; i < indices.Length; i++)
        {
            Image(indices[i]).CopyTo(pixels.AsSpan(i * PixelsPerImage));
            if (HasLabels)
            {
                labels[i] = Labels[indices[i]];
            }
        }

        return new LabelledImages(Name, Width, Height, pixels, labels, IsSynthetic, Details);
    }

    /// <summary>The same pictures under another name, without copying.</summary>
    /// <param name="name">What figures about them shall call them.</param>
    public LabelledImages Named(string name) => new(name, Width, Height, _pixels, _labels, IsSynthetic, Details);

    /// <summary>A copy of these images and, behind them, of others.</summary>
    /// <param name="others">Images of the same size, with labels if these have any.</param>
    /// <exception cref="ArgumentException">Sizes differ, or only one of the two has labels.</exception>
    public LabelledImages Concat(LabelledImages others)
    {
        ArgumentNullException.ThrowIfNull(others);
        if (others.Width != Width || others.Height != Height || (others.HasLabels != HasLabels && Count > 0 && others.Count > 0))
        {
            throw new ArgumentException(Invariant($"{others.Name}: expected images of {Width}×{Height} {(HasLabels ? "with" : "without")} labels as {Name} has; found {others.Width}×{others.Height} {(others.HasLabels ? "with" : "without")} labels."), nameof(others));
        }

        var pixels = new byte[checked(_pixels.Length + others._pixels.Length)];
        _pixels.CopyTo(pixels);
        others._pixels.CopyTo(pixels.AsMemory(_pixels.Length));
        return new LabelledImages(Name, Width, Height, pixels, (byte[])[.. Labels, .. others.Labels], IsSynthetic || others.IsSynthetic, Details);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Name}: {Count} images of {Width}×{Height}{(HasLabels ? $", {ClassCount} classes" : ", no labels")}{(IsSynthetic ? ", synthetic" : "")}";

    private void CheckIndex(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, Invariant($"{Name} has images 0 to {Count - 1}."));
        }
    }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> size = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(size, Count);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], Height);
        BinaryPrimitives.WriteInt32LittleEndian(size[8..], Width);
        hash.AppendData(size);
        hash.AppendData(_pixels.Span);
        hash.AppendData(_labels.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>What is known of pictures beside their pixels and labels.</summary>
public sealed record ImageDetails
{
    /// <summary>Nothing.</summary>
    internal static ImageDetails None { get; } = new();

    /// <summary>The classes' names, in the order of the labels.</summary>
    /// <value>Empty: a class is called by its number.</value>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>How pictures of any size were brought to this one, as a model that learns from them must be given its pictures: see <see cref="PictureFrame"/>.</summary>
    /// <value>null: they had this size.</value>
    public string? Frame { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Invariant($"{nameof(ImageDetails)} {{ {ClassNames.Count} class names, frame {Frame ?? "as they are"} }}");
}
