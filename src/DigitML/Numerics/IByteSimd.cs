namespace DigitML.Numerics;

/// <summary>What the kernels on bytes need of a vector type, so that each is written once for all widths (see <see cref="ByteKernels"/>).</summary>
/// <typeparam name="TVector">A vector of 32-bit sums.</typeparam>
internal unsafe interface IByteSimd<TVector>
    where TVector : struct
{
    /// <summary>Sums in a vector: so many outputs.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of the product's register tile, 8 or 6: two vectors of sums a row and their operands must fit the registers.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Load(int* source);

    /// <summary>Four neighbouring inputs, for every output.</summary>
    static abstract TVector Spread(byte* inputs);

    /// <summary>
    /// Adds four products to each sum. No sum of two products may leave 16 bits (255 · 63 · 2 does not), as the oldest instructions keep
    /// such in between.
    /// </summary>
    /// <param name="inputs">From <see cref="Spread"/>.</param>
    /// <param name="weights">[<see cref="Width"/>, 4].</param>
    /// <param name="sums">What they are added to.</param>
    static abstract TVector Add(TVector inputs, sbyte* weights, TVector sums);

    /// <summary>Writes <c>sums · scale + bias</c> as floats, rounded twice, so that no width differs.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="scale">[<see cref="Width"/>].</param>
    /// <param name="bias">[<see cref="Width"/>].</param>
    /// <param name="rectify">Whether negative results become 0.</param>
    /// <param name="target">[<see cref="Width"/>].</param>
    static abstract void Store(TVector sums, float* scale, float* bias, bool rectify, float* target);
}
