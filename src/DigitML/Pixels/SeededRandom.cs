namespace DigitML.Pixels;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): a small generator whose stream is fixed by its seed on every machine and
/// every version of the runtime. Streams for different purposes are told apart by a second number.
/// </summary>
internal sealed class SeededRandom
{
    private const ulong Increment = 0x9E3779B97F4A7C15UL;

    private ulong _state;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">What the numbers are for; other streams of the same seed are independent of it.</param>
    public SeededRandom(long seed, ulong stream) => _state = Mix((ulong)seed + (Increment * (stream + 1)));

    private SeededRandom(ulong state) => _state = state;

    /// <summary>Starts the stream of one item of an endless series, independent of the streams for purposes.</summary>
    /// <param name="seed">The series.</param>
    /// <param name="index">The item's place in it.</param>
    public static SeededRandom OfItem(int seed, long index) =>
        // Mixed one after the other, so that neighbouring seeds and places share nothing.
        new(Mix((Mix((uint)seed + Increment) ^ (ulong)index) + Increment));

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += Increment;
        return Mix(_state);
    }

    /// <summary>Uniform from 0 to <paramref name="bound"/> − 1, without the bias of a remainder (Lemire 2019, multiply-shift with rejection).</summary>
    public int Next(int bound)
    {
        var product = (Next() >> 32) * (ulong)bound;
        if ((uint)product < (uint)bound)
        {
            var threshold = (uint)(-bound) % (uint)bound;
            while ((uint)product < threshold)
            {
                product = (Next() >> 32) * (ulong)bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Uniform from <paramref name="least"/> to <paramref name="bound"/> − 1.</summary>
    public int Next(int least, int bound) => least + Next(bound - least);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1).</summary>
    public float NextSingle() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [<paramref name="least"/>, <paramref name="most"/>).</summary>
    public float Between(float least, float most) => least + ((most - least) * NextSingle());

    /// <summary>Log-uniform: as often between 20 and 40 as between 200 and 400.</summary>
    public float LogBetween(float least, float most) => least * MathF.Pow(most / least, NextSingle());

    /// <summary>True with a probability of 0 to 1.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public double NextGaussian() =>
        Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble())) * Math.Cos(2.0 * Math.PI * NextDouble());

    /// <summary>Beta-distributed with both parameters the same, in [0, 1]: of two gamma-distributed numbers the first's share.</summary>
    /// <param name="shape">Above 0; 1 is uniform, less is nearer to 0 and 1.</param>
    public double NextBeta(double shape)
    {
        var (first, second) = (NextGamma(shape), NextGamma(shape));
        return first + second > 0 ? first / (first + second) : Next(2);
    }

    /// <summary>Gamma-distributed with scale 1 (Marsaglia and Tsang 2000).</summary>
    private double NextGamma(double shape)
    {
        if (shape < 1)
        {
            return NextGamma(shape + 1) * Math.Pow(1.0 - NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        while (true)
        {
            var x = NextGaussian();
            var v = Math.Pow(1 + (x / Math.Sqrt(9 * d)), 3);
            if (v > 0 && Math.Log(1.0 - NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }

    /// <summary>
    /// Nearly normal, mean 0, deviation 1, never beyond ±3.5: four uniform numbers summed (Irwin and Hall). Sums and
    /// products alone, so that every machine has the same bits.
    /// </summary>
    public float NextIrwinHall()
    {
        const float Scale = 1f / (1 << 16);
        const float Deviation = 1.7320508f; // √3: the sum of four has variance 4/12
        return ((SumOfFour(Next()) * Scale) - 2f) * Deviation;
    }

    /// <summary>Four uniform numbers of 16 bits, summed: 0 to 262,140.</summary>
    public static uint SumOfFour(ulong bits)
    {
        const ulong EverySecond = 0x0000_FFFF_0000_FFFF;
        var halves = (bits & EverySecond) + ((bits >> 16) & EverySecond);
        return (uint)halves + (uint)(halves >> 32);
    }

    /// <summary>Puts the values in a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>SplitMix64's finaliser: spreads every bit of a number over all bits.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
