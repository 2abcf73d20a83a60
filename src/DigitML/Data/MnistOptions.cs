using DigitML.IO;

namespace DigitML.Data;

/// <summary>Where MNIST may come from.</summary>
public sealed record MnistOptions
{
    /// <summary>The environment variable that names a folder with MNIST.</summary>
    public const string FolderVariable = "DIGITML_DATA";

    /// <summary>The one folder to take MNIST from. When it does not hold MNIST, that is an error: nothing else is tried.</summary>
    /// <value>null: search.</value>
    public string? Folder { get; init; }

    /// <summary>The folder downloads are kept in.</summary>
    /// <value>null: <c>digitml/mnist</c> in the user's cache folder of this operating system.</value>
    public string? CacheFolder { get; init; }

    /// <summary>Whether MNIST is fetched when no folder holds it.</summary>
    /// <value>true.</value>
    public bool AllowDownload { get; init; } = true;

    /// <summary>Where to fetch from, in this order; a file's name and <c>.gz</c> are added to each.</summary>
    /// <value>The two public mirrors that serve the original archives.</value>
    public IReadOnlyList<Uri> Mirrors { get; init; } =
    [
        new Uri("https://ossci-datasets.s3.amazonaws.com/mnist/"),
        new Uri("https://storage.googleapis.com/cvdf-datasets/mnist/"),
    ];

    /// <summary>What sends requests; the caller's to dispose.</summary>
    /// <value>null: a handler of the library's own, which gives up connecting after ten seconds.</value>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>How long a mirror may stay silent, before it answers and between bytes.</summary>
    /// <value>20 seconds. Greater than zero.</value>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one file may take from one mirror.</summary>
    /// <value>10 minutes. Greater than zero.</value>
    public TimeSpan FileTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads an environment variable; tests put their own in its place.</summary>
    internal Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>From where the repository is looked for, upwards; tests put their own in its place.</summary>
    internal IReadOnlyList<string> StartFolders { get; init; } = [Directory.GetCurrentDirectory(), AppContext.BaseDirectory];

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(MnistOptions), PrintMembers);
}
