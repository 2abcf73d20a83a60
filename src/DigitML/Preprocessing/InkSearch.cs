namespace DigitML.Preprocessing;

/// <summary>The ways to take a picture's ink: polarity, threshold, with lines or without.</summary>
internal static class InkSearch
{
    /// <summary>Beyond these log-odds the picture's polarity is plain and the other one is not tried.</summary>
    private const double PlainPolarity = 5;

    private const double EdgeWeight = 8;

    private const double SecondThresholdPrior = -0.7;

    private const double WithoutLinesPrior = 0.7;

    /// <summary>A single line may be a seven's bar or a two's base.</summary>
    private const double WithoutOneLinePrior = -1;

    /// <summary>Upright lines of pages are as tall as the page: a one is not.</summary>
    private const double PageUprightShare = 0.9;

    /// <summary>Every way with its prior log-odds, before the network has seen anything.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="isPage">Whether the picture may show several digits rather than one.</param>
    public static IEnumerable<(InkMap Ink, double Prior)> Find(Plane picture, bool isPage)
    {
        var odds = PolarityPrior.LogOdds(picture);
        foreach (var isLightOnDark in new[] { false, true })
        {
            var prior = isLightOnDark ? -odds : odds;
            if (prior < -PlainPolarity)
            {
                continue;
            }

            foreach (var ink in InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark)))
            {
                var edges = EdgeWeight * (ink.EdgeSupport() - 1);
                yield return (ink, prior + edges);
                var removed = isPage ? LineRemover.Remove(ink, PageUprightShare) : LineRemover.Remove(ink);
                if (removed is var (without, lines))
                {
                    yield return (without, prior + edges + (lines == 1 && !isPage ? WithoutOneLinePrior : WithoutLinesPrior));
                }

                prior += SecondThresholdPrior;
            }
        }
    }
}
