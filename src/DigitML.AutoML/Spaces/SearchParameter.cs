using System.Text.Json.Serialization;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.AutoML.Spaces;

/// <summary>A setting exists only where another has one of these values: the width of the third layer where there are three.</summary>
/// <param name="Parameter">The other setting, which stands before it in the space.</param>
/// <param name="Values">Those that make it exist.</param>
public sealed record ParameterCondition(string Parameter, IReadOnlyList<SettingValue> Values)
{
    /// <summary>Whether settings fulfil it.</summary>
    /// <param name="settings">Those before it.</param>
    public bool Holds(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.TryGetValue(Parameter, out var value) && Values.Contains(value);
    }

    /// <inheritdoc/>
    public override string ToString() => $"where {Parameter} is {string.Join(" or ", Values)}";
}

/// <summary>One setting that is searched: a range of numbers or a choice.</summary>
[JsonDerivedType(typeof(NumberParameter), "number")]
[JsonDerivedType(typeof(ChoiceParameter), "choice")]
public abstract record SearchParameter
{
    private protected SearchParameter(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>What it is called in tables, charts and files.</summary>
    public string Name { get; }

    /// <summary>Where it exists; empty for everywhere. All must hold.</summary>
    public IReadOnlyList<ParameterCondition> Conditions { get; init; } = [];

    /// <summary>What a value of it does to a network's options; null where the trainer looks it up by its name.</summary>
    [JsonIgnore]
    public Func<MlpOptions, SettingValue, MlpOptions>? Apply { get; init; }

    /// <summary>Whether it exists beside these settings.</summary>
    /// <param name="settings">Those before it.</param>
    public bool IsActive(TrialSettings settings) => Conditions.All(condition => condition.Holds(settings));

    /// <summary>Whether it can have a value.</summary>
    /// <param name="value">The value.</param>
    public abstract bool Contains(SettingValue value);

    /// <summary>A random value.</summary>
    internal abstract SettingValue Sample(SeededRandom random);

    /// <summary>Throws when there is nothing to choose from.</summary>
    internal abstract void Validate();
}

/// <summary>A range of numbers.</summary>
public sealed record NumberParameter : SearchParameter
{
    /// <summary>A range.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="minimum">Least value, included.</param>
    /// <param name="maximum">Greatest value, included.</param>
    public NumberParameter(string name, double minimum, double maximum)
        : base(name) => (Minimum, Maximum) = (minimum, maximum);

    /// <summary>Least value, included.</summary>
    public double Minimum { get; init; }

    /// <summary>Greatest value, included.</summary>
    public double Maximum { get; init; }

    /// <summary>Whether ratios count rather than differences: as often between 0.001 and 0.01 as between 0.01 and 0.1.</summary>
    /// <value>false. True needs a minimum above 0.</value>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether it takes whole numbers alone.</summary>
    /// <value>false.</value>
    public bool IsWhole { get; init; }

    /// <inheritdoc/>
    public override bool Contains(SettingValue value) =>
        !value.IsWord && value.Number >= Minimum && value.Number <= Maximum && (!IsWhole || value.Number == Math.Round(value.Number));

    /// <summary>Where a value lies in the range: 0 at its beginning, 1 at its end.</summary>
    internal double ToUnit(double value)
    {
        var (low, high) = Bounds();
        return high > low ? Math.Clamp(((IsLogarithmic ? Math.Log(value) : value) - low) / (high - low), 0, 1) : 0.5;
    }

    /// <summary>The value that lies there.</summary>
    internal double FromUnit(double place)
    {
        var (low, high) = Bounds();
        var value = low + (Math.Clamp(place, 0, 1) * (high - low));
        value = IsLogarithmic ? Math.Exp(value) : value;

        // Four digits tell settings apart, are read more easily, and survive every file.
        value = IsWhole ? Math.Round(value) : double.Parse(Invariant($"{value:G4}"), System.Globalization.CultureInfo.InvariantCulture);
        return Math.Clamp(value, Minimum, Maximum);
    }

    internal override SettingValue Sample(SeededRandom random) => FromUnit(random.NextDouble());

    internal override void Validate()
    {
        if (!double.IsFinite(Minimum) || !double.IsFinite(Maximum) || Minimum > Maximum)
        {
            throw new ArgumentException(Invariant($"{Name}: a range must be finite and go from its least to its greatest value; got {Minimum} to {Maximum}."));
        }

        if (IsLogarithmic && Minimum <= 0)
        {
            throw new ArgumentException(Invariant($"{Name}: a logarithmic range must begin above 0; got {Minimum} to {Maximum}."));
        }

        if (IsWhole && (Minimum != Math.Round(Minimum) || Maximum != Math.Round(Maximum)))
        {
            throw new ArgumentException(Invariant($"{Name}: a range of whole numbers must begin and end with one; got {Minimum} to {Maximum}."));
        }
    }

    // Half a step beyond the ends, so that the first and the last whole number are as likely as the others.
    private (double Low, double High) Bounds()
    {
        var margin = IsWhole ? 0.4999 : 0;
        return IsLogarithmic ? (Math.Log(Minimum - margin), Math.Log(Maximum + margin)) : (Minimum - margin, Maximum + margin);
    }
}

/// <summary>A choice among words or numbers without an order.</summary>
public sealed record ChoiceParameter : SearchParameter
{
    /// <summary>A choice.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="values">What it may be, each once.</param>
    public ChoiceParameter(string name, params IReadOnlyList<SettingValue> values)
        : base(name) => Values = values;

    /// <summary>What it may be, each once.</summary>
    public IReadOnlyList<SettingValue> Values { get; init; }

    /// <inheritdoc/>
    public override bool Contains(SettingValue value) => Values.Contains(value);

    internal override SettingValue Sample(SeededRandom random) => Values[random.Next(Values.Count)];

    internal override void Validate()
    {
        if (Values is null or { Count: 0 })
        {
            throw new ArgumentException($"{Name}: a choice must have at least one value; got none.");
        }

        if (Values.Distinct().Count() < Values.Count)
        {
            throw new ArgumentException($"{Name}: a choice must have each value once; got {string.Join(", ", Values)}.");
        }
    }
}
