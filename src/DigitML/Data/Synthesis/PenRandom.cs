namespace DigitML.Data.Synthesis;

/// <summary>
/// Seeded chance for one drawing: SplitMix64 (Steele, Lea and Flood 2014), which starts well from any state.
/// Only additions, products and square roots follow it, so that every machine draws the same pixels.
/// </summary>
internal struct PenRandom
{
    private ulong _state;

    /// <summary>Starts the chance of one drawing among endlessly many.</summary>
    /// <param name="seed">The series.</param>
    /// <param name="index">The drawing's place in it.</param>
    public PenRandom(int seed, long index)
    {
        // Mixed one after the other, so that neighbouring seeds and places share nothing.
        _state = (ulong)(uint)seed;
        _state = Next() ^ (ulong)index;
        _state = Next();
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    /// <summary>A number in [0, 1).</summary>
    public float Uniform() => (Next() >> 40) * (1f / (1 << 24));

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public float Between(float low, float high) => low + (high - low) * Uniform();

    /// <summary>Whether something of this probability happens.</summary>
    public bool Chance(float probability) => Uniform() < probability;

    /// <summary>Nearly normal, mean 0, deviation 1, never beyond ±3.5: four uniform numbers summed (Irwin–Hall).</summary>
    public float Normal()
    {
        const float Scale = 1f / (1 << 16);
        const float Deviation = 1.7320508f; // √3: the sum of four has variance 4/12
        var bits = Next();
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return (sum * Scale - 2f) * Deviation;
    }
}
