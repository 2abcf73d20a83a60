using DigitML.Data;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.AutoML.Trials;

/// <summary>What a study learns: pictures or a table, with the part that trials are compared on.</summary>
public sealed class ExperimentData
{
    private ExperimentData(LabelledImages? images, LabelledImages? validationImages, LabelledFeatures? table = null, LabelledFeatures? validationTable = null)
    {
        (Images, ValidationImages, Table, ValidationTable) = (images, validationImages, table, validationTable);
        Whole = this;
    }

    /// <summary>The same data with nothing held out but what was given to validate on: what the winner is trained on.</summary>
    public ExperimentData Whole { get; private init; }

    /// <summary>Pictures to train on; null for a table.</summary>
    public LabelledImages? Images { get; }

    /// <summary>Pictures to compare trials on; null for a table, and when nothing is held out.</summary>
    public LabelledImages? ValidationImages { get; }

    /// <summary>Rows to train on; null for pictures.</summary>
    public LabelledFeatures? Table { get; }

    /// <summary>Rows to compare trials on; null for pictures, and when nothing is held out.</summary>
    public LabelledFeatures? ValidationTable { get; }

    /// <summary>The data's name.</summary>
    public string Name => Images?.Name ?? Table!.Name;

    /// <summary>SHA-256 of what trains and of what validates, in lower-case hexadecimal.</summary>
    public string Hash => FileHash.Of(System.Text.Encoding.ASCII.GetBytes($"{Images?.Hash ?? Table!.Hash} {ValidationImages?.Hash ?? ValidationTable?.Hash}"));

    /// <summary>Whether a program drew the pictures; a figure about them must say so.</summary>
    public bool IsSynthetic => Images?.IsSynthetic == true;

    /// <summary>Examples that train.</summary>
    public int Count => Images?.Count ?? Table!.Count;

    /// <summary>Examples that trials are compared on.</summary>
    public int ValidationCount => ValidationImages?.Count ?? ValidationTable?.Count ?? 0;

    /// <summary>Classes told apart.</summary>
    public int ClassCount => Images?.ClassCount ?? Table!.ClassCount;

    /// <summary>What the classes are called; empty when by their numbers.</summary>
    public IReadOnlyList<string> ClassNames => Images?.ClassNames ?? Table!.Details.ClassNames;

    /// <summary>As a network's trainer takes them.</summary>
    internal TrainingData ToTrainingData() => Images is { } images ? new TrainingData(images, ValidationImages) : new TrainingData(Table!, ValidationTable);

    /// <summary>Pictures of which a share is held out.</summary>
    /// <param name="train">Labelled, at least two classes of at least two examples.</param>
    /// <param name="validation">What trials are compared on; null to hold a share of each class out.</param>
    /// <param name="validationFraction">That share.</param>
    /// <param name="seed">What it is chosen by.</param>
    /// <exception cref="DigitException">A class has one example.</exception>
    internal static ExperimentData Of(LabelledImages train, LabelledImages? validation, double validationFraction, int seed)
    {
        if (validation is not null)
        {
            return new ExperimentData(train, validation);
        }

        CheckClasses(train.Name, [.. train.Labels], train.ClassCount, train.ClassNames);
        var split = TrainingData.Split(train, validationFraction, seed);
        return new ExperimentData(split.TrainingImages(), split.ValidationImages()) { Whole = new ExperimentData(train, null) };
    }

    /// <summary>A table of which a share is held out; as for pictures.</summary>
    /// <inheritdoc cref="Of(LabelledImages, LabelledImages?, double, int)"/>
    internal static ExperimentData Of(LabelledFeatures train, LabelledFeatures? validation, double validationFraction, int seed)
    {
        if (validation is not null)
        {
            return new ExperimentData(null, null, train, validation);
        }

        CheckClasses(train.Name, train.Labels, train.ClassCount, train.Details.ClassNames);
        var split = TrainingData.Split(train, validationFraction, seed);
        return new ExperimentData(null, null, train.Select(split.Training, train.Name), train.Select(split.Validation, train.Name)) { Whole = new ExperimentData(null, null, train) };
    }

    private static void CheckClasses(string name, ReadOnlySpan<int> labels, int classCount, IReadOnlyList<string> names)
    {
        var counts = new int[classCount];
        foreach (var label in labels)
        {
            counts[label]++;
        }

        var single = Array.IndexOf(counts, 1);
        if (single >= 0)
        {
            throw new DigitException(Invariant($"{name}: class '{(names.Count > single ? names[single] : single)}' has one example, but a search needs one to learn from and one to compare trials on. Give more of it, or leave the class out."));
        }
    }

    private static void CheckClasses(string name, byte[] labels, int classCount, IReadOnlyList<string> names) =>
        CheckClasses(name, Array.ConvertAll(labels, label => (int)label), classCount, names);
}
