using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DigitML.Tests.House;

/// <summary>Holds the library to its plan of who may know whom.</summary>
public class RoomTests
{
    // What each room may use directly; what those use, it may use too. Types of the library's root and IO are everybody's.
    private static readonly Dictionary<string, string[]> Knows = new()
    {
        ["IO"] = [],
        ["Numerics"] = [],
        ["Imaging"] = [],
        ["Data"] = [],
        ["Preprocessing"] = ["Imaging"],
        ["Models"] = ["Numerics"],
        ["Pictures"] = ["Preprocessing", "Data"],
        ["Training"] = ["Models", "Data", "Pictures"],
        ["Evaluation"] = ["Models", "Data"],
        ["Reading"] = ["Preprocessing", "Models"],
        ["Search"] = ["Training", "Evaluation"],
        ["Charts"] = ["Search", "Reading"],
        ["Reports"] = ["Charts"],
    };

    // Folders of pictures are labelled digits too, and need a decoder and the steps to 28×28.
    private static readonly Dictionary<string, string[]> Exceptions = new()
    {
        ["Data/ImageFolder"] = ["Imaging", "Preprocessing"],
    };

    [Fact]
    public void Rooms_EverySourceFile_UsesOnlyWhatItsRoomMayKnow()
    {
        var folder = Repository.PathOf("src", "DigitML");
        var sources = Repository.Files(Path.Combine("src", "DigitML"))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => (Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllText(path)));
        var compilation = Compiler.Compile(OutputKind.DynamicallyLinkedLibrary, withLibrary: false, sources);

        var crossings = compilation.SyntaxTrees.SelectMany(tree => Crossings(compilation.GetSemanticModel(tree), tree)).Distinct().ToArray();

        Assert.Empty(crossings);
    }

    [Fact]
    public void Rooms_EveryFolderOfTheLibrary_IsOnThePlan()
    {
        var rooms = new DirectoryInfo(Repository.PathOf("src", "DigitML")).EnumerateDirectories().Select(folder => folder.Name).Except(["bin", "obj"]);
        Assert.Empty(rooms.Except(Knows.Keys));
    }

    [Fact]
    public void Rooms_AFileThatUsesTooMuch_IsFound()
    {
        (string, string)[] sources =
        [
            ("Models/Network.cs", "namespace DigitML.Models; public class Network;"),
            ("Data/Greedy.cs", "namespace DigitML.Data; public class Greedy { Models.Network? network; }"),
        ];
        var compilation = Compiler.Compile(OutputKind.DynamicallyLinkedLibrary, withLibrary: false, sources);

        var crossings = compilation.SyntaxTrees.SelectMany(tree => Crossings(compilation.GetSemanticModel(tree), tree)).Distinct();

        Assert.Equal(["Data/Greedy.cs uses DigitML.Models (Network)"], crossings);
    }

    private static IEnumerable<string> Crossings(SemanticModel model, SyntaxTree tree)
    {
        if (!tree.FilePath.Contains('/'))
        {
            yield break;
        }

        var room = tree.FilePath.Split('/')[0];
        var allowed = Closure(room);
        allowed.UnionWith(Exceptions.Where(exception => tree.FilePath.StartsWith(exception.Key, StringComparison.Ordinal)).SelectMany(exception => exception.Value));
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
            var used = RoomOf(type);
            if (used is not null && !allowed.Contains(used))
            {
                yield return $"{tree.FilePath} uses DigitML.{used} ({type!.Name})";
            }
        }
    }

    private static string? RoomOf(INamedTypeSymbol? type)
    {
        var parts = type?.ContainingNamespace?.ToDisplayString().Split('.');
        return parts is ["DigitML", var room, ..] ? room : null;
    }

    private static HashSet<string> Closure(string room)
    {
        var closure = new HashSet<string> { room, "IO" };
        foreach (var known in Knows.GetValueOrDefault(room, []))
        {
            closure.UnionWith(Closure(known));
        }

        return closure;
    }
}
