namespace DigitML.Notebooks;

/// <summary>A cell did not run to its end. The message is one line: notebook, cell, line, what happened.</summary>
public sealed class CellFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="notebook">The notebook's name.</param>
    /// <param name="cell">The code cell, counted from 1 as Jupyter shows it.</param>
    /// <param name="line">The line in the cell, from 1; null when not known.</param>
    /// <param name="reason">What happened.</param>
    /// <param name="innerException">What the cell threw, if it did.</param>
    public CellFailedException(string notebook, int cell, int? line, string reason, Exception? innerException = null)
        : base($"{notebook}: cell [{cell}]{(line is null ? "" : $", line {line}")}: {reason.ReplaceLineEndings(" ")}", innerException)
    {
        Cell = cell;
        Line = line;
    }

    /// <summary>The code cell, counted from 1 as Jupyter shows it.</summary>
    public int Cell { get; }

    /// <summary>The line in the cell, from 1; null when not known.</summary>
    public int? Line { get; }
}
