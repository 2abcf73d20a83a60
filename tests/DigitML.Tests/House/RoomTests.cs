using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DigitML.Tests.House;

/// <summary>Holds the library to its plan of who may know whom.</summary>
public class RoomTests
{
    // What each room may use directly; what those use, it may use too. IO is everybody's, and the root is empty.
    private static readonly Dictionary<string, string[]> Knows = new()
    {
        ["IO"] = [],
        ["Pixels"] = [],
        ["Numerics"] = ["Pixels"],
        ["Imaging"] = ["Pixels"],
        ["Synthesis"] = ["Pixels"],
        ["Data"] = ["Pixels", "Imaging", "Synthesis"],
        ["Preprocessing"] = ["Pixels"],
        ["Models"] = ["Numerics"],
        ["Training"] = ["Models", "Data"],
        ["Evaluation"] = ["Models", "Data"],
        ["Reading"] = ["Imaging", "Preprocessing", "Models", "Synthesis", "Training", "Evaluation"],
        ["Charts"] = ["Reading"],
        ["Reports"] = ["Charts"],
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
    public void Rooms_TheRoot_IsEmpty() =>
        Assert.Empty(new DirectoryInfo(Repository.PathOf("src", "DigitML")).EnumerateFiles("*.cs"));

    [Fact]
    public void Rooms_EveryRoomOfThePlan_Exists() =>
        Assert.All(Knows.Keys, room => Assert.True(Directory.Exists(Repository.PathOf("src", "DigitML", room)), room));

    [Fact]
    public void Rooms_AFileThatUsesTooMuch_IsFound()
    {
        (string, string)[] sources =
        [
            ("Models/Network.cs", "namespace DigitML.Models; public class Network;"),
            ("Data/Greedy.cs", "namespace DigitML.Data; public class Greedy { Models.Network? network; Corridor? corridor; }"),
            ("Corridor.cs", "namespace DigitML; public class Corridor { Data.Greedy? greedy; }"),
        ];
        var compilation = Compiler.Compile(OutputKind.DynamicallyLinkedLibrary, withLibrary: false, sources);

        var crossings = compilation.SyntaxTrees.SelectMany(tree => Crossings(compilation.GetSemanticModel(tree), tree)).Distinct();

        Assert.Equal(["Data/Greedy.cs uses DigitML.Models (Network)", "Data/Greedy.cs uses DigitML. (Corridor)", "Corridor.cs uses DigitML.Data (Greedy)"], crossings);
    }

    private static IEnumerable<string> Crossings(SemanticModel model, SyntaxTree tree)
    {
        var room = tree.FilePath.Contains('/') ? tree.FilePath.Split('/')[0] : "";
        var allowed = Closure(room);
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
        return parts switch
        {
            ["DigitML", var room, ..] => room,
            ["DigitML"] => "",
            _ => null,
        };
    }

    private static HashSet<string> Closure(string room)
    {
        var closure = new HashSet<string> { "IO" };
        var open = new Stack<string>([room]);
        while (open.TryPop(out var known))
        {
            if (closure.Add(known))
            {
                Array.ForEach(Knows.GetValueOrDefault(known, []), open.Push);
            }
        }

        return closure;
    }
}
