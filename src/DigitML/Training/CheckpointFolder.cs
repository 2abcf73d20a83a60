using System.Diagnostics;
using System.Globalization;
using DigitML.IO;

namespace DigitML.Training;

/// <summary>
/// A folder of one training's checkpoints, the newest two of them: written so that a crash at any moment leaves one that is whole, and read back
/// from the newest that is. Not for two trainings at once.
/// </summary>
public sealed class CheckpointFolder
{
    private const int Kept = 2;
    private const string Prefix = "epoch-";
    private const string Suffix = ".checkpoint";

    private readonly string _folder;
    private Stopwatch _sinceLast = Stopwatch.StartNew();

    /// <summary>Takes a folder, and makes it unless it is there.</summary>
    /// <param name="folder">Its path.</param>
    /// <exception cref="DigitException">It cannot be made.</exception>
    public CheckpointFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        OutputDirectory.Create(folder);
        _folder = folder;
    }

    /// <summary>Least time from one checkpoint to the next; that of the last epoch is written in any case.</summary>
    /// <value>0: one after every epoch. At least 0.</value>
    public TimeSpan Interval { get; init; }

    /// <summary>Told, in a line each, from where a training goes on and what was found damaged; null for nobody.</summary>
    public Action<string>? Notice { get; init; }

    /// <summary>The newest checkpoint that is whole; null for none. Removes what a crash left half written.</summary>
    internal TrainingCheckpoint? Newest()
    {
        foreach (var rest in Directory.GetFiles(_folder, AtomicFile.TemporaryPattern))
        {
            File.Delete(rest);
        }

        var files = Files().ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            try
            {
                return TrainingCheckpoint.Load(files[i].Path);
            }
            catch (DigitException error)
            {
                Notice?.Invoke($"{error.Message} {(i + 1 < files.Length ? "Trying the one before it." : "Beginning anew.")}");
            }
        }

        return null;
    }

    /// <summary>Says from where a training goes on.</summary>
    internal void SayResumed(TrainingCheckpoint checkpoint) =>
        Notice?.Invoke(Invariant($"Going on after epoch {checkpoint.Epoch} of {checkpoint.Options.Epochs}, from {PathOf(checkpoint.Epoch)}."));

    /// <summary>Keeps a checkpoint if it is time, and lets those go that are too old.</summary>
    /// <param name="epoch">The epoch that is over.</param>
    /// <param name="isLast">Whether nothing is left to train.</param>
    /// <param name="make">Makes it.</param>
    internal void Offer(int epoch, bool isLast, Func<TrainingCheckpoint> make)
    {
        if (!isLast && _sinceLast.Elapsed < Interval)
        {
            return;
        }

        make().Save(PathOf(epoch));
        _sinceLast = Stopwatch.StartNew();

        // The newest are those just written: what lies beyond this epoch was found damaged.
        foreach (var (path, _) in Files().Where(file => file.Epoch > epoch).Concat(Files().Where(file => file.Epoch <= epoch).Skip(Kept)))
        {
            File.Delete(path);
        }
    }

    private string PathOf(int epoch) => Path.Combine(_folder, Invariant($"{Prefix}{epoch}{Suffix}"));

    /// <summary>The checkpoints, newest first.</summary>
    private IEnumerable<(string Path, int Epoch)> Files() =>
        Directory.GetFiles(_folder, Prefix + "*" + Suffix)
            .Select(path => (Path: path, IsOne: int.TryParse(Path.GetFileName(path)[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch), Epoch: epoch))
            .Where(file => file.IsOne)
            .OrderByDescending(file => file.Epoch)
            .Select(file => (file.Path, file.Epoch));
}
