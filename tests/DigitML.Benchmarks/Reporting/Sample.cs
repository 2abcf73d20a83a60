namespace DigitML.Benchmarks.Reporting;

/// <summary>Repeated measurements of one thing.</summary>
internal sealed class Sample
{
    private readonly List<double> _values = [];

    /// <summary>How many there are.</summary>
    public int Count => _values.Count;

    /// <summary>The least.</summary>
    public double Minimum => _values.Min();

    /// <summary>The greatest.</summary>
    public double Maximum => _values.Max();

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    public double Median
    {
        get
        {
            var sorted = _values.Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    /// <summary>Takes one in.</summary>
    public void Add(double value) => _values.Add(value);
}
