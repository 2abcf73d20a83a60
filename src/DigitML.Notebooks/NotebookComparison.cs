using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DigitML.Notebooks;

/// <summary>Tells whether a notebook's saved outputs are those that its code gives now.</summary>
public static partial class NotebookComparison
{
    /// <summary>Compares outputs; a time that is printed as <c>Wall time: 3.19 s</c> may differ.</summary>
    /// <param name="saved">As it was on disk.</param>
    /// <param name="rerun">The same notebook, run anew.</param>
    /// <returns>One line for the first difference; null when there is none.</returns>
    public static string? FirstDifference(Notebook saved, Notebook rerun)
    {
        ArgumentNullException.ThrowIfNull(saved);
        ArgumentNullException.ThrowIfNull(rerun);
        if (!saved.Cells.Select(cell => (cell.Type, cell.Source)).SequenceEqual(rerun.Cells.Select(cell => (cell.Type, cell.Source))))
        {
            return $"{saved.Name}: its cells are not those of the notebook that was run.";
        }

        var number = 0;
        foreach (var (before, now) in saved.Cells.Zip(rerun.Cells).Where(pair => pair.First.IsCode))
        {
            number++;
            var (left, right) = (before.Outputs, now.Outputs);
            if (left.Count != right.Count)
            {
                return Invariant($"{saved.Name}: cell [{number}] has {left.Count} saved outputs, but its code gives {right.Count} now. Run the notebook again.");
            }

            for (var i = 0; i < left.Count; i++)
            {
                if (!JsonNode.DeepEquals(Lasting(left[i]), Lasting(right[i])))
                {
                    return Invariant($"{saved.Name}: cell [{number}], output {i + 1}: what is saved is not what its code gives now. Run the notebook again.");
                }
            }
        }

        return null;
    }

    private static JsonNode? Lasting(JsonObject output) => JsonNode.Parse(WallTime().Replace(output.ToJsonString(), "Wall time"));

    [GeneratedRegex(@"Wall time: \d+(\.\d+)? s")]
    private static partial Regex WallTime();
}
