using DigitML.IO;

namespace DigitML.Notebooks;

/// <summary>How notebooks are run.</summary>
public sealed record NotebookOptions
{
    /// <summary>How long one cell may take.</summary>
    /// <value>5 minutes. Above 0 and at most a day.</value>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The most characters that one output keeps; what is beyond is cut, and the output says so.</summary>
    /// <value>1,000,000. 1,000 to 100,000,000.</value>
    public int MaximumOutputCharacters { get; init; } = 1_000_000;

    /// <summary>The most outputs that one cell keeps.</summary>
    /// <value>200. 1 to 10,000.</value>
    public int MaximumOutputs { get; init; } = 200;

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        if (CellTimeout <= TimeSpan.Zero || CellTimeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentException($"{nameof(CellTimeout)} must be above 0 and at most a day; got {CellTimeout}.");
        }

        if (MaximumOutputCharacters is < 1000 or > 100_000_000)
        {
            throw new ArgumentException(Invariant($"{nameof(MaximumOutputCharacters)} must be 1000 to 100000000; got {MaximumOutputCharacters}."));
        }

        if (MaximumOutputs is < 1 or > 10_000)
        {
            throw new ArgumentException(Invariant($"{nameof(MaximumOutputs)} must be 1 to 10000; got {MaximumOutputs}."));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(NotebookOptions), PrintMembers);
}
