using DigitML.Models;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace DigitML.MLNet;

/// <summary>What is made of a picture.</summary>
internal enum DigitImageTask
{
    /// <summary>784 features.</summary>
    Normalize,

    /// <summary>Text, verdict and probability.</summary>
    Read,
}

/// <summary>
/// Reads a column of pictures. What it fits is a chain of ML.NET's own transforms around custom mappings of this package, so it saves and loads.
/// </summary>
public sealed class DigitImageEstimator : IEstimator<ITransformer>
{
    private static readonly MLContext s_context = new(seed: 0);
    private readonly string _input;
    private readonly InputOutputColumnPair[] _outputs;
    private readonly DigitImageTask _task;
    private readonly Mlp? _model;

    internal DigitImageEstimator(string input, InputOutputColumnPair[] outputs, DigitImageTask task, Mlp? model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(input);
        foreach (var output in outputs)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(output.OutputColumnName);
        }

        (_input, _outputs, _task, _model) = (input, outputs, task, model);
    }

    /// <inheritdoc/>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var column = input.Schema.GetColumnOrNull(_input) ?? throw Missing(input.Schema.Select(there => there.Name));
        var (type, isVector) = column.Type is VectorDataViewType vector ? (vector.ItemType, true) : (column.Type, false);
        if (type is ImageDataViewType { Height: > 0, Width: > 0 } sized)
        {
            DataViewTypeManager.Register(sized, typeof(MLImage), new ImageTypeAttribute(sized.Height, sized.Width));
        }

        var before = Before(s_context.Transforms.CopyColumns(ImageColumns.Picture, _input)).Fit(input);
        var mapping = type is ImageDataViewType && !isVector
            ? Mapping<ImageInput>().Fit(s_context.Data.LoadFromEnumerable(Array.Empty<ImageInput>()))
            : MappingOf(type, isVector).Fit(before.Transform(input));
        var after = After().Fit(mapping.Transform(before.Transform(input)));
        return new TransformerChain<ITransformer>(before, mapping, after);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var column in inputSchema)
        {
            if (column.Name == _input)
            {
                // An estimator of a mapping holds images of another size than its example's for a mismatch, which the mapping itself does not.
                var isVector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
                var isImage = column.ItemType is ImageDataViewType && !isVector;
                var pictures = isImage
                    ? (IEstimator<ITransformer>)s_context.Transforms.Conversion.MapValue(ImageColumns.Picture, [new KeyValuePair<uint, string>(1, "")], MlpColumns.Constant)
                    : s_context.Transforms.CopyColumns(ImageColumns.Picture, _input);
                return Before(pictures).Append(isImage ? Mapping<PathInput>() : MappingOf(column.ItemType, isVector)).Append(After()).GetOutputSchema(inputSchema);
            }
        }

        throw Missing(inputSchema.Select(there => there.Name));
    }

    private EstimatorChain<ITransformer> Before(IEstimator<ITransformer> pictures) =>
        new EstimatorChain<ITransformer>()
            .Append<ITransformer>(s_context.Transforms.CustomMapping(new ConstantMapping().GetMapping(), ConstantMapping.Contract))
            .Append<ITransformer>(s_context.Transforms.Conversion.MapValue(ImageColumns.Model, [new KeyValuePair<uint, string>(1, Base64(_model))], MlpColumns.Constant))
            .Append(pictures);

    private EstimatorChain<ITransformer> After()
    {
        EstimatorChain<ITransformer> chain = new();
        foreach (var output in _outputs)
        {
            chain = chain.Append<ITransformer>(s_context.Transforms.CopyColumns(output.OutputColumnName, output.InputColumnName));
        }

        return chain.Append<ITransformer>(s_context.Transforms.DropColumns([ImageColumns.Picture, MlpColumns.Constant, ImageColumns.Model, .. _outputs.Select(output => output.InputColumnName)]));
    }

    private IEstimator<ITransformer> MappingOf(DataViewType type, bool isVector) => (type, isVector) switch
    {
        (TextDataViewType, false) => Mapping<PathInput>(),
        (NumberDataViewType { RawType.Name: nameof(Byte) }, true) => Mapping<BytesInput>(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), $"Schema mismatch for picture column '{_input}': expected String (paths), Vector<Byte> (files) or Image, got {(isVector ? $"Vector<{type}>" : type)}."),
    };

    private IEstimator<ITransformer> Mapping<TInput>()
        where TInput : PictureInput, new() =>
        _task == DigitImageTask.Normalize
            ? s_context.Transforms.CustomMapping(PictureMappings.Normalize<TInput>(), PictureMappings.Contract<TInput>(_task))
            : s_context.Transforms.CustomMapping(PictureMappings.Read<TInput>(), PictureMappings.Contract<TInput>(_task));

    private ArgumentOutOfRangeException Missing(IEnumerable<string> there) =>
        new(nameof(there), $"Could not find picture column '{_input}'. There are: {string.Join(", ", there.Select(name => $"'{name}'"))}.");

    private static string Base64(Mlp? model)
    {
        if (model is null)
        {
            return "";
        }

        using var file = new MemoryStream();
        model.Save(file);
        return Convert.ToBase64String(file.ToArray());
    }
}
