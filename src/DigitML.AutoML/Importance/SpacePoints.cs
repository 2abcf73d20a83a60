using DigitML.AutoML.Spaces;
using DigitML.Pixels;

namespace DigitML.AutoML.Importance;

/// <summary>Points of a space as arrays in the order of its settings, null where one does not exist: what is reckoned a hundred thousand times looks up no names.</summary>
internal sealed class SpacePoints
{
    private readonly SearchParameter[] _parameters;
    private readonly (int Parameter, IReadOnlyList<SettingValue> Values)[][] _conditions;
    private readonly int[] _varied;

    /// <summary>Looks through a space once.</summary>
    /// <param name="space">The space.</param>
    /// <param name="varied">Those of its settings that become columns of a forest.</param>
    public SpacePoints(SearchSpace space, IReadOnlyList<SearchParameter> varied)
    {
        _parameters = [.. space.Parameters];
        _conditions = [.. _parameters.Select(parameter => parameter.Conditions.Select(condition => (Array.FindIndex(_parameters, other => other.Name == condition.Parameter), condition.Values)).ToArray())];
        _varied = [.. varied.Select(IndexOf)];
    }

    /// <summary>A setting's place in the arrays.</summary>
    public int IndexOf(SearchParameter parameter) => Array.FindIndex(_parameters, other => other.Name == parameter.Name);

    /// <summary>A trial's settings.</summary>
    public SettingValue?[] Of(TrialSettings settings) => Array.ConvertAll(_parameters, parameter => settings.TryGetValue(parameter.Name, out var value) ? (SettingValue?)value : null);

    /// <summary>The point with another value of one setting: what comes to exist by it is random, what ceases to is left out.</summary>
    public SettingValue?[] Changed(SettingValue?[] point, int index, SettingValue value, SeededRandom random)
    {
        var changed = new SettingValue?[point.Length];
        for (var i = 0; i < changed.Length; i++)
        {
            if (i == index || Exists(i, changed))
            {
                changed[i] = i == index ? value : point[i] ?? _parameters[i].Sample(random);
            }
        }

        return changed;
    }

    /// <summary>The columns of a forest: each setting's place in its range, or the index of its choice; −1 where it does not exist.</summary>
    public double[] Encode(SettingValue?[] point) => Array.ConvertAll(_varied, i => (_parameters[i], point[i]) switch
    {
        (NumberParameter number, { IsWord: false } value) => number.ToUnit(value.Number),
        (ChoiceParameter choice, { } value) => choice.Values.Index().FirstOrDefault(item => item.Item == value, (Index: -1, Item: value)).Index,
        _ => -1.0,
    });

    private bool Exists(int parameter, SettingValue?[] point)
    {
        foreach (var (other, values) in _conditions[parameter])
        {
            if (other < 0 || point[other] is not { } value || !values.Contains(value))
            {
                return false;
            }
        }

        return true;
    }
}
