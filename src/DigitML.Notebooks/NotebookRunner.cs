using System.Diagnostics;
using DigitML.IO;

namespace DigitML.Notebooks;

/// <summary>
/// Runs C# notebooks cell by cell in this process, each cell seeing what those before it made, on .NET Interactive's kernel:
/// what runs here is what runs in other clients of that kernel.
/// </summary>
/// <remarks>
/// A notebook is a program: run only what you would run. Standard output and the current folder belong to the process, so
/// notebooks take turns. A cell that does not end in time is given up with its kernel; its thread lives until the process ends.
/// </remarks>
public sealed class NotebookRunner
{
    private static readonly SemaphoreSlim _turn = new(1);
    private readonly NotebookOptions _options;
    private readonly Func<INotebookKernel> _startKernel;

    /// <summary>Creates a runner.</summary>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NotebookRunner(NotebookOptions? options = null)
        : this(options, () => new InteractiveKernel())
    {
    }

    /// <summary>Creates a runner on another kernel.</summary>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <param name="startKernel">Starts a kernel: one for each notebook.</param>
    internal NotebookRunner(NotebookOptions? options, Func<INotebookKernel> startKernel)
    {
        _options = options ?? new NotebookOptions();
        _options.Validate();
        _startKernel = startKernel;
    }

    /// <summary>Runs every code cell and replaces its outputs. Nothing is written to disk.</summary>
    /// <param name="notebook">Its cells are changed; after a failure, those before the failing one.</param>
    /// <param name="folder">Where cells run and where <c>#r</c> starts from: the notebook's folder.</param>
    /// <param name="progress">Told after each cell.</param>
    /// <param name="cancellationToken">Ends the run after at most a moment.</param>
    /// <exception cref="CellFailedException">A cell failed, or did not end in time.</exception>
    /// <exception cref="DigitException">The folder is not there.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run(Notebook notebook, string folder, IProgress<CellReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(notebook);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
        {
            throw new DigitException($"{notebook.Name}: expected the folder {folder} to run in but there is none.");
        }

        _turn.Wait(cancellationToken);
        var before = Environment.CurrentDirectory;
        var (output, error) = (Console.Out, Console.Error);
        try
        {
            Environment.CurrentDirectory = folder;
            var kernel = _startKernel();
            var cells = notebook.Cells.Where(cell => cell.IsCode).ToArray();
            for (var i = 0; i < cells.Length; i++)
            {
                var seconds = RunCell(kernel, notebook.Name, cells[i], i + 1, cancellationToken);
                progress?.Report(new CellReport(notebook.Name, i + 1, cells.Length, seconds));
            }

            // Not after a failure: a kernel that is still busy would be waited for.
            kernel.Dispose();
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            Environment.CurrentDirectory = before;
            _turn.Release();
        }
    }

    private double RunCell(INotebookKernel kernel, string notebook, NotebookCell cell, int number, CancellationToken cancellationToken)
    {
        var outputs = new CellOutputs(_options);
        try
        {
            var clock = Stopwatch.StartNew();
            var run = Task.Run(() => kernel.RunAsync(cell.Source, number, outputs, cancellationToken), cancellationToken);
            if (!Task.WhenAny(run).Wait(_options.CellTimeout, cancellationToken))
            {
                throw new CellFailedException(notebook, number, null, FormattableString.Invariant($"has not ended after {_options.CellTimeout.TotalSeconds:0.###} s. Shorten it, or allow it more time."));
            }

            var failure = run.GetAwaiter().GetResult();
            cancellationToken.ThrowIfCancellationRequested();
            if (failure is not null)
            {
                throw new CellFailedException(notebook, number, failure.Line, failure.Reason, failure.Exception);
            }

            (cell.Outputs, cell.ExecutionCount) = (outputs.Close(), number);
            return clock.Elapsed.TotalSeconds;
        }
        finally
        {
            // What a thread left behind shows later is let go.
            outputs.Close();
        }
    }
}

/// <summary>A code cell that has run.</summary>
/// <param name="Notebook">The notebook's name.</param>
/// <param name="Cell">Which code cell, from 1.</param>
/// <param name="Cells">How many the notebook has.</param>
/// <param name="Seconds">Its wall time.</param>
public sealed record CellReport(string Notebook, int Cell, int Cells, double Seconds)
{
    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(CellReport), PrintMembers);
}

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
        : base(Invariant($"{notebook}: cell [{cell}]{(line is null ? "" : Invariant($", line {line}"))}: {reason.ReplaceLineEndings(" ")}"), innerException)
    {
        Cell = cell;
        Line = line;
    }

    /// <summary>The code cell, counted from 1 as Jupyter shows it.</summary>
    public int Cell { get; }

    /// <summary>The line in the cell, from 1; null when not known.</summary>
    public int? Line { get; }
}
