using DigitML.Data;
using DigitML.IO;

namespace DigitML.Benchmarks.Reporting;

/// <summary>Finds MNIST on this machine; nothing is downloaded.</summary>
internal static class MnistPlace
{
    private const string FirstFile = "train-images-idx3-ubyte";

    /// <summary>The folder that holds MNIST, or null.</summary>
    /// <param name="given">The folder that was asked for; null to search as the library does, and in <c>shared/mnist</c> beside the repository.</param>
    /// <exception cref="DigitException">The folder that was asked for does not hold it.</exception>
    public static string? Find(string? given)
    {
        if (given is not null)
        {
            return Holds(given) ? Path.GetFullPath(given) : throw new DigitException($"--data: expected MNIST's four files in {given}, but {FirstFile} is not there.");
        }

        return Mnist.SearchFolders()
            .Append(Path.Combine(Repository.Root, "..", "shared", "mnist"))
            .Where(Holds)
            .Select(Path.GetFullPath)
            .FirstOrDefault();
    }

    private static bool Holds(string folder) =>
        File.Exists(Path.Combine(folder, FirstFile)) || File.Exists(Path.Combine(folder, FirstFile + ".gz"));
}
