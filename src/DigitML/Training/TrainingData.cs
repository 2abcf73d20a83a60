using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DigitML.Data;
using DigitML.Models;
using DigitML.Pixels;

namespace DigitML.Training;

/// <summary>
/// What a run learns from: images that train, images that validate, and outliers, which belong to no class; or rows of a table that train and
/// rows that validate.
/// </summary>
public sealed class TrainingData
{
    /// <summary>Takes sets as they are.</summary>
    /// <param name="train">Labelled images of at least two classes.</param>
    /// <param name="validation">Labelled images of the same size and classes that nothing is learnt from; null for none.</param>
    /// <param name="outliers">
    /// Images of the same size that belong to no class; their labels, if any, are not looked at. The network learns to be sure of nothing
    /// there (outlier exposure; Hendrycks, Mazeika and Dietterich 2019). Null for none.
    /// </param>
    /// <exception cref="ArgumentException">Labels are missing, sizes differ, or classes are validated that none trains.</exception>
    public TrainingData(LabelledImages train, LabelledImages? validation = null, LabelledImages? outliers = null)
        : this(Checked(train), [], [], train.Count)
    {
        validation = validation is { Count: > 0 } ? validation : null;
        outliers = outliers is { Count: > 0 } ? outliers : null;
        foreach (var other in new[] { validation, outliers })
        {
            if (other is not null && (other.Width != train.Width || other.Height != train.Height))
            {
                throw new ArgumentException(Invariant($"{other.Name}: expected images of {train.Width}×{train.Height} as {train.Name} has; found {other.Width}×{other.Height}."));
            }
        }

        if (validation is not null && (!validation.HasLabels || validation.ClassCount > train.ClassCount))
        {
            throw new ArgumentException(validation.HasLabels
                ? Invariant($"{validation.Name}: expected labels 0 to {train.ClassCount - 1}, those of {train.Name}; found {validation.ClassCount - 1}.")
                : $"{validation.Name}: validation needs labelled images; these have no labels.");
        }

        var validated = validation?.Count ?? 0;
        var firstOutlier = train.Count + validated;
        if (validation is not null || outliers is not null)
        {
            Rows = new ImageRows(Joined(train, validation, outliers), train.ClassCount, firstOutlier);
        }

        Training = [.. Enumerable.Range(0, train.Count), .. Enumerable.Range(firstOutlier, outliers?.Count ?? 0)];
        Validation = [.. Enumerable.Range(train.Count, validated)];
    }

    /// <summary>Takes tables as they are; nothing is copied.</summary>
    /// <param name="train">Labelled rows of at least two classes.</param>
    /// <param name="validation">Labelled rows of the same features and classes that nothing is learnt from; null for none.</param>
    /// <exception cref="ArgumentException">Labels are missing, widths differ, or classes are validated that none trains.</exception>
    public TrainingData(LabelledFeatures train, LabelledFeatures? validation = null)
        : this(Checked(train), validation is { Count: > 0 } ? validation : null, [.. Enumerable.Range(0, train.Count)], [.. Enumerable.Range(train.Count, validation?.Count ?? 0)])
    {
        if (validation is { Count: > 0 } && (!validation.HasLabels || validation.FeatureCount != train.FeatureCount || validation.ClassCount > train.ClassCount))
        {
            throw new ArgumentException(Invariant(
                $"{validation.Name}: expected labelled rows of {train.FeatureCount} features and at most {train.ClassCount} classes as {train.Name} has; found {validation.FeatureCount} features and {validation.ClassCount} classes."));
        }
    }

    private TrainingData(LabelledImages images, int[] training, int[] validation, int firstOutlier)
    {
        (Source, Training, Validation, ClassCount) = (images, training, validation, images.ClassCount);
        Rows = new ImageRows(images, images.ClassCount, firstOutlier);
    }

    private TrainingData(LabelledFeatures first, LabelledFeatures? second, int[] training, int[] validation)
    {
        (Table, Training, Validation, ClassCount) = (first, training, validation, first.ClassCount);
        Rows = new FeatureRows(first, second, training);
    }

    /// <summary>What the training's history and the model's metadata name: by default the images that train; null for a table.</summary>
    public LabelledImages? Source { get; init; }

    /// <summary>Classes told apart, at least 2.</summary>
    public int ClassCount { get; }

    /// <summary>The table whose rows train; null for images.</summary>
    internal LabelledFeatures? Table { get; }

    /// <summary>All images or rows in one.</summary>
    internal TrainingRows Rows { get; }

    /// <summary>Places in <see cref="Rows"/>.</summary>
    internal int[] Training { get; }

    /// <inheritdoc cref="Training"/>
    internal int[] Validation { get; }

    /// <summary>The data's name.</summary>
    internal string Name => Source?.Name ?? Table!.Name;

    /// <summary>Whether a program drew the images.</summary>
    internal bool IsSynthetic => Source?.IsSynthetic == true;

    /// <summary>The data's hash.</summary>
    internal string Hash => Source?.Hash ?? Table!.Hash;

    /// <summary>A hash of all that the run depends on: every image or row, and which of them train and validate.</summary>
    internal string Fingerprint => field ??= ComputeFingerprint();

    /// <summary>What a model says of its inputs and classes.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Description
    {
        get
        {
            if (Source is { } images)
            {
                yield return new("imageSize", Invariant($"{images.Width}x{images.Height}"));
                if (images.ClassNames.Count > 0)
                {
                    yield return new(Mlp.ClassNamesEntry, JsonSerializer.Serialize(images.ClassNames, DetailsJson.Default.IReadOnlyListString));
                }

                if (images.Details.Frame is { } frame)
                {
                    yield return new(Mlp.FrameEntry, frame);
                }

                yield break;
            }

            if (Table!.Details.FeatureNames.Count > 0)
            {
                yield return new(Mlp.FeatureNamesEntry, JsonSerializer.Serialize(Table.Details.FeatureNames, DetailsJson.Default.IReadOnlyListString));
            }

            if (Table.Details.ClassNames.Count > 0)
            {
                yield return new(Mlp.ClassNamesEntry, JsonSerializer.Serialize(Table.Details.ClassNames, DetailsJson.Default.IReadOnlyListString));
            }
        }
    }

    /// <summary>The images that train, outliers left out.</summary>
    internal LabelledImages TrainingImages() => Images.Images.Select([.. Training.Where(index => index < Images.FirstOutlier)]);

    /// <summary>The images that validate.</summary>
    internal LabelledImages ValidationImages() => Images.Images.Select(Validation);

    private ImageRows Images => (ImageRows)Rows;

    private string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Rows.Hash));
        hash.AppendData(MemoryMarshal.AsBytes<int>([Training.Length, Validation.Length, ClassCount]));
        hash.AppendData(MemoryMarshal.AsBytes(Training.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(Validation.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Holds out the same share of every class, chosen at random; both parts stay in the order of the data.</summary>
    /// <param name="images">Labelled images of at least two classes.</param>
    /// <param name="validationFraction">Share held out of each class, rounded to whole images; at least 0 and below 1.</param>
    /// <param name="seed">Where the choice comes from.</param>
    /// <exception cref="ArgumentException">Labels are missing, or one part would be empty.</exception>
    public static TrainingData Split(LabelledImages images, double validationFraction, int seed)
    {
        Checked(images);
        var (training, validation) = Split(images.Name, [.. images.Labels], images.ClassCount, validationFraction, seed, "images");
        return new TrainingData(images, training, validation, images.Count);
    }

    /// <summary>Holds out the same share of every class, chosen at random; both parts stay in the order of the data.</summary>
    /// <param name="rows">Labelled rows of at least two classes.</param>
    /// <param name="validationFraction">Share held out of each class, rounded to whole rows; at least 0 and below 1.</param>
    /// <param name="seed">Where the choice comes from.</param>
    /// <exception cref="ArgumentException">Labels are missing, or one part would be empty.</exception>
    public static TrainingData Split(LabelledFeatures rows, double validationFraction, int seed)
    {
        Checked(rows);
        var (training, validation) = Split(rows.Name, rows.Labels, rows.ClassCount, validationFraction, seed, "rows");
        return new TrainingData(rows, null, training, validation);
    }

    private static (int[] Training, int[] Validation) Split(string name, ReadOnlySpan<int> labels, int classCount, double validationFraction, int seed, string what)
    {
        var held = new bool[labels.Length];
        if (validationFraction > 0)
        {
            var random = new SeededRandom(seed, RandomStreams.Split);
            var byClass = Array.ConvertAll(new List<int>[classCount], _ => new List<int>());
            for (var i = 0; i < labels.Length; i++)
            {
                byClass[labels[i]].Add(i);
            }

            foreach (var members in byClass)
            {
                var shuffled = members.ToArray();
                random.Shuffle(shuffled);
                foreach (var index in shuffled.AsSpan(0, (int)Math.Round(validationFraction * shuffled.Length, MidpointRounding.AwayFromZero)))
                {
                    held[index] = true;
                }
            }
        }

        var training = Enumerable.Range(0, held.Length).Where(i => !held[i]).ToArray();
        var validation = Enumerable.Range(0, held.Length).Where(i => held[i]).ToArray();
        return training.Length > 0 && (validationFraction == 0 || validation.Length > 0)
            ? (training, validation)
            : throw new ArgumentException(FormattableString.Invariant(
                $"{name}: {held.Length} {what} in {classCount} classes split at {nameof(MlpOptions.ValidationFraction)} {validationFraction} leave {training.Length} to train and {validation.Length} to validate on; give more {what} or another fraction."));
    }

    private static LabelledFeatures Checked(LabelledFeatures rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (!rows.HasLabels)
        {
            throw new ArgumentException($"{rows.Name}: training needs labelled rows; these have no labels.", nameof(rows));
        }

        var first = rows.Labels[0];
        return rows.Labels.ContainsAnyExcept(first)
            ? rows
            : throw new ArgumentException(Invariant($"{rows.Name}: training needs at least two classes; every label is {(rows.Details.ClassNames.Count > first ? $"'{rows.Details.ClassNames[first]}'" : first)}."), nameof(rows));
    }

    private static LabelledImages Checked(LabelledImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (!images.HasLabels)
        {
            throw new ArgumentException($"{images.Name}: training needs labelled images; these have no labels.", nameof(images));
        }

        return images.ClassCount >= 2
            ? images
            : throw new ArgumentException($"{images.Name}: training needs at least two classes; every label is 0.", nameof(images));
    }

    private static LabelledImages Joined(LabelledImages train, LabelledImages? validation, LabelledImages? outliers)
    {
        var count = checked(train.Count + (validation?.Count ?? 0) + (outliers?.Count ?? 0));
        var pixels = new byte[checked(count * train.PixelsPerImage)];
        var labels = new byte[count];
        var place = 0;
        foreach (var part in new[] { train, validation, outliers })
        {
            if (part is not null)
            {
                part.Pixels.CopyTo(pixels.AsSpan(place * train.PixelsPerImage));
                (part == outliers ? [] : part.Labels).CopyTo(labels.AsSpan(place));
                place += part.Count;
            }
        }

        return new LabelledImages(train.Name, train.Width, train.Height, pixels, labels, train.IsSynthetic, train.Details);
    }
}

/// <summary>Names as a model's metadata holds them.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class DetailsJson : System.Text.Json.Serialization.JsonSerializerContext;
