namespace DigitML.Pictures;

/// <summary>The draws that picture making needs of a seeded generator.</summary>
internal static class RandomDraws
{
    public static float Between(this Random random, float least, float most) => least + ((most - least) * random.NextSingle());

    /// <summary>Evenly spread on a logarithmic scale: as often between 20 and 40 as between 200 and 400.</summary>
    public static float Scale(this Random random, float least, float most) => least * MathF.Pow(most / least, random.NextSingle());

    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    /// <summary>A draw from the standard normal distribution, by Box and Muller.</summary>
    public static float Normal(this Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
