namespace DigitML.Numerics;

/// <summary>Looks for NaN and infinity among weights.</summary>
internal static class Finite
{
    /// <summary>Where the first number stands that is neither; −1 when all are finite.</summary>
    public static int FirstOther(ReadOnlySpan<float> numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!float.IsFinite(numbers[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
