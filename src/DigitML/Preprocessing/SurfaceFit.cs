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

    /// <summary>Fits.</summary>
    /// <param name="picture">0 black to 1 white, ink dark.</param>
    /// <param name="isQuadratic">x², xy and y² besides x, y and 1.</param>
    /// <param name="weightBelow">What a point below the surface counts against one above it; 1 is plain least squares.</param>
    /// <returns>The surface, the picture's size.</returns>
    public static Plane Fit(Plane picture, bool isQuadratic, double weightBelow = WeightBelow)
    {
        var terms = isQuadratic ? 6 : 3;
        var step = Math.Max(1, (int)Math.Sqrt(picture.Values.Length / (double)Points));
        var coefficients = new double[terms];
        Span<double> basis = stackalloc double[terms];
        for (var round = 0; round < (weightBelow == 1 ? 1 : Rounds); round++)
        {
            var matrix = new double[terms, terms + 1];
            for (var y = 0; y < picture.Height; y += step)
            {
                for (var x = 0; x < picture.Width; x += step)
                {
                    Basis(picture, x, y, basis);
                    var value = picture[x, y];
                    var weight = round == 0 || value >= Value(coefficients, basis) ? 1 : weightBelow;
                    Accumulate(matrix, basis, value, weight);
                }
            }

            coefficients = Solve(matrix, terms);
        }

        var surface = new Plane(picture.Width, picture.Height);
        for (var y = 0; y < picture.Height; y++)
        {
            for (var x = 0; x < picture.Width; x++)
            {
                Basis(picture, x, y, basis);
                surface.Values[(y * picture.Width) + x] = (float)Value(coefficients, basis);
            }
        }

        return surface;
    }

    /// <summary>Places run from −1 to 1, which keeps the equations well conditioned.</summary>
    private static void Basis(Plane picture, int x, int y, Span<double> basis)
    {
        var u = (2.0 * x / Math.Max(1, picture.Width - 1)) - 1;
        var v = (2.0 * y / Math.Max(1, picture.Height - 1)) - 1;
        basis[0] = 1;
        basis[1] = u;
        basis[2] = v;
        if (basis.Length == 6)
        {
            basis[3] = u * u;
            basis[4] = u * v;
            basis[5] = v * v;
        }
    }

    private static double Value(double[] coefficients, ReadOnlySpan<double> basis)
    {
        var sum = 0.0;
        for (var i = 0; i < basis.Length; i++)
        {
            sum += coefficients[i] * basis[i];
        }

        return sum;
    }

    private static void Accumulate(double[,] matrix, ReadOnlySpan<double> basis, double value, double weight)
    {
        for (var i = 0; i < basis.Length; i++)
        {
            for (var j = 0; j < basis.Length; j++)
            {
                matrix[i, j] += weight * basis[i] * basis[j];
            }

            matrix[i, basis.Length] += weight * basis[i] * value;
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
