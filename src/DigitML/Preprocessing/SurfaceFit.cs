using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// Fits a plane or a quadratic surface to the lighter part of a picture: least squares, repeated with weights that make
/// what lies below the surface count a fiftieth, so that dark ink hardly bends it.
/// </summary>
internal static class SurfaceFit
{
    private const int Rounds = 8;

    private const double WeightBelow = 0.02;

    /// <summary>Points that are used at most, spread evenly: six numbers are to be found.</summary>
    private const int Points = 4096;

    /// <summary>The powers of a term's places: 1, x, y, x², xy, y².</summary>
    private static readonly (int Across, int Down)[] s_terms = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2)];

    /// <summary>Fits.</summary>
    /// <param name="picture">0 black to 1 white, ink dark.</param>
    /// <param name="isQuadratic">x², xy and y² besides x, y and 1.</param>
    /// <param name="weightBelow">What a point below the surface counts against one above it; 1 is plain least squares.</param>
    /// <returns>The surface, the picture's size.</returns>
    public static Plane Fit(Plane picture, bool isQuadratic, double weightBelow = WeightBelow)
    {
        var terms = isQuadratic ? 6 : 3;
        var step = Math.Max(1, (int)Math.Sqrt(picture.Values.Length / (double)Points));
        var (across, down) = (Places(picture.Width), Places(picture.Height));
        var coefficients = new double[s_terms.Length];
        for (var round = 0; round < (weightBelow == 1 ? 1 : Rounds); round++)
        {
            var matrix = new double[terms, terms + 1];
            for (var y = 0; y < picture.Height; y += step)
            {
                // In the first round there is no surface yet, and all count alike.
                var parabola = round == 0 ? (double.NegativeInfinity, 0, 0) : Along(coefficients, down[y]);
                Accumulate(matrix, picture.Row(y), across, down[y], step, parabola, weightBelow);
            }

            Solve(matrix, terms).CopyTo(coefficients, 0);
        }

        var surface = new Plane(picture.Width, picture.Height);
        for (var y = 0; y < picture.Height; y++)
        {
            var (constant, linear, square) = Along(coefficients, down[y]);
            var row = surface.Row(y);
            for (var x = 0; x < row.Length; x++)
            {
                row[x] = (float)(constant + (across[x] * (linear + (across[x] * square))));
            }
        }

        return surface;
    }

    /// <summary>Places from −1 to 1, which keeps the equations well conditioned.</summary>
    private static double[] Places(int count)
    {
        var places = new double[count];
        for (var i = 0; i < count; i++)
        {
            places[i] = (2.0 * i / Math.Max(1, count - 1)) - 1;
        }

        return places;
    }

    /// <summary>A surface along one row: a parabola in the place across.</summary>
    private static (double Constant, double Linear, double Square) Along(double[] coefficients, double v) =>
        (coefficients[0] + (v * (coefficients[2] + (v * coefficients[5]))), coefficients[1] + (v * coefficients[4]), coefficients[3]);

    /// <summary>
    /// Adds a row's points to the normal equations. Its place down the picture is one number, so that sums over powers of the
    /// place across are enough.
    /// </summary>
    /// <param name="matrix">The equations.</param>
    /// <param name="row">Values.</param>
    /// <param name="across">Their places.</param>
    /// <param name="v">The row's place.</param>
    /// <param name="step">From one that counts to the next.</param>
    /// <param name="parabola">The surface so far, along the row.</param>
    /// <param name="weightBelow">What a point below it counts.</param>
    private static void Accumulate(double[,] matrix, ReadOnlySpan<float> row, ReadOnlySpan<double> across, double v, int step, (double Constant, double Linear, double Square) parabola, double weightBelow)
    {
        double weights0 = 0, weights1 = 0, weights2 = 0, weights3 = 0, weights4 = 0, values0 = 0, values1 = 0, values2 = 0;
        for (var x = 0; x < row.Length; x += step)
        {
            double value = row[x];
            var u = across[x];
            var weight = value >= parabola.Constant + (u * (parabola.Linear + (u * parabola.Square))) ? 1 : weightBelow;
            var (first, second) = (weight * u, weight * u * u);
            weights0 += weight;
            weights1 += first;
            weights2 += second;
            weights3 += second * u;
            weights4 += second * u * u;
            values0 += weight * value;
            values1 += first * value;
            values2 += second * value;
        }

        ReadOnlySpan<double> weights = [weights0, weights1, weights2, weights3, weights4];
        ReadOnlySpan<double> values = [values0, values1, values2];
        ReadOnlySpan<double> down = [1, v, v * v, v * v * v, v * v * v * v];
        var terms = matrix.GetLength(0);
        for (var i = 0; i < terms; i++)
        {
            var term = s_terms[i];
            for (var j = 0; j < terms; j++)
            {
                matrix[i, j] += weights[term.Across + s_terms[j].Across] * down[term.Down + s_terms[j].Down];
            }

            matrix[i, terms] += values[term.Across] * down[term.Down];
        }
    }

    /// <summary>Gauss and Jordan's elimination with a touch of ridge: a picture one pixel wide has no slope to find.</summary>
    private static double[] Solve(double[,] matrix, int terms)
    {
        for (var i = 0; i < terms; i++)
        {
            matrix[i, i] += 1e-9;
        }

        for (var pivot = 0; pivot < terms; pivot++)
        {
            for (var row = 0; row < terms; row++)
            {
                if (row == pivot)
                {
                    continue;
                }

                var factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (var column = pivot; column <= terms; column++)
                {
                    matrix[row, column] -= factor * matrix[pivot, column];
                }
            }
        }

        var solution = new double[terms];
        for (var i = 0; i < terms; i++)
        {
            solution[i] = matrix[i, terms] / matrix[i, i];
        }

        return solution;
    }
}
