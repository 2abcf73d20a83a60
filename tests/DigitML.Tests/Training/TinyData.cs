using DigitML.Data;
using DigitML.Pixels;

namespace DigitML.Tests.Training;

/// <summary>Small labelled pictures made from a seed: each class is a random pattern, each picture the pattern with noise.</summary>
internal static class TinyData
{
    public static LabelledImages Create(int count, int classes, int width, int height, int seed, double density = 0.3)
    {
        var random = new SeededRandom(seed, 99);
        var size = width * height;
        var patterns = new byte[classes * size];
        for (var i = 0; i < patterns.Length; i++)
        {
            patterns[i] = random.NextDouble() < density ? (byte)(100 + random.Next(156)) : (byte)0;
        }

        var pixels = new byte[count * size];
        var labels = new byte[count];
        for (var image = 0; image < count; image++)
        {
            labels[image] = (byte)(image % classes);
            for (var i = 0; i < size; i++)
            {
                var pattern = patterns[(labels[image] * size) + i];
                pixels[(image * size) + i] = random.NextDouble() < 0.2 ? (byte)random.Next(256) : pattern;
            }
        }

        return new LabelledImages("tiny", width, height, pixels, labels, isSynthetic: true);
    }
}
