using DigitML.Tests.House;

namespace DigitML.Tests;

/// <summary>MNIST on this machine, for tests that need it: the folder in DIGITML_DATA, or shared/mnist beside the repository.</summary>
internal static class RealMnist
{
    public const string Reason = "MNIST is not on this machine: set DIGITML_DATA to a folder that holds it.";

    /// <summary>The folder; null when MNIST is not on this machine.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>The folder, or the test is skipped with its reason.</summary>
    public static string FolderOrSkip()
    {
        Assert.SkipWhen(Folder is null, Reason);
        return Folder!;
    }

    private static string? Find()
    {
        string?[] folders = [Environment.GetEnvironmentVariable("DIGITML_DATA"), Path.Combine(Repository.Root, "..", "shared", "mnist")];
        return folders.FirstOrDefault(folder => folder is not null && File.Exists(Path.Combine(folder, "train-images-idx3-ubyte.gz")));
    }
}
