using DigitML.Data;
using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>Holds out the same share of every class.</summary>
internal static class StratifiedSplit
{
    /// <summary>Chooses which images train and which validate; both in the order of the data.</summary>
    /// <param name="images">Labelled images.</param>
    /// <param name="fraction">Share held out of each class, rounded to whole images.</param>
    /// <param name="seed">Where the choice comes from.</param>
    /// <exception cref="ArgumentException">One side would be empty.</exception>
    public static (int[] Training, int[] Validation) Split(LabelledImages images, double fraction, int seed)
    {
        var held = new bool[images.Count];
        if (fraction > 0)
        {
            var random = new SeededRandom(seed, RandomStreams.Split);
            var byClass = new List<int>[images.ClassCount];
            for (var i = 0; i < byClass.Length; i++)
            {
                byClass[i] = [];
            }

            for (var i = 0; i < images.Count; i++)
            {
                byClass[images.Labels[i]].Add(i);
            }

            foreach (var members in byClass)
            {
                var shuffled = members.ToArray();
                random.Shuffle(shuffled);
                foreach (var index in shuffled.AsSpan(0, (int)Math.Round(fraction * shuffled.Length, MidpointRounding.AwayFromZero)))
                {
                    held[index] = true;
                }
            }
        }

        var training = Enumerable.Range(0, images.Count).Where(i => !held[i]).ToArray();
        var validation = Enumerable.Range(0, images.Count).Where(i => held[i]).ToArray();
        if (training.Length == 0 || (fraction > 0 && validation.Length == 0))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{images.Name}: {images.Count} images in {images.ClassCount} classes split at {nameof(MlpOptions.ValidationFraction)} {fraction} leave {training.Length} to train and {validation.Length} to validate on; give more images or another fraction."));
        }

        return (training, validation);
    }
}
