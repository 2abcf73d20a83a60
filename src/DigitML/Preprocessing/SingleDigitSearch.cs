using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// The candidates for a picture's one digit: each a binarisation and the connected components that belong to the digit.
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

/// <summary>One candidate for a picture's digit.</summary>
/// <param name="Ink">The ink of the whole picture under the same assumptions.</param>
/// <param name="Box">The tight box around the pieces that are taken.</param>
/// <param name="Frame">[28, 28] as MNIST has it, 0 to 255.</param>
/// <param name="Prior">Log-odds of the assumptions, before the network has seen the frame.</param>
internal sealed record DigitCandidate(InkMap Ink, PixelBox Box, byte[] Frame, double Prior);
