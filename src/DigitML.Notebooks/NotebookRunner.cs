using System.Diagnostics;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace DigitML.Notebooks;

/// <summary>
/// Runs C# notebooks cell by cell in this process, each cell seeing what those before it made, with the scripting engine that
/// .NET Interactive uses too. Knows <c>#r</c>, <c>#!csharp</c>, <c>#!time</c>, <c>display(x)</c>, <c>x.Display()</c>,
/// <c>HTML("…")</c> and trailing expressions.
/// </summary>
/// <remarks>
/// A notebook is a program: run only what you would run. Standard output and the current folder belong to the process, so
/// notebooks take turns. A cell that does not end in time is given up; its thread lives until the process ends.
/// </remarks>
public sealed class NotebookRunner
{
    private static readonly SemaphoreSlim _turn = new(1);
    private readonly NotebookOptions _options;

    /// <summary>Creates a runner.</summary>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NotebookRunner(NotebookOptions? options = null)
    {
        _options = options ?? new NotebookOptions();
        _options.Validate();
    }

    /// <summary>Runs every code cell and replaces its outputs. Nothing is written to disk.</summary>
    /// <param name="notebook">Its cells are changed; after a failure, those before the failing one.</param>
    /// <param name="folder">Where cells run and where <c>#r</c> starts from: the notebook's folder.</param>
    /// <param name="progress">Told after each cell.</param>
    /// <param name="cancellationToken">Ends the run after at most a moment.</param>
    /// <exception cref="CellFailedException">A cell failed, or did not end in time.</exception>
    /// <exception cref="DigitException">The notebook is for another language, or the folder is not there.</exception>
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
            var session = new Session(notebook, Path.GetFullPath(folder), _options);
            var cells = notebook.Cells.Where(cell => cell.IsCode).ToArray();
            for (var i = 0; i < cells.Length; i++)
            {
                var seconds = session.Run(cells[i], i + 1, cancellationToken);
                progress?.Report(new CellReport(notebook.Name, i + 1, cells.Length, seconds));
            }
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            Environment.CurrentDirectory = before;
            _turn.Release();
        }
    }

    /// <summary>One notebook's state from cell to cell.</summary>
    private sealed class Session(Notebook notebook, string folder, NotebookOptions options)
    {
        private ScriptOptions _script = ReferenceResolver.Initial();
        private ScriptState<object>? _state;

        public double Run(NotebookCell cell, int number, CancellationToken cancellationToken)
        {
            var source = CellSource.Parse(cell.Source, notebook.Name, number);
            foreach (var (line, target) in source.References)
            {
                _script = ReferenceResolver.Add(_script, target, folder, new PackageRestore(options.CellTimeout, cancellationToken), reason => new CellFailedException(notebook.Name, number, line, reason));
            }

            var outputs = new CellOutputs(options);
            Console.SetOut(new BoundedWriter(text => outputs.Print("stdout", text)));
            Console.SetError(new BoundedWriter(text => outputs.Print("stderr", text)));
            var clock = Stopwatch.StartNew();
            Execute(source.Code, number, outputs, cancellationToken);
            var seconds = clock.Elapsed.TotalSeconds;
            if (source.IsTimed)
            {
                outputs.Show([("text/plain", FormattableString.Invariant($"Wall time: {seconds:0.00} s"))], isTiming: true);
            }

            cell.Outputs = outputs.Close();
            cell.ExecutionCount = number;
            return seconds;
        }

        private void Execute(string code, int number, CellOutputs outputs, CancellationToken cancellationToken)
        {
            Exception? failure = null;
            var thread = new Thread(() =>
            {
                NotebookDisplay.Outputs = outputs;
                try
                {
                    var script = _script.WithFilePath(FileOf(number));
                    _state = (_state is null ? CSharpScript.RunAsync(code, script, cancellationToken: cancellationToken) : _state.ContinueWithAsync(code, script, cancellationToken)).GetAwaiter().GetResult();
                    if (_state.ReturnValue is { } value)
                    {
                        // Here, since a lazy sequence runs the cell's code once more: it may fail, or never end.
                        outputs.Show(ValueFormatter.Format(value), number);
                    }
                }
                catch (Exception error)
                {
                    failure = error;
                }
            })
            { IsBackground = true, Name = $"notebook cell {number}" };
            thread.Start();
            var clock = Stopwatch.StartNew();
            while (!thread.Join(50))
            {
                if (cancellationToken.IsCancellationRequested || clock.Elapsed > options.CellTimeout)
                {
                    outputs.Close();
                    cancellationToken.ThrowIfCancellationRequested();
                    throw new CellFailedException(notebook.Name, number, null, FormattableString.Invariant($"has not ended after {options.CellTimeout.TotalSeconds:0.###} s. Shorten it, or allow it more time."));
                }
            }

            if (failure is not null)
            {
                outputs.Close();
                throw Failed(failure, number);
            }
        }

        private CellFailedException Failed(Exception error, int number)
        {
            if (error is CompilationErrorException compilation)
            {
                var first = compilation.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ?? compilation.Diagnostics[0];
                var at = first.Location.GetMappedLineSpan();
                return new CellFailedException(notebook.Name, number, at.IsValid ? at.StartLinePosition.Line + 1 : null, $"{first.Id}: {first.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}", error);
            }

            while (error is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 } && error.InnerException is { } inner)
            {
                error = inner;
            }

            var frame = new StackTrace(error, fNeedFileInfo: true).GetFrames().FirstOrDefault(frame => frame.GetFileName() == FileOf(number));
            return new CellFailedException(notebook.Name, number, frame?.GetFileLineNumber(), $"{error.GetType().Name}: {error.Message}", error);
        }

        private static string FileOf(int number) => $"cell-{number}";
    }
}
