using DigitML.Models;
using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>What is done to features before the first layer; it is found on the rows that train and travels inside the model.</summary>
public enum FeatureScaling
{
    /// <summary>
    /// <see cref="SharedRange"/> for features that are measured on one scale (pixels, counts of one kind, columns that were scaled or one-hot
    /// encoded before): none is negative, and at least half of those that vary reach the largest value of all. <see cref="Standardize"/> for all others.
    /// </summary>
    Auto,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>All are divided by the same number, the largest magnitude of all, so that 0 stays 0.</summary>
    SharedRange,

    /// <summary>(x − mean) / deviation, of each feature by itself; one that does not vary in training is left out by a scale of 0.</summary>
    Standardize,
}

/// <summary>Finds the normalisation of tables.</summary>
internal sealed class FeatureNormalizer
{
    private readonly double[] _mean;
    private readonly double[] _deviation;
    private readonly float[] _lowest;
    private readonly float[] _highest;
    private long _zeros;

    private FeatureNormalizer(FeatureRows rows, int[] training, ThreadTeam team)
    {
        var features = rows.RowLength;
        (_mean, _deviation) = (new double[features], new double[features]);
        (_lowest, _highest) = (new float[features], new float[features]);

        // Each thread has features of its own and goes through the rows in order, so that sums do not depend on how many threads there are.
        team.Run(member =>
        {
            var (start, end) = ThreadTeam.Share(features, member, team.Size);
            if (start == end)
            {
                return;
            }

            var width = end - start;
            var (shift, sum, squares) = (new double[width], new double[width], new double[width]);
            var zeros = 0L;
            for (var i = 0; i < training.Length; i++)
            {
                var (blocks, index) = rows.Find(training[i]);
                var bytes = blocks.AreBytes ? blocks.Bytes(index) : default;
                var floats = blocks.AreBytes ? default : blocks.Floats(index);
                for (var j = 0; j < width; j++)
                {
                    var value = floats.IsEmpty ? bytes[start + j] : floats[start + j];
                    if (i == 0)
                    {
                        // Differences from the first row: squares of large values would swallow small deviations.
                        shift[j] = value;
                        (_lowest[start + j], _highest[start + j]) = (value, value);
                    }

                    var difference = value - shift[j];
                    sum[j] += difference;
                    squares[j] += difference * difference;
                    _lowest[start + j] = Math.Min(_lowest[start + j], value);
                    _highest[start + j] = Math.Max(_highest[start + j], value);
                    zeros += value == 0 ? 1 : 0;
                }
            }

            for (var j = 0; j < width; j++)
            {
                var mean = sum[j] / training.Length;
                _mean[start + j] = shift[j] + mean;
                _deviation[start + j] = Math.Sqrt(Math.Max(0, (squares[j] / training.Length) - (mean * mean)));
            }

            Interlocked.Add(ref _zeros, zeros);
        });
        Density = 1 - (_zeros / ((double)training.Length * features));
    }

    /// <summary>Share of values that are not 0.</summary>
    public double Density { get; }

    /// <summary>Looks at the rows that train.</summary>
    public static FeatureNormalizer Of(FeatureRows rows, int[] training, ThreadTeam team) => new(rows, training, team);

    /// <summary>The number that all features are divided by, or null when each is treated by itself.</summary>
    public float? SharedDivisor(FeatureScaling scaling)
    {
        var largest = 0f;
        for (var i = 0; i < _highest.Length; i++)
        {
            largest = Math.Max(largest, Math.Max(Math.Abs(_lowest[i]), Math.Abs(_highest[i])));
        }

        return scaling switch
        {
            FeatureScaling.None => 1,
            FeatureScaling.SharedRange => largest > 0 ? largest : 1,
            FeatureScaling.Auto when IsOneScale(largest) => largest,
            _ => null,
        };
    }

    /// <summary>Mean and deviation of each feature.</summary>
    public FeatureNormalization Standardized()
    {
        var (mean, scale) = (new float[_mean.Length], new float[_mean.Length]);
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = (float)_mean[i];
            scale[i] = _highest[i] > _lowest[i] && _deviation[i] > 0 ? (float)Math.Min(1 / _deviation[i], float.MaxValue) : 0;
        }

        return new FeatureNormalization(mean, scale);
    }

    private bool IsOneScale(float largest)
    {
        var (varying, reaching) = (0, 0);
        for (var i = 0; i < _highest.Length; i++)
        {
            if (_lowest[i] < 0)
            {
                return false;
            }

            varying += _highest[i] > _lowest[i] ? 1 : 0;
            reaching += _highest[i] > _lowest[i] && _highest[i] == largest ? 1 : 0;
        }

        return varying > 0 && 2 * reaching >= varying;
    }
}
