using DigitML.Pixels;
using DigitML.Synthesis;

namespace DigitML.Tests.Synthesis;

public class NoiseFieldTests
{
    [Theory]
    [InlineData(160, 1, 159)]
    [InlineData(7, 0, 7)]
    [InlineData(33, 20, 21)]
    public void Row_AnyPart_IsWhatSinglePlacesAre(int side, int from, int to)
    {
        var field = new NoiseField(new SeededRandom(5, 0), 4, 3);
        var row = new float[side];
        for (var y = 0; y < side; y++)
        {
            Array.Fill(row, float.NaN);
            field.Row(y, from, to, row);
            for (var x = 0; x < side; x++)
            {
                Assert.Equal(x >= from && x < to ? field.At(x / (float)side, y / (float)side) : float.NaN, row[x]);
            }
        }
    }
}
