namespace DigitML.Numerics;

/// <summary>The few operations that kernels need of a vector type, so that each kernel is written once for all widths.</summary>
/// <typeparam name="TVector">A vector of floats.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Rows of the products' register tile, 8, 6 or 4: two vectors a row and their operands must fit the registers.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* target);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    static abstract TVector SquareRoot(TVector value);

    /// <summary>The greater; where one is NaN, <paramref name="right"/>.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>The smaller; where one is NaN, <paramref name="right"/>.</summary>
    static abstract TVector Min(TVector left, TVector right);

    /// <summary><c>left · right + addend</c>, rounded once where the machine has fused multiply-add.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary><paramref name="value"/> where <paramref name="gate"/> is above zero, else 0.</summary>
    static abstract TVector WherePositive(TVector gate, TVector value);

    /// <summary><paramref name="positive"/> where <paramref name="gate"/> is above zero, else <paramref name="otherwise"/>.</summary>
    static abstract TVector Select(TVector gate, TVector positive, TVector otherwise);

    /// <summary>2ⁿ of a whole n from −126 to 127, given as n + 1.5 · 2²³: at that size a float's lowest bits are n.</summary>
    static abstract TVector PowerOfTwo(TVector shifted);
}
