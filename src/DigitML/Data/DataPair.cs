using DigitML.IO;

namespace DigitML.Data;

/// <summary>Data to train, perhaps to validate, and to test on, of one kind and with the same classes.</summary>
/// <param name="Train">To train on.</param>
/// <param name="Test">To test on; none of it is in <paramref name="Train"/>.</param>
/// <param name="Validation">To validate on; null when a part of <paramref name="Train"/> is.</param>
/// <param name="Source">Where they came from.</param>
internal sealed record DataPair(DataContent Train, DataContent Test, DataContent? Validation, string Source)
{
    private const int HoldOutEvery = 6;
    private static readonly string[] s_testWords = ["test", "t10k"];

    /// <summary>What the user should know of both.</summary>
    public IEnumerable<string> Notes => Train.Notes.Concat(ReferenceEquals(Train.Notes, Test.Notes) ? [] : Test.Notes);

    /// <summary>Reads a file or folder, and another to test on, or holds some of it out.</summary>
    /// <param name="path">Where the data lie.</param>
    /// <param name="testPath">Where those to test on lie; null where they come with the others, or are to be held out.</param>
    /// <param name="options">What is known beyond the content.</param>
    /// <param name="cancellationToken">Ends the decoding of pictures.</param>
    /// <exception cref="DigitException">Something cannot be read, has no labels, or does not go together.</exception>
    public static DataPair Read(string path, string? testPath, DataFileOptions options, CancellationToken cancellationToken = default)
    {
        var all = Labelled(DataFile.Read(path, options, cancellationToken), path);
        if ((testPath ?? CounterpartOf(path)) is { } other)
        {
            // The test pictures of a folder are framed as those that train, and its classes are theirs; a table's columns are those that train.
            var sameWay = all.Images is { } images
                ? options with { Pictures = options.Pictures with { ClassNames = images.ClassNames.Count > 0 ? images.ClassNames : null, Frame = FrameLike(images, options) } }
                : options with { Csv = options.Csv with { FeatureColumns = all.Table!.Details.FeatureNames, IsTable = true } };
            return Pair(all, Labelled(DataFile.Read(other, sameWay, cancellationToken), other), all.Validation, testPath is null ? $"{path} and {Path.GetFileName(other)}" : path);
        }

        if (all.Test is { } test)
        {
            return Pair(all, Labelled(test, path), all.Validation, path);
        }

        return HoldOut(all, path);
    }

    /// <summary>The same rows with classes in the order of names that are given.</summary>
    /// <exception cref="DigitException">A class is none of them.</exception>
    public static LabelledFeatures Relabel(LabelledFeatures table, IReadOnlyList<string> names)
    {
        var own = table.Details.ClassNames;
        if (own.Count == 0 || own.SequenceEqual(names))
        {
            return table;
        }

        var order = new int[own.Count];
        for (var i = 0; i < own.Count; i++)
        {
            order[i] = IndexOf(names, own[i]) is >= 0 and var place ? place : throw new DigitException($"{table.Name}: expected classes {ImageFolder.ListOf(names)} but found '{CsvColumns.Shown(own[i])}'.");
        }

        return new LabelledFeatures(table.Name, table.Blocks, Array.ConvertAll(table.Labels.ToArray(), label => order[label]), table.Details with { ClassNames = names });
    }

    private static PictureFrame? FrameLike(LabelledImages images, DataFileOptions options) =>
        options.Pictures.Frame
        ?? (images.Details.Frame is not { } name ? null
            : PictureFrame.IsFit(name, out var isInverted) ? PictureFrame.Fit(images.Width, images.Height, isInverted)
            : options.Pictures.FrameOfDigits is { } frame && frame.Name == name ? frame : null);

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static DataContent Labelled(DataContent content, string path) =>
        content.HasLabels ? content : throw new DigitException(content.Table is null
            ? $"{path}: expected pictures with labels but found none. Training and testing need them."
            : $"{path}: expected a column of classes but none was found. Training and testing need one; say which it is with --label-column NAME.");

    /// <summary>The file of test pictures that lies beside one of training pictures, as EMNIST and QMNIST name them.</summary>
    private static string? CounterpartOf(string path)
    {
        var name = Path.GetFileName(path);
        if (!File.Exists(path) || !name.Contains("train", StringComparison.Ordinal))
        {
            return null;
        }

        return s_testWords.Select(word => Path.Combine(Path.GetDirectoryName(path) ?? "", name.Replace("train", word, StringComparison.Ordinal))).FirstOrDefault(File.Exists);
    }

    /// <summary>Checks that a model trained on one can be tested on the other; better now than after the training.</summary>
    private static DataPair Pair(DataContent train, DataContent test, DataContent? validation, string source)
    {
        if ((train.Images is null) != (test.Images is null))
        {
            throw new DigitException($"{test.Name}: expected {(train.Images is null ? "a table" : "pictures")} as {train.Name} is but found {(test.Images is null ? "a table" : "pictures")}.");
        }

        if (train.Images is { } images && test.Images is { } tested)
        {
            if (tested.Width != images.Width || tested.Height != images.Height)
            {
                throw new DigitException(Invariant($"{test.Name}: expected pictures of {images.Width}×{images.Height} as in {train.Name} but found {tested.Width}×{tested.Height}."));
            }

            tested = Relabel(tested, images);
            return tested.ClassCount <= images.ClassCount
                ? new DataPair(train, test.With(tested), validation, source)
                : throw new DigitException(Invariant($"{test.Name}: expected labels 0 to {images.ClassCount - 1} as in {train.Name} but found {tested.ClassCount - 1}."));
        }

        var (table, rows) = (train.Table!, test.Table!);
        if (rows.FeatureCount != table.FeatureCount)
        {
            throw new DigitException(Invariant($"{test.Name}: expected {table.FeatureCount} features as in {train.Name} but found {rows.FeatureCount}."));
        }

        return new DataPair(train, new DataContent(Relabel(rows, table.Details.ClassNames), test.Decision) { Notes = test.Notes }, validation, source);
    }

    private static LabelledImages Relabel(LabelledImages images, LabelledImages like)
    {
        if (images.ClassNames.SequenceEqual(like.ClassNames) || like.ClassNames.Count == 0)
        {
            return images.ClassNames.Count == 0 || like.ClassNames.Count > 0
                ? images
                : throw new DigitException($"{images.Name}: expected classes as in {like.Name}, 0 to {like.ClassCount - 1}, but found {ImageFolder.ListOf(images.ClassNames)}.");
        }

        var labels = new byte[images.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            var name = images.ClassNames.Count > 0 ? images.ClassNames[images.Labels[i]] : Invariant($"{images.Labels[i]}");
            labels[i] = IndexOf(like.ClassNames, name) is >= 0 and var place ? (byte)place : throw new DigitException($"{images.Name}: expected classes {ImageFolder.ListOf(like.ClassNames)} but found '{CsvColumns.Shown(name)}'.");
        }

        return new LabelledImages(images.Name, images.Width, images.Height, images.PixelMemory, labels, images.IsSynthetic, images.Details with { ClassNames = like.ClassNames });
    }

    /// <summary>Every sixth example of each class, from its sixth on, is for testing.</summary>
    private static DataPair HoldOut(DataContent all, string path)
    {
        var labels = all.Images is { } pictures ? Array.ConvertAll(pictures.Labels.ToArray(), label => (int)label) : all.Table!.Labels.ToArray();
        var seen = new int[labels.Max() + 1];
        var indices = new List<int>[] { [], [] };
        for (var i = 0; i < labels.Length; i++)
        {
            indices[++seen[labels[i]] % HoldOutEvery == 0 ? 1 : 0].Add(i);
        }

        if (indices[1].Count == 0)
        {
            throw new DigitException(Invariant($"{path}: expected at least {HoldOutEvery} examples of some class, so that one can be held out for testing, but found {labels.Length} in all."));
        }

        return new DataPair(
            Part(indices[0], $"{all.Name} train"),
            Part(indices[1], $"{all.Name} held out"),
            all.Validation,
            $"{path}, every sixth example of each class held out for testing");

        DataContent Part(List<int> chosen, string name) =>
            all.Images is { } images
                ? all.With(images.Select([.. chosen]).Named(name))
                : new DataContent(all.Table!.Select([.. chosen], name), all.Decision) { Notes = all.Notes };
    }
}
