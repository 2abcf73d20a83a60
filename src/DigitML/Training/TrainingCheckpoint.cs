using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Training;

/// <summary>
/// All that a training needs to go on after one of its epochs, bit for bit: weights, the optimizer's state, the best weights so far, and the
/// epochs that are over. What chance has drawn so far follows from the seed, so no order is kept. Made by
/// <see cref="MlpTrainer.FitUntil"/> and by <see cref="MlpTrainer.Checkpoints"/>.
/// </summary>
/// <remarks>
/// A file of it: <c>DIGITMLC</c>, the format's version and the header's length (32 bits each, little endian), the header in JSON, the numbers as
/// 32-bit floats, and the SHA-256 of all that.
/// </remarks>
public sealed class TrainingCheckpoint
{
    private const int Version = 1;
    private const int PreambleLength = 16;

    /// <summary>The most bytes a checkpoint may have: what one array holds.</summary>
    private const int MaximumBytes = 2_000_000_000;

    private readonly CheckpointHeader _header;
    private readonly float[] _state;
    private readonly float[] _kept;
    private readonly string _name;

    internal TrainingCheckpoint(CheckpointHeader header, float[] state, float[] kept, string name = "checkpoint") => (_header, _state, _kept, _name) = (header, state, kept, name);

    private static ReadOnlySpan<byte> Magic => "DIGITMLC"u8;

    /// <summary>The options of the whole run.</summary>
    public MlpOptions Options => _header.Options;

    /// <summary>The epochs that are over, in order; at least one.</summary>
    public IReadOnlyList<EpochReport> Epochs => _header.Epochs;

    /// <summary>How many epochs are over, at least 1.</summary>
    public int Epoch => _header.Epochs.Count;

    /// <summary>Wall time of the training so far, in seconds.</summary>
    public double TrainSeconds => _header.TrainSeconds;

    /// <summary>Weights, biases and the optimizer's state, as the network lays them out.</summary>
    internal ReadOnlySpan<float> State => _state;

    /// <summary>The best weights and biases so far; empty when they are the present ones.</summary>
    internal ReadOnlySpan<float> Kept => _kept;

    /// <summary>The checkpoint as the content of a file.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Save(stream);
        return stream.ToArray();
    }

    /// <summary>Writes a file; a crash leaves the old one.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="DigitException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Writes the checkpoint.</summary>
    /// <param name="stream">Written from where it stands; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = JsonSerializer.SerializeToUtf8Bytes(_header, TrainingJson.Compact.CheckpointHeader);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> preamble = stackalloc byte[PreambleLength];
        Magic.CopyTo(preamble);
        BinaryPrimitives.WriteInt32LittleEndian(preamble[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(preamble[12..], header.Length);
        Write(preamble);
        Write(header);
        Write(MemoryMarshal.AsBytes(_state.AsSpan()));
        Write(MemoryMarshal.AsBytes(_kept.AsSpan()));
        stream.Write(hash.GetHashAndReset());

        void Write(ReadOnlySpan<byte> part)
        {
            hash.AppendData(part);
            stream.Write(part);
        }
    }

    /// <summary>Reads a file that <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DigitException">The file is not there, is damaged, or is of another version.</exception>
    public static TrainingCheckpoint Load(string path) => Parse(BoundedFile.Read(path, MaximumBytes, "a training checkpoint"), path);

    /// <summary>Reads what <see cref="Save(Stream)"/> wrote.</summary>
    /// <param name="stream">Read to its end; stays open.</param>
    /// <exception cref="DigitException">The content is damaged, or of another version.</exception>
    public static TrainingCheckpoint Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Parse(BoundedFile.Read(stream, MaximumBytes, "a training checkpoint", "checkpoint"), "checkpoint");
    }

    /// <summary>Reads what <see cref="ToBytes"/> gave.</summary>
    /// <param name="content">All of it.</param>
    /// <exception cref="DigitException">The content is damaged, or of another version.</exception>
    public static TrainingCheckpoint Load(ReadOnlySpan<byte> content) => Parse(content, "checkpoint");

    /// <summary>Throws unless the checkpoint is of a run with these options and data.</summary>
    /// <param name="options">The run's.</param>
    /// <param name="fingerprint">Of the run's data.</param>
    /// <param name="stateLength">Numbers that the run's network holds.</param>
    /// <exception cref="DigitException">It is of another run.</exception>
    internal void CheckRun(MlpOptions options, string fingerprint, int stateLength)
    {
        if (FirstDifference(options) is var (name, here, there))
        {
            throw new DigitException($"{_name}: expected one of a training with {name} {here} but it is of one with {there}. Go on with the options it was made with, or begin anew without it.");
        }

        if (_header.Data != fingerprint)
        {
            throw new DigitException($"{_name}: expected one of a training on these data but it is of others, of others held out, or by another teacher. Go on with those it was made with, or begin anew without it.");
        }

        if (_state.Length != stateLength)
        {
            throw new DigitException($"{_name}: expected {stateLength} numbers, which this network holds, but there are {_state.Length}. It was made by another version of DigitML; begin anew without it.");
        }
    }

    /// <summary>The first option that differs, and what it is there and here; the number of threads changes no result.</summary>
    private (string Name, string Here, string There)? FirstDifference(MlpOptions options)
    {
        var (here, there) = (Plain(options), Plain(Options));
        foreach (var name in here.Select(option => option.Key).Union(there.Select(option => option.Key)))
        {
            if (!JsonNode.DeepEquals(here[name], there[name]))
            {
                return (char.ToUpperInvariant(name[0]) + name[1..], Text(here[name]), Text(there[name]));
            }
        }

        return null;

        static JsonObject Plain(MlpOptions options) => JsonSerializer.SerializeToNode(options with { Threads = 0 }, TrainingJson.Compact.MlpOptions)!.AsObject();

        static string Text(JsonNode? node) => node?.ToJsonString() ?? "its default";
    }

    private static TrainingCheckpoint Parse(ReadOnlySpan<byte> content, string name)
    {
        if (content.Length < PreambleLength || !content.StartsWith(Magic))
        {
            throw new DigitException($"{name}: expected a training checkpoint but it is {FileKinds.NameOf(content) ?? "something else, or cut short"}.");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(content[8..]);
        if (version != Version)
        {
            throw new DigitException($"{name}: expected a training checkpoint of version {Version} but it is of version {version}. Go on with the DigitML that made it, or begin anew without it.");
        }

        var body = content[..Math.Max(0, content.Length - SHA256.HashSizeInBytes)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        if (!content[body.Length..].SequenceEqual(hash))
        {
            throw new DigitException($"{name}: the training checkpoint is damaged or cut short: its content has another SHA-256 than it states.");
        }

        // Whole as it was written; what follows fails only where somebody wrote something else.
        var headerLength = BinaryPrimitives.ReadInt32LittleEndian(content[12..]);
        try
        {
            Require(headerLength >= 0 && headerLength <= body.Length - PreambleLength, "its header must fit into it");
            var header = JsonSerializer.Deserialize(body.Slice(PreambleLength, headerLength), TrainingJson.Compact.CheckpointHeader) ?? throw new JsonException("found null.");
            Check(header);
            var floats = body[(PreambleLength + headerLength)..];
            Require(floats.Length == ((long)header.StateLength + header.KeptLength) * sizeof(float), Invariant($"it must hold {(long)header.StateLength + header.KeptLength} numbers"));
            var all = MemoryMarshal.Cast<byte, float>(floats);
            header = header with
            {
                Epochs = [.. header.Epochs.Select(epoch => epoch with { Epochs = header.Options.Epochs, ImagesDone = header.TrainingImages, ImagesTotal = header.TrainingImages, IsComplete = true })],
            };
            return new TrainingCheckpoint(header, all[..header.StateLength].ToArray(), all[header.StateLength..].ToArray(), name);
        }
        catch (JsonException error)
        {
            throw new DigitException($"{name}: expected a training checkpoint as DigitML writes it, but: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private static void Check(CheckpointHeader header)
    {
        Require(header.StateLength > 0 && header.KeptLength >= 0, "stateLength must be at least 1 and keptLength at least 0");
        Require(header.Epochs.Count >= 1 && header.Epochs.Count <= header.Options.Epochs, Invariant($"epochs must be 1 to {header.Options.Epochs}, those of its run"));
        Require(header.TrainSeconds >= 0 && header.TrainingImages >= 1, "trainSeconds must be at least 0 and trainingImages at least 1");
        for (var i = 0; i < header.Epochs.Count; i++)
        {
            Require(header.Epochs[i]?.Epoch == i + 1, Invariant($"epochs[{i}] must be epoch {i + 1}"));
        }
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new JsonException(rule + ".");
        }
    }
}

/// <summary>What a checkpoint holds beside its numbers.</summary>
internal sealed record CheckpointHeader
{
    /// <summary>The options of the whole run.</summary>
    [JsonConverter(typeof(MlpOptionsConverter))]
    public required MlpOptions Options { get; init; }

    /// <summary>The <see cref="TrainingData.Fingerprint"/>.</summary>
    public required string Data { get; init; }

    /// <summary>The epochs that are over.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>Images or rows of an epoch.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>Wall time so far.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Floats of weights, biases and the optimizer's state.</summary>
    public required int StateLength { get; init; }

    /// <summary>Floats of the best weights and biases, behind them; 0 when they are the present ones.</summary>
    public required int KeptLength { get; init; }
}
