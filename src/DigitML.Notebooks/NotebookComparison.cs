using System.Text.Json.Nodes;

namespace DigitML.Notebooks;

/// <summary>Tells whether a notebook's saved outputs are those that its code gives now.</summary>
public static class NotebookComparison
{
    /// <summary>Compares outputs; those of <c>#!time</c> may differ.</summary>
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
            var (left, right) = (Lasting(before), Lasting(now));
            if (left.Length != right.Length)
            {
                return $"{saved.Name}: cell [{number}] has {left.Length} saved outputs, but its code gives {right.Length} now. Run the notebook again.";
            }

            for (var i = 0; i < left.Length; i++)
            {
                if (!JsonNode.DeepEquals(left[i], right[i]))
                {
                    return $"{saved.Name}: cell [{number}], output {i + 1}: what is saved is not what its code gives now. Run the notebook again.";
                }
            }
        }

        return null;
    }

    private static JsonObject[] Lasting(NotebookCell cell) =>
        [.. cell.Outputs.Where(output => output["metadata"] is not JsonObject metadata || !metadata.ContainsKey("timing"))];
}
