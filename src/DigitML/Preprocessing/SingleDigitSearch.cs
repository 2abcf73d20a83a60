namespace DigitML.Preprocessing;

/// <summary>
/// The ways to take a picture's ink as one digit: how the ink is taken, and which pieces of it belong to the digit.
/// Each has a prior; the network says which of them looks like a digit.
/// </summary>
internal static class SingleDigitSearch
{
    /// <summary>Every way, the likeliest before reading first; empty when there is no ink.</summary>
    public static List<DigitCandidate> Find(Plane picture)
    {
        var candidates = new List<DigitCandidate>();
        foreach (var (ink, prior) in InkSearch.Find(picture, isPage: false))
        {
            var components = ink.Components;
            foreach (var (group, groupPrior) in DigitGroups.Of(ink))
            {
                var box = DigitGroups.BoxOf(group);
                candidates.Add(new DigitCandidate(ink, box, DigitFrame.Put(DigitGroups.InkOf(ink, components, group, box)), prior + groupPrior));
            }
        }

        candidates.Sort((a, b) => b.Prior.CompareTo(a.Prior));
        return candidates;
    }
}
