namespace DigitML.Numerics;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): a small generator whose stream is fixed by its seed on every machine and
/// every version of the runtime. Streams for different purposes are told apart by a second number.
/// </summary>
internal struct SeededRandom
{
    private ulong _state;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">What the numbers are for; other streams of the same seed are independent of it.</param>
    public SeededRandom(long seed, ulong stream) => _state = Mix((ulong)seed + (0x9E3779B97F4A7C15UL * (stream + 1)));

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
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

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public double NextGaussian() =>
        Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble())) * Math.Cos(2.0 * Math.PI * NextDouble());

    /// <summary>Puts the values in a random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> values)
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
