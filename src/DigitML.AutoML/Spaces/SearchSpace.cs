using System.Text.Json;
using DigitML.IO;
using DigitML.Pixels;
using DigitML.Training;

namespace DigitML.AutoML.Spaces;

/// <summary>
/// What is searched: settings with their ranges and choices, each of which can be fixed, narrowed or taken out, and to which others can be
/// added. Immutable: every change gives a new one.
/// </summary>
public sealed partial class SearchSpace
{
    /// <summary>The setting that says which trainer a trial has, where several compete.</summary>
    public const string TrainerSetting = "trainer";

    /// <summary>A space of one's own.</summary>
    /// <param name="parameters">In an order in which conditions look back.</param>
    public SearchSpace(IEnumerable<SearchParameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = [.. parameters];
    }

    /// <summary>The settings.</summary>
    public IReadOnlyList<SearchParameter> Parameters { get; private init; }

    /// <summary>Points that are tried first: what is known to be good elsewhere.</summary>
    public IReadOnlyList<TrialSettings> Starts { get; init; } = [];

    /// <summary>The space as one line of JSON; the same space gives the same text.</summary>
    internal string ToJson() => JsonSerializer.Serialize(Parameters);

    /// <summary>Reads what <see cref="ToJson"/> wrote; what settings do to options is not in it.</summary>
    /// <exception cref="DigitException">The text is no space.</exception>
    internal static SearchSpace FromJson(string json, string where)
    {
        try
        {
            return new SearchSpace(JsonSerializer.Deserialize<SearchParameter[]>(json) ?? throw new JsonException("it is null."));
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or ArgumentException)
        {
            throw new DigitException($"{where}: expected a search space as JSON, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <summary>The setting of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is none; says which there are.</exception>
    public SearchParameter this[string name] => Parameters.FirstOrDefault(parameter => parameter.Name == name)
        ?? throw new ArgumentException($"The search space has no setting '{name}'; it has {string.Join(", ", Parameters.Select(parameter => parameter.Name))}.");

    /// <summary>The same space with one more setting, or one otherwise.</summary>
    /// <param name="parameter">Takes the place of the one of its name, else comes last.</param>
    public SearchSpace With(SearchParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return Changed(Parameters.Any(other => other.Name == parameter.Name)
            ? Parameters.Select(other => other.Name == parameter.Name ? parameter : other)
            : Parameters.Append(parameter));
    }

    /// <summary>The same space with a setting that has one value.</summary>
    /// <param name="name">Which.</param>
    /// <param name="value">Its value; it need not lie in the range that was searched.</param>
    /// <exception cref="ArgumentException">There is no such setting.</exception>
    public SearchSpace Fix(string name, SettingValue value)
    {
        var parameter = this[name];
        return With(new ChoiceParameter(name, value) { Conditions = parameter.Conditions, Apply = parameter.Apply });
    }

    /// <summary>The same space with another range of numbers; of a choice, those of its numbers that lie in it.</summary>
    /// <param name="name">Which setting.</param>
    /// <param name="minimum">Least value, included.</param>
    /// <param name="maximum">Greatest value, included.</param>
    /// <exception cref="ArgumentException">There is no such setting, or it is a choice among words.</exception>
    public SearchSpace Narrow(string name, double minimum, double maximum) => this[name] switch
    {
        NumberParameter range => With(range with { Minimum = minimum, Maximum = maximum }),
        ChoiceParameter choice when choice.Values.All(value => !value.IsWord) => With(choice with { Values = [.. choice.Values.Where(value => value.Number >= minimum && value.Number <= maximum)] }),
        var words => throw new ArgumentException($"{name} is a choice among {string.Join(", ", ((ChoiceParameter)words).Values)}; name those that it shall be.", nameof(name)),
    };

    /// <summary>The same space with other choices.</summary>
    /// <param name="name">Which setting.</param>
    /// <param name="values">What it may be.</param>
    /// <exception cref="ArgumentException">There is no such setting.</exception>
    public SearchSpace Narrow(string name, params IReadOnlyList<SettingValue> values)
    {
        var parameter = this[name];
        return With(new ChoiceParameter(name, values) { Conditions = parameter.Conditions, Apply = parameter.Apply });
    }

    /// <summary>The same space without a setting, which then has the options' default.</summary>
    /// <param name="name">Which.</param>
    /// <exception cref="ArgumentException">There is no such setting.</exception>
    public SearchSpace Without(string name)
    {
        var parameter = this[name];
        return Changed(Parameters.Where(other => other != parameter));
    }

    /// <summary>Throws when there is nothing to search.</summary>
    /// <exception cref="ArgumentException">The space is empty, a range is upside down, a choice has no value, or a condition asks for what is not there.</exception>
    public void Validate()
    {
        if (Parameters.Count == 0)
        {
            throw new ArgumentException("The search space is empty: it must have at least one setting. SearchSpace.ForImages() is a good beginning.");
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var parameter in Parameters)
        {
            parameter.Validate();
            foreach (var condition in parameter.Conditions)
            {
                if (!known.Contains(condition.Parameter))
                {
                    throw new ArgumentException($"{parameter.Name}: its condition asks for '{condition.Parameter}', which must stand before it in the space.");
                }
            }

            if (!known.Add(parameter.Name))
            {
                throw new ArgumentException($"{parameter.Name}: a setting must stand in the space once; it stands there twice.");
            }
        }
    }

    /// <summary>A random point: each setting that exists there, in order.</summary>
    internal TrialSettings Sample(SeededRandom random)
    {
        var settings = TrialSettings.Empty;
        foreach (var parameter in Parameters)
        {
            if (parameter.IsActive(settings))
            {
                settings = settings.With(parameter.Name, parameter.Sample(random));
            }
        }

        return settings;
    }

    /// <summary>A point of another space, as far as it fits in this one; what is missing or does not fit is random.</summary>
    internal TrialSettings Fit(TrialSettings point, SeededRandom random)
    {
        var settings = TrialSettings.Empty;
        foreach (var parameter in Parameters)
        {
            if (parameter.IsActive(settings))
            {
                var value = point.TryGetValue(parameter.Name, out var given) && parameter.Contains(given) ? given : parameter.Sample(random);
                settings = settings.With(parameter.Name, value);
            }
        }

        return settings;
    }

    /// <summary>A network's options at a point of the space.</summary>
    /// <param name="options">What the space leaves open.</param>
    /// <param name="settings">The point.</param>
    /// <exception cref="ArgumentException">The options that come out are out of their range.</exception>
    public MlpOptions Apply(MlpOptions options, TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        foreach (var parameter in Parameters)
        {
            if (parameter.Apply is { } apply && settings.TryGetValue(parameter.Name, out var value))
            {
                options = apply(options, value);
            }
        }

        options.Validate();
        return options;
    }

    private SearchSpace Changed(IEnumerable<SearchParameter> parameters) => new(parameters) { Starts = Starts };

    /// <summary>The settings by name.</summary>
    public override string ToString() => string.Join(", ", Parameters.Select(parameter => parameter.Name));
}
