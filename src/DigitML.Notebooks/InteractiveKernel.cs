using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace DigitML.Notebooks;

/// <summary>.NET Interactive's C# kernel, in this process: scripting, directives, packages and formatting are its own.</summary>
internal sealed partial class InteractiveKernel : INotebookKernel
{
    private const string Html = "text/html";
    private const string Plain = "text/plain";
    private readonly CompositeKernel _kernel;
    private CellOutputs? _outputs;
    private int _number;
    private Exception? _failure;

    // What a notebook loads by #r is not where the host's own assemblies look, and a library of the host's that looks a type up by its name,
    // as ML.NET does when it loads a model, would not find it.
    static InteractiveKernel() => AssemblyLoadContext.Default.Resolving += (_, name) => Array.Find(AppDomain.CurrentDomain.GetAssemblies(), assembly => !assembly.IsDynamic && assembly.FullName == name.FullName);

    /// <summary>Starts a kernel, with formatters as they are at first whatever notebooks before have registered.</summary>
    public InteractiveKernel()
    {
        Formatter.ResetToDefault();
        var csharp = new CSharpKernel()
            .UseNugetDirective((kernel, packages) =>
            {
                kernel.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
                return Task.CompletedTask;
            })
            .UseKernelHelpers()
            .UseWho()
            .UseValueSharing();

        // Without debug information an exception does not know its line. The kernel has no setting for it.
        ref var script = ref ScriptOptionsOf(csharp);
        script = script.WithEmitDebugInformation(true).WithFileEncoding(Encoding.UTF8);
        _kernel = new CompositeKernel { csharp };
        _kernel.AddMiddleware((command, context, next) =>
        {
            // The kernel keeps each piece of printed text as an event, without a limit; here it goes straight to what is bounded.
            if (_outputs is { } outputs)
            {
                Console.SetOut(new CellWriter(text => outputs.Print("stdout", text)));
                Console.SetError(new CellWriter(text => outputs.Print("stderr", text)));
            }

            return next(command, context);
        });
        _kernel.KernelEvents.Subscribe(Take);
    }

    /// <inheritdoc/>
    public async Task<CellFailure?> RunAsync(string source, int number, CellOutputs outputs, CancellationToken cancellationToken)
    {
        var cell = new CellSource(source, FileOf(number));
        if (cell.Failure is { } failure)
        {
            return failure;
        }

        (_outputs, _number, _failure) = (outputs, number, null);
        var result = await _kernel.SendAsync(new SubmitCode(cell.Code), cancellationToken).ConfigureAwait(false);
        var failed = result.Events.OfType<CommandFailed>().FirstOrDefault();
        return (failed?.Exception ?? _failure) is { } error ? Failed(error, number)
            : failed is null ? null
            : Refused(failed.Message, cell);
    }

    /// <inheritdoc/>
    public void Dispose() => _kernel.Dispose();

    /// <summary>
    /// What is kept of a value: what the kernel shows of it, without the styles that it repeats each time, and text/plain
    /// beside it. What is text only stays text.
    /// </summary>
    internal static IReadOnlyList<(string MimeType, string Text)> Formats(object? value, IEnumerable<FormattedValue> shown)
    {
        var formats = shown.Select(format => (format.MimeType, Text: format.MimeType == Html ? Styles().Replace(format.Value, "") : format.Value)).ToList();
        formats.RemoveAll(format => format.MimeType == Html && format.Text.StartsWith("<div class=\"dni-plaintext\">", StringComparison.Ordinal));
        return formats.Any(format => format.MimeType is Plain or "text/csv") ? formats : [.. formats, (Plain, PlainText(value))];
    }

    /// <summary>The kernel's text, unless it would list the properties of an object that has a text of its own.</summary>
    private static string PlainText(object? value) =>
        value is not null and not IFormattable
        && Formatter.GetPreferredFormatterFor(value.GetType(), Plain).Type == typeof(object)
        && value.GetType().GetMethod(nameof(ToString), Type.EmptyTypes)!.DeclaringType is { } declaring && declaring != typeof(object) && declaring != typeof(ValueType)
            ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""
            : value.ToDisplayString(Plain);

    private void Take(KernelEvent shown)
    {
        if (shown is not DisplayEvent { Value: not InstallPackagesMessage and not DisplayedValue } display
            || display is StandardOutputValueProduced or StandardErrorValueProduced || _outputs is not { } outputs)
        {
            return;
        }

        try
        {
            // An update of what is shown already does not say of what: display() gives out another id than it shows under.
            outputs.Show(Formats(display.Value, display.FormattedValues), display is ReturnValueProduced ? _number : null);
        }
        catch (Exception error)
        {
            // A lazy sequence runs the cell's code once more, and an exception here would end the kernel instead of the cell.
            _failure ??= error;
        }
    }

    private static CellFailure Failed(Exception error, int number)
    {
        if ((error as CompilationErrorException ?? error.InnerException as CompilationErrorException) is { } compilation)
        {
            var first = compilation.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error) ?? compilation.Diagnostics[0];
            var at = first.Location.GetMappedLineSpan();
            return new CellFailure(at.IsValid ? at.StartLinePosition.Line + 1 : null, $"{first.Id}: {first.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}", error);
        }

        while (error is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 } && error.InnerException is { } inner)
        {
            error = inner;
        }

        var frame = new StackTrace(error, fNeedFileInfo: true).GetFrames().FirstOrDefault(frame => Path.GetFileName(frame.GetFileName()) == FileOf(number));
        return new CellFailure(frame?.GetFileLineNumber(), $"{error.GetType().Name}: {error.Message}", error);
    }

    /// <summary>A directive that the kernel does not take, or a package that it cannot get.</summary>
    private static CellFailure Refused(string message, CellSource cell)
    {
        var at = Position().Match(message);
        return at.Success ? new CellFailure(cell.LineOf(int.Parse(at.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)), at.Groups[2].Value)
            : cell.PackageLine is { } line ? new CellFailure(line, $"the package cannot be had: {message.Trim().Split('\n')[0]}")
            : new CellFailure(null, message);
    }

    private static string FileOf(int number) => Invariant($"cell-{number}");

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_scriptOptions")]
    private static extern ref ScriptOptions ScriptOptionsOf(CSharpKernel kernel);

    [GeneratedRegex(@"<style>\s*\.dni-code-hint.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Styles();

    [GeneratedRegex(@"^\((\d+),\d+\): error (.+)")]
    private static partial Regex Position();
}
