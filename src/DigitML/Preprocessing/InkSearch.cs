using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>The binarisations of a picture worth trying: polarity, threshold, with ruled lines or without.</summary>
internal static class InkSearch
{
    /// <summary>Beyond these log-odds the picture's polarity is plain and the other one is not tried.</summary>
    private const double PlainPolarity = 5;

    /// <summary>Four grey levels: paper of one tone, black and white ones too, has no ink.</summary>
    private const float LeastContrast = 4 / 255f;

    private const double EdgeWeight = 8;

    /// <summary>A higher threshold is to leave strokes whole; where it takes grain out of them, their outline grows.</summary>
    private const double MostRaggedness = 1.3;

    private const double SecondThresholdPrior = -0.7;

    /// <summary>A ground that follows shadows closely sinks into broad strokes: it has to explain the picture far better.</summary>
    private const double CloseGroundPrior = -3;

    private const double WithoutLinesPrior = 0.7;

    /// <summary>A single line may be a seven's bar or a two's base.</summary>
    private const double WithoutOneLinePrior = -1;

    /// <summary>Where a line may be a stroke as well, what is taken out is ink that is left over.</summary>
    private const double LeftOverWeight = 3;

    /// <summary>A box around a digit may have this share of the ink for nothing.</summary>
    private const double BoxInk = 0.5;

    /// <summary>Every way with its prior log-odds, before the network has seen anything.</summary>
    /// <param name="picture">0 black to 1 white.</param>
    /// <param name="isPage">Whether the picture may show several digits rather than one.</param>
    /// <param name="hasLines">Whether there may be ruled lines or boxes to take away.</param>
    /// <param name="isWanted">Whether what lies in a box is known to be ink of a digit, so that no line is taken out of it; null where nothing is known.</param>
    /// <param name="isClose">Whether the ground follows light and shadow closely, under thin strokes.</param>
    /// <param name="cancellationToken">Looked at before each of the steps, which take tens of milliseconds of a photograph.</param>
    public static IEnumerable<(InkMap Ink, double Prior)> Find(
        Plane picture, bool isPage, bool hasLines = true, Predicate<PixelBox>? isWanted = null, bool isClose = false, CancellationToken cancellationToken = default)
    {
        if (picture.Values.Max() - picture.Values.Min() < LeastContrast)
        {
            yield break;
        }

        var odds = PolarityPrior.LogOdds(picture);
        foreach (var isLightOnDark in new[] { false, true })
        {
            var prior = (isLightOnDark ? -odds : odds) + (isClose ? CloseGroundPrior : 0);
            if (prior < -PlainPolarity)
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var least = double.MaxValue;
            foreach (var ink in InkExtractor.Extract(DarknessMap.Make(picture, isLightOnDark, isClose)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var raggedness = ink.OutlineShare();
                if (raggedness > MostRaggedness * least)
                {
                    continue;
                }

                least = Math.Min(least, raggedness);
                var edges = EdgeWeight * (ink.EdgeSupport() - 1);
                cancellationToken.ThrowIfCancellationRequested();
                yield return (ink, prior + edges);
                cancellationToken.ThrowIfCancellationRequested();
                if (hasLines && LineRemover.Remove(ink, isPage, isWanted) is { } removed)
                {
                    yield return (removed.Ink, prior + edges + LinesPrior(removed, isPage));
                }

                prior += SecondThresholdPrior;
            }
        }
    }

    private static double LinesPrior(RemovedLines removed, bool isPage)
    {
        // A picture of one digit has few places for lines: all that is taken out of it may have been the digit's.
        var prior = removed.IsBox || (removed.IsRuling && (isPage || removed.Count > 1)) ? WithoutLinesPrior : WithoutOneLinePrior;
        if (removed.IsRuling && isPage)
        {
            return prior;
        }

        // The sides of a box may be half of all ink; a tight seven's bar and stem are more of it.
        return prior - (LeftOverWeight * Math.Max(0, removed.Share - (removed.IsBox ? BoxInk : 0)));
    }
}
