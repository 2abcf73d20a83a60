namespace DigitML.Notebooks;

/// <summary>
/// What runs a notebook's code. All that this project knows of a kernel passes through here, so that another one can take the
/// place of .NET Interactive's, which is archived.
/// </summary>
internal interface INotebookKernel : IDisposable
{
    /// <summary>Runs one cell, which sees what those before it made.</summary>
    /// <param name="source">The cell's text, directives included.</param>
    /// <param name="number">The code cell, counted from 1.</param>
    /// <param name="outputs">Takes what the cell prints and shows, in order, while it runs.</param>
    /// <param name="cancellationToken">Asks the cell to end; it may not listen.</param>
    /// <returns>Null when the cell ran to its end.</returns>
    Task<CellFailure?> RunAsync(string source, int number, CellOutputs outputs, CancellationToken cancellationToken);
}

/// <summary>Why a cell did not run to its end.</summary>
/// <param name="Line">The line in the cell, from 1; null when not known.</param>
/// <param name="Reason">What happened.</param>
/// <param name="Exception">What the cell threw, if it did.</param>
internal sealed record CellFailure(int? Line, string Reason, Exception? Exception = null);
