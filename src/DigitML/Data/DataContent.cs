namespace DigitML.Data;

/// <summary>What a file or folder of data held: pictures, or a table.</summary>
internal sealed class DataContent
{
    /// <summary>Pictures.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="decision">How they were read, in a few words.</param>
    public DataContent(LabelledImages images, string decision) => (Images, Decision) = (images, decision);

    /// <summary>A table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="decision">How it was read, in a few words.</param>
    public DataContent(LabelledFeatures table, string decision) => (Table, Decision) = (table, decision);

    /// <summary>The pictures; null for a table.</summary>
    public LabelledImages? Images { get; }

    /// <summary>The table; null for pictures.</summary>
    public LabelledFeatures? Table { get; }

    /// <summary>How the data were read, in one line.</summary>
    public string Decision { get; }

    /// <summary>What the user should know of them, each in one line: values that are missing, pictures that were left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Test data that came with them; null for none.</summary>
    public DataContent? Test { get; init; }

    /// <summary>Data to validate on that came with them; null for none.</summary>
    public DataContent? Validation { get; init; }

    /// <summary>What figures about the data call them.</summary>
    public string Name => Images?.Name ?? Table!.Name;

    /// <summary>Whether every picture or row has its class.</summary>
    public bool HasLabels => Images?.HasLabels ?? Table!.HasLabels;

    /// <summary>The same, read in a way that is described otherwise.</summary>
    public DataContent Decided(string decision) =>
        Images is { } images
            ? new DataContent(images, decision) { Notes = Notes, Validation = Validation, Test = Test }
            : new DataContent(Table!, decision) { Notes = Notes, Validation = Validation, Test = Test };

    /// <summary>The same with other pictures.</summary>
    public DataContent With(LabelledImages images) => new(images, Decision) { Notes = Notes, Validation = Validation, Test = Test };

    /// <summary>The same with every picture changed; a table stays as it is.</summary>
    public DataContent Changed(Func<LabelledImages, LabelledImages> change) =>
        Images is { } images
            ? new DataContent(change(images), Decision) { Notes = Notes, Validation = Validation?.Changed(change), Test = Test?.Changed(change) }
            : this;

    /// <summary>The same with others to test and to validate on.</summary>
    public DataContent With(DataContent test, DataContent? validation) =>
        Images is { } images
            ? new DataContent(images, Decision) { Notes = Notes, Validation = validation, Test = test }
            : new DataContent(Table!, Decision) { Notes = Notes, Validation = validation, Test = test };
}
