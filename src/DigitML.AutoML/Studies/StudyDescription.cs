using System.Text.Json;
using DigitML.AutoML.Trials;
using DigitML.IO;

namespace DigitML.AutoML.Studies;

/// <summary>What a study is about. Whoever joins one must be about the same.</summary>
public sealed record StudyDescription
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The data's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>Whether a program drew the pictures.</summary>
    public required bool IsSynthetic { get; init; }

    /// <summary><see cref="ExperimentData.Hash"/>.</summary>
    public required string DataHash { get; init; }

    /// <summary>The search space as JSON.</summary>
    public required string Space { get; init; }

    /// <summary>The tuner's name.</summary>
    public required string Tuner { get; init; }

    /// <summary>Epochs at each rung, ascending; the last is a whole training.</summary>
    public required IReadOnlyList<int> Rungs { get; init; }

    /// <summary>What trials are compared by.</summary>
    public required ExperimentMetric Metric { get; init; }

    /// <summary>Where all chance comes from.</summary>
    public required int Seed { get; init; }

    /// <summary>Throws when another description is of another study; the message says in what they differ and what to do.</summary>
    /// <param name="found">What the store holds.</param>
    /// <param name="where">How messages call the store.</param>
    /// <exception cref="DigitException">They differ.</exception>
    public void CheckJoins(StudyDescription found, string where)
    {
        ArgumentNullException.ThrowIfNull(found);
        foreach (var (what, mine, theirs) in new[]
        {
            ("data", $"'{Dataset}' ({DataHash[..12]})", $"'{found.Dataset}' ({found.DataHash[..12]})"),
            ("search space", Digest(Space), Digest(found.Space)),
            ("tuner", Tuner, found.Tuner),
            ("rungs of epochs", string.Join(", ", Rungs), string.Join(", ", found.Rungs)),
            ("metric", Metric.ToString(), found.Metric.ToString()),
            ("seed", Invariant($"{Seed}"), Invariant($"{found.Seed}")),
        })
        {
            if (mine != theirs)
            {
                throw new DigitException($"{where}: expected the study '{Name}' of the {what} {mine} but it is of {theirs}. Give the study the same again, or begin another: another --output, or another name.");
            }
        }
    }

    /// <summary>The description as one line of JSON.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    internal static StudyDescription FromJson(string json, string where)
    {
        try
        {
            return JsonSerializer.Deserialize<StudyDescription>(json) ?? throw new JsonException("it is null.");
        }
        catch (JsonException error)
        {
            throw new DigitException($"{where}: expected a study's description, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Dataset}, {Tuner} over {string.Join(", ", Rungs)} epochs by {Metric}";

    private static string Digest(string text) => FileHash.Of(System.Text.Encoding.UTF8.GetBytes(text))[..12];
}
