using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// The candidates for a picture's one digit: each a binarisation and the connected components that belong to the digit.
/// Each has a prior; the network says which of them looks like a digit.
/// </summary>
internal static class SingleDigitSearch
{
    /// <summary>A picture of MNIST's size may be one of its digits, blurred or crossed out, and in its place already.</summary>
    private const double AsItIsPrior = -0.5;

    /// <summary>Pixels by which such a digit's centre of mass may lie off the middle.</summary>
    private const double MostOffCentre = 2.5;

    /// <summary>Every way, the likeliest before reading first; empty when there is no ink.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="hasLines">Whether there may be ruled lines or boxes to take away.</param>
    /// <param name="isWanted">Whether what lies in a box is known to be the digit's; null where nothing is known.</param>
    /// <param name="isClose">Whether the ground follows light and shadow closely, under thin strokes.</param>
    /// <param name="cancellationToken">Looked at between the ways.</param>
    public static List<DigitCandidate> Find(Plane picture, bool hasLines = true, Predicate<PixelBox>? isWanted = null, bool isClose = false, CancellationToken cancellationToken = default)
    {
        var candidates = new List<DigitCandidate>();
        foreach (var (ink, prior) in InkSearch.Find(picture, isPage: false, hasLines, isWanted, isClose, cancellationToken))
        {
            if (AsItIs(ink, prior) is { } whole)
            {
                candidates.Add(whole);
            }

            var components = ink.Components;
            var wanted = isWanted is null ? [] : components.All.Where(component => isWanted(component.Box)).ToList();
            foreach (var (found, groupPrior, leftOver) in DigitGroups.Of(ink))
            {
                List<InkComponent> group = wanted.Count == 0 ? found : [.. found.Union(wanted)];
                var box = DigitGroups.BoxOf(group);
                candidates.Add(new DigitCandidate(ink, box, DigitFrame.Put(DigitGroups.InkOf(ink, components, group, box)), prior + groupPrior, leftOver) { Group = group });
            }
        }

        candidates.Sort((a, b) => b.Prior.CompareTo(a.Prior));
        return candidates;
    }

    /// <summary>All that is darker than the ground, where it is: framing anew what is blurred makes it smaller, and what crosses it moves it.</summary>
    private static DigitCandidate? AsItIs(InkMap ink, double prior)
    {
        var darkness = ink.Source.Darkness;
        if (darkness.Width != MnistFrame.Side || darkness.Height != MnistFrame.Side || MnistFrame.TightBox(ink.Ink) is not { } box)
        {
            return null;
        }

        var (x, y) = MnistFrame.CentreOfMass(darkness);
        if (Math.Max(Math.Abs(x - (MnistFrame.Side / 2)), Math.Abs(y - (MnistFrame.Side / 2))) > MostOffCentre)
        {
            return null;
        }

        var most = darkness.Values.Max();
        return new DigitCandidate(ink, box, new Plane(darkness.Width, darkness.Height, Array.ConvertAll(darkness.Values, value => value / most)).ToBytes(), prior + AsItIsPrior, LeftOver: 0) { Group = ink.Components.All };
    }
}

/// <summary>One candidate for a picture's digit.</summary>
/// <param name="Ink">The ink of the whole picture under the same assumptions.</param>
/// <param name="Box">The tight box around the pieces that are taken.</param>
/// <param name="Frame">[28, 28] as MNIST has it, 0 to 255.</param>
/// <param name="Prior">Log-odds of the assumptions, before the network has seen the frame.</param>
/// <param name="LeftOver">What of them the ink cost that is in no line and not the digit's; at least 0.</param>
internal sealed record DigitCandidate(InkMap Ink, PixelBox Box, byte[] Frame, double Prior, double LeftOver)
{
    /// <summary>The pieces that are taken.</summary>
    public IReadOnlyList<InkComponent> Group { get; init; } = [];
}
