using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DigitML.Tests.House;

/// <summary>The C# compiler, with what the test project itself refers to.</summary>
internal static class Compiler
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>Compiles files of source.</summary>
    /// <param name="kind">A program, whose first file may be top-level statements, or a library.</param>
    /// <param name="withLibrary">Whether DigitML itself is referred to.</param>
    /// <param name="sources">Each file's name and text.</param>
    public static CSharpCompilation Compile(OutputKind kind, bool withLibrary, IEnumerable<(string Name, string Text)> sources)
    {
        var trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var references = trusted
            .Where(path => withLibrary || Path.GetFileNameWithoutExtension(path) != "DigitML")
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = sources
            .Prepend(("ImplicitUsings.cs", ImplicitUsings))
            .Select(source => CSharpSyntaxTree.ParseText(source.Item2, options, source.Item1));
        return CSharpCompilation.Create("house", trees, references, new CSharpCompilationOptions(kind, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }
}
