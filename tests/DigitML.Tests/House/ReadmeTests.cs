using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace DigitML.Tests.House;

/// <summary>Holds the README to what the code is.</summary>
public partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.PathOf("README.md"));

    [Fact]
    public void Readme_EveryBlockOfCSharp_Compiles()
    {
        var blocks = CSharpBlocks().Matches(Readme).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(blocks);

        var errors = blocks.SelectMany((block, index) => Compiler
            .Compile(OutputKind.ConsoleApplication, withLibrary: true, [($"README.md, block {index + 1}", block)])
            .GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

        Assert.Empty(errors);
    }

    [Fact]
    public void Readme_TestCommand_IsTheOneOfTheHouse()
    {
        // .ci/run reads this line out of the README and runs it; the workflow names it.
        Assert.Single(TestCommands().Matches(Readme));
        Assert.Contains("\ndotnet test -c Release\n", Readme.ReplaceLineEndings("\n"));
        Assert.Contains("'^dotnet test' README.md", File.ReadAllText(Repository.PathOf(".ci", "run")));
        Assert.Contains("dotnet test -c Release", File.ReadAllText(Repository.PathOf(".github", "workflows", "ci.yml")));
    }

    [Fact]
    public void Readme_EveryLinkIntoTheRepository_LeadsSomewhere()
    {
        var missing = Links().Matches(Readme)
            .Select(match => match.Groups[1].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Repository.PathOf(target)));
        Assert.Empty(missing);
    }

    [GeneratedRegex(@"^```csharp\r?\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CSharpBlocks();

    [GeneratedRegex("^dotnet test", RegexOptions.Multiline)]
    private static partial Regex TestCommands();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();
}
