using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace DigitML.MLNet;

/// <summary>Names of the columns that are there while pictures are read.</summary>
internal static class ImageColumns
{
    public const string Picture = "DigitML.Picture";
    public const string Model = "DigitML.ReaderModel";
    public const string Features = "DigitML.PictureFeatures";
    public const string Text = "DigitML.Text";
    public const string Verdict = "DigitML.Verdict";
    public const string Probability = "DigitML.Probability";
}

/// <summary>A picture in any form.</summary>
internal abstract class PictureInput
{
    /// <summary>The network's file as base64 text; empty for the one that ships.</summary>
    [ColumnName(ImageColumns.Model)]
    public ReadOnlyMemory<char> Model { get; set; }

    /// <summary>Reads it.</summary>
    public abstract ReadingResult Read(DigitReader reader, bool single);
}

/// <summary>A picture by its path.</summary>
internal sealed class PathInput : PictureInput
{
    [ColumnName(ImageColumns.Picture)]
    public ReadOnlyMemory<char> Path { get; set; }

    public override ReadingResult Read(DigitReader reader, bool single) => reader.Read(Path.ToString(), single);
}

/// <summary>A picture as a file in memory.</summary>
internal sealed class BytesInput : PictureInput
{
    [ColumnName(ImageColumns.Picture)]
    public VBuffer<byte> Bytes { get; set; }

    public override ReadingResult Read(DigitReader reader, bool single) => reader.Read(Bytes.DenseValues().ToArray(), single);
}

/// <summary>A picture that ML.NET decoded.</summary>
internal sealed class ImageInput : PictureInput
{
    [ColumnName(ImageColumns.Picture)]
    [AnyImageType]
    public MLImage? Image { get; set; }

    public override ReadingResult Read(DigitReader reader, bool single) =>
        reader.Read(MLImagePixels.ToGrey(Image ?? throw new IO.DigitException("The image column holds no image for this row.")), single);
}

/// <summary>
/// Says that a member holds images of any size: ML.NET's own attribute without a size throws. Types of images must be known to ML.NET before
/// a mapping can take them; those with a size are, once a class of the program has an <see cref="ImageTypeAttribute"/> of it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AnyImageTypeAttribute : DataViewTypeAttribute
{
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);

    public override bool Equals(DataViewTypeAttribute? other) => other is AnyImageTypeAttribute;

    public override bool Equals(object? obj) => obj is AnyImageTypeAttribute;

    public override int GetHashCode() => nameof(AnyImageTypeAttribute).Length;
}

/// <summary>A picture as MNIST has it.</summary>
internal sealed class NormalizedPicture
{
    [ColumnName(ImageColumns.Features)]
    [VectorType(MnistFrame.Side * MnistFrame.Side)]
    public float[] Features { get; set; } = [];
}

/// <summary>What was read.</summary>
internal sealed class ReadPicture
{
    [ColumnName(ImageColumns.Text)]
    public string Text { get; set; } = "";

    [ColumnName(ImageColumns.Verdict)]
    public string Verdict { get; set; } = "";

    [ColumnName(ImageColumns.Probability)]
    public float Probability { get; set; }
}

/// <summary>What the mappings do, whatever form pictures come in.</summary>
internal static class PictureMappings
{
    /// <summary>By which name a saved pipeline finds its mapping.</summary>
    public static string Contract<TInput>(DigitImageTask task) => (task, typeof(TInput).Name) switch
    {
        (DigitImageTask.Normalize, nameof(PathInput)) => NormalizePath.Name,
        (DigitImageTask.Normalize, nameof(BytesInput)) => NormalizeBytes.Name,
        (DigitImageTask.Normalize, _) => NormalizeImage.Name,
        (_, nameof(PathInput)) => ReadPath.Name,
        (_, nameof(BytesInput)) => ReadBytes.Name,
        _ => ReadImage.Name,
    };

    public static Action<TInput, NormalizedPicture> Normalize<TInput>()
        where TInput : PictureInput
    {
        var cache = new ReaderCache();
        return (input, output) =>
        {
            var digits = input.Read(cache.Of(input.Model), single: true).Digits;
            var features = new float[MnistFrame.Side * MnistFrame.Side];
            if (digits.Count == 0)
            {
                Array.Fill(features, float.NaN);
            }
            else
            {
                var pixels = digits[0].Image.Pixels;
                for (var i = 0; i < features.Length; i++)
                {
                    features[i] = pixels[i];
                }
            }

            output.Features = features;
        };
    }

    public static Action<TInput, ReadPicture> Read<TInput>()
        where TInput : PictureInput
    {
        var cache = new ReaderCache();
        return (input, output) =>
        {
            var reading = input.Read(cache.Of(input.Model), single: false);
            output.Text = reading.Text;
            output.Verdict = reading.Verdict.ToName();
            output.Probability = reading.Digits.Count == 0 ? 0 : (float)reading.Digits.Min(digit => digit.Probability);
        };
    }

    /// <summary>The reader that a pipeline's constant asks for; made once.</summary>
    private sealed class ReaderCache
    {
        private Entry? _entry;

        public DigitReader Of(ReadOnlyMemory<char> model)
        {
            var entry = Volatile.Read(ref _entry);
            if (entry is null || !entry.Text.Equals(model))
            {
                entry = new Entry(model, model.IsEmpty ? new DigitReader() : new DigitReader(Mlp.Load(Convert.FromBase64String(model.ToString()))));
                Volatile.Write(ref _entry, entry);
            }

            return entry.Reader;
        }

        private sealed record Entry(ReadOnlyMemory<char> Text, DigitReader Reader);
    }
}

[CustomMappingFactoryAttribute(Name)]
internal sealed class NormalizePath : CustomMappingFactory<PathInput, NormalizedPicture>
{
    public const string Name = "DigitML.NormalizePath.1";

    public override Action<PathInput, NormalizedPicture> GetMapping() => PictureMappings.Normalize<PathInput>();
}

[CustomMappingFactoryAttribute(Name)]
internal sealed class NormalizeBytes : CustomMappingFactory<BytesInput, NormalizedPicture>
{
    public const string Name = "DigitML.NormalizeBytes.1";

    public override Action<BytesInput, NormalizedPicture> GetMapping() => PictureMappings.Normalize<BytesInput>();
}

[CustomMappingFactoryAttribute(Name)]
internal sealed class NormalizeImage : CustomMappingFactory<ImageInput, NormalizedPicture>
{
    public const string Name = "DigitML.NormalizeImage.1";

    public override Action<ImageInput, NormalizedPicture> GetMapping() => PictureMappings.Normalize<ImageInput>();
}

[CustomMappingFactoryAttribute(Name)]
internal sealed class ReadPath : CustomMappingFactory<PathInput, ReadPicture>
{
    public const string Name = "DigitML.ReadPath.1";

    public override Action<PathInput, ReadPicture> GetMapping() => PictureMappings.Read<PathInput>();
}

[CustomMappingFactoryAttribute(Name)]
internal sealed class ReadBytes : CustomMappingFactory<BytesInput, ReadPicture>
{
    public const string Name = "DigitML.ReadBytes.1";

    public override Action<BytesInput, ReadPicture> GetMapping() => PictureMappings.Read<BytesInput>();
}

[CustomMappingFactoryAttribute(Name)]
internal sealed class ReadImage : CustomMappingFactory<ImageInput, ReadPicture>
{
    public const string Name = "DigitML.ReadImage.1";

    public override Action<ImageInput, ReadPicture> GetMapping() => PictureMappings.Read<ImageInput>();
}
