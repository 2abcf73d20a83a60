using System.Text.Json;
using DigitML.Keras.Hdf5;
using DigitML.Models;
using DigitML.Models.Folding;

namespace DigitML.Keras.Layers;

/// <summary>
/// Makes steps of a model's layers: follows the shape of one picture from layer to layer, and reads and checks the weights. Values keep
/// their order whatever the shape, row after row and the last axis fastest, so all that matters is which number goes with which value.
/// </summary>
internal sealed class LayerReader
{
    private const int MaximumDenseLayers = 65;
    private const int MaximumPixels = 1 << 20;
    private const int MaximumUnits = 1 << 16;
    private const long MaximumWeights = 268_435_456;

    private readonly KerasWeights _weights;
    private readonly List<KerasStep> _steps = [];
    private long[]? _shape;
    private long _weightCount;
    private int _denseLayers;

    private LayerReader(KerasConfig config, KerasWeights weights)
    {
        _weights = weights;
        Become(config.InputShape);
        foreach (var layer in config.Layers)
        {
            Read(layer);
        }
    }

    /// <summary>Reads a model's layers.</summary>
    /// <param name="config">The layers.</param>
    /// <param name="weights">Where their weights are.</param>
    /// <returns>What is done to one picture's values, in order.</returns>
    /// <exception cref="KerasFormatException">A layer is not one that is run here, or its weights do not fit.</exception>
    public static IReadOnlyList<KerasStep> Read(KerasConfig config, KerasWeights weights) => new LayerReader(config, weights)._steps;

    /// <summary>Weights that a model's dense layers must have, as far as its configuration alone tells.</summary>
    public static long ImpliedWeights(KerasConfig config)
    {
        var inputs = config.InputShape is { } shape ? Math.Min(Hdf5Space.Count(shape), MaximumPixels) : MaximumPixels;
        var total = 0L;
        foreach (var layer in config.Layers.Where(layer => layer.ClassName == "Dense"))
        {
            var units = (long)Math.Clamp(layer.Number("units", 1), 1, MaximumUnits);
            total = Math.Min(total + ((inputs + 1) * units), MaximumWeights);
            inputs = units;
        }

        return total;
    }

    private string Shown => _shape is null ? "unknown shape" : Hdf5Space.Shown(_shape);

    private void Read(KerasLayer layer)
    {
        switch (layer.ClassName)
        {
            case "InputLayer" or "Dropout" or "AlphaDropout" or "GaussianDropout" or "GaussianNoise" or "SpatialDropout1D" or "SpatialDropout2D" or "ActivityRegularization" or "Identity":
                break;
            case "Flatten":
                ReadFlatten(layer);
                break;
            case "Reshape":
                ReadReshape(layer);
                break;
            case "Dense":
                ReadDense(layer);
                break;
            case "BatchNormalization":
                ReadBatchNormalization(layer);
                break;
            case "Normalization":
                ReadNormalization(layer);
                break;
            case "Rescaling":
                var scale = layer.Numbers("scale") ?? [1];
                var offset = layer.Numbers("offset") ?? [0];
                var count = Math.Max(scale.Length, offset.Length);
                KerasFormatException.Require((scale.Length == 1 || scale.Length == count) && (offset.Length == 1 || offset.Length == count), $"{layer.Title} has {scale.Length} factors and {offset.Length} offsets");
                AddAffine(layer, Repeat(scale, count), Repeat(offset, count), axes: null);
                break;
            case "PReLU":
                ReadPRelu(layer);
                break;
            case "Softmax":
                AddSoftmax(layer, layer.Number("axis", -1));
                break;
            case "Activation":
                AddActivation(layer, layer.Config.Option("activation"));
                break;
            default:
                _steps.Add(ActivationReading.OfLayer(layer) ?? throw new KerasFormatException($"the model holds {layer.Title}; DigitML runs Flatten, Reshape, Dense, BatchNormalization, Normalization, Rescaling, Dropout and activations"));
                break;
        }
    }

    private static double[] Repeat(double[] values, int count) => values.Length == count ? values : [.. Enumerable.Repeat(values[0], count)];

    private void Become(long[]? shape)
    {
        KerasFormatException.Require(shape is null || Hdf5Space.Count(shape) <= MaximumPixels, Invariant($"at most {MaximumPixels} values a picture are read but it takes {(shape is null ? "" : Hdf5Space.Shown(shape))}"));
        _shape = shape;
    }

    private void ReadFlatten(KerasLayer layer)
    {
        // With channels first, the channels' axis is moved behind the others before it is flattened.
        var movesChannels = layer.Config.Text("data_format") == "channels_first" && _shape is not { Length: 1 };
        KerasFormatException.Require(!movesChannels || _shape is [1, ..], $"{layer.Title} has its channels first; DigitML reads models of grey pictures");
        Become(_shape is null ? null : [Hdf5Space.Count(_shape)]);
    }

    private void ReadReshape(KerasLayer layer)
    {
        var target = (layer.Numbers("target_shape") ?? []).Select(size => size is -1 or (>= 1 and <= MaximumPixels) && size == Math.Floor(size) ? (long)size : 0).ToArray();
        var known = Hdf5Space.Count([.. target.Where(size => size != -1)]);
        var open = target.Count(size => size == -1);
        var fits = target.Length > 0 && !target.Contains(0) && open <= 1 && known <= MaximumPixels;
        if (fits && _shape is not null)
        {
            var count = Hdf5Space.Count(_shape);
            fits = open == 1 ? count % known == 0 : count == known;
            target = [.. target.Select(size => size == -1 ? count / known : size)];
            open = 0;
        }

        KerasFormatException.Require(fits, $"{layer.Title} does not fit values of {Shown}");
        Become(open == 0 ? target : null);
    }

    private void ReadDense(KerasLayer layer)
    {
        KerasFormatException.Require(++_denseLayers <= MaximumDenseLayers, Invariant($"it has more than {MaximumDenseLayers} dense layers"));
        var weights = _weights.Of(layer);
        var kernel = Dataset(layer, weights, "kernel", 0);
        var sizes = kernel.Dataset!.Sizes;
        var units = layer.Number("units", 0);
        KerasFormatException.Require(
            sizes.Count == 2 && sizes[0] >= 1 && sizes[0] <= (_denseLayers == 1 ? MaximumPixels : MaximumUnits) && sizes[1] is >= 1 and <= MaximumUnits && sizes[1] == units,
            Invariant($"the kernel of {layer.Title} is {Hdf5Space.Shown(sizes)} where [inputs, {units}] was expected; at most {MaximumPixels} pixels and {MaximumUnits} units a layer are read"));

        // Applied to each row of a picture, it would be another layer than it is to all of it.
        KerasFormatException.Require(
            _shape is null || (_shape[^1] == sizes[0] && Hdf5Space.Count(_shape) == sizes[0]),
            Invariant($"{layer.Title} takes {sizes[0]} values but is given {Shown}; put a Flatten before the first dense layer"));

        var bias = layer.Flag("use_bias", true) ? Values(layer, weights, "bias", 1, [sizes[1]]) : null;
        _steps.Add(new DenseStep(layer.Name, (int)sizes[0], (int)sizes[1], Values(layer, weights, "kernel", 0, [.. sizes]), bias));
        Become([sizes[1]]);
        AddActivation(layer, layer.Config.Option("activation"));
    }

    private void AddActivation(KerasLayer layer, JsonElement? activation)
    {
        if (ActivationReading.IsSoftmax(activation))
        {
            AddSoftmax(layer, -1);
        }
        else if (ActivationReading.Of(layer, activation) is { } step)
        {
            _steps.Add(step);
        }
    }

    private void AddSoftmax(KerasLayer layer, double axis)
    {
        KerasFormatException.Require(axis is -1 or 1 && _shape is null or { Length: 1 }, $"{layer.Title} is not over all classes (axis {axis.ToString(System.Globalization.CultureInfo.InvariantCulture)}, values of {Shown})");
        _steps.Add(new SoftmaxStep(layer.Name));
    }

    private void ReadPRelu(KerasLayer layer)
    {
        var weights = _weights.Of(layer);
        var count = Hdf5Space.Count([.. Dataset(layer, weights, "alpha", 0).Dataset!.Sizes]);
        KerasFormatException.Require(count == 1 || (_shape is null && count > 0) || (_shape is not null && count == Hdf5Space.Count(_shape)), Invariant($"the slopes of {layer.Title} are {count} for values of {Shown}; DigitML reads one for all or one for each"));
        _steps.Add(new ActivationStep(layer.Name, Activation.PRelu(Values(layer, weights, "alpha", 0, shape: null))));
    }

    private void ReadBatchNormalization(KerasLayer layer)
    {
        var weights = _weights.Of(layer);
        var number = 0;
        var hasGamma = layer.Flag("scale", true);
        var hasBeta = layer.Flag("center", true);
        var gamma = hasGamma ? Values(layer, weights, "gamma", number++, shape: null) : null;
        var beta = hasBeta ? Values(layer, weights, "beta", number++, shape: null) : null;
        var mean = Values(layer, weights, "moving_mean", number++, shape: null);
        var variance = Values(layer, weights, "moving_variance", number, shape: null);
        var epsilon = layer.Number("epsilon", 1e-3);
        KerasFormatException.Require(
            variance.Length == mean.Length && (gamma?.Length ?? mean.Length) == mean.Length && (beta?.Length ?? mean.Length) == mean.Length,
            $"the weights of {layer.Title} are of different lengths");

        var (factor, offset) = (new double[mean.Length], new double[mean.Length]);
        for (var i = 0; i < mean.Length; i++)
        {
            factor[i] = (gamma?[i] ?? 1.0) / Math.Sqrt(variance[i] + epsilon);
            offset[i] = (beta?[i] ?? 0.0) - (mean[i] * factor[i]);
        }

        AddAffine(layer, factor, offset, _shape is null ? null : layer.Axes(_shape.Length));
    }

    private void ReadNormalization(KerasLayer layer)
    {
        // Keras divides by at least this.
        const double smallest = 1e-7;

        KerasFormatException.Require(!layer.Flag("invert", false), $"{layer.Title} is inverted, which is not run here");
        var (mean, variance) = (layer.Numbers("mean"), layer.Numbers("variance"));
        if (mean is null || variance is null)
        {
            var weights = _weights.Of(layer);
            mean = Array.ConvertAll(Values(layer, weights, "mean", 0, shape: null), value => (double)value);
            variance = Array.ConvertAll(Values(layer, weights, "variance", 1, shape: null), value => (double)value);
        }

        KerasFormatException.Require(mean.Length == variance.Length, $"the weights of {layer.Title} are of different lengths");
        var factor = Array.ConvertAll(variance, value => 1 / Math.Max(Math.Sqrt(value), smallest));
        for (var i = 0; i < factor.Length; i++)
        {
            // Value and mean are nearly equal there, and the difference would be lost when the factor goes into float32 weights.
            KerasFormatException.Require(factor[i] < 1e5 || mean[i] == 0, Invariant($"{layer.Title} divides by next to nothing: value {i} never changed in training and is not 0; leave it out of the model's input"));
        }

        AddAffine(layer, factor, [.. mean.Zip(factor, (value, by) => -value * by)], _shape is null ? null : layer.Axes(_shape.Length));
    }

    /// <summary>Adds a step, its numbers spread from their axes over all values.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="factor">As many as the axes have places, or one.</param>
    /// <param name="offset">As many as factors.</param>
    /// <param name="axes">The axes that the numbers go along; null for the last.</param>
    private void AddAffine(KerasLayer layer, double[] factor, double[] offset, int[]? axes)
    {
        for (var i = 0; i < factor.Length; i++)
        {
            KerasFormatException.Require(double.IsFinite(factor[i]) && double.IsFinite(offset[i]), Invariant($"what {layer.Title} does to value {i} is not finite"));
        }

        if (factor.Length > 1 && _shape is { } shape)
        {
            axes ??= [shape.Length - 1];
            var places = Places(shape, axes);
            KerasFormatException.Require(Hdf5Space.Count([.. axes.Select(axis => shape[axis])]) == factor.Length, $"{layer.Title} has {factor.Length} numbers for values of {Shown}");
            factor = Array.ConvertAll(places, place => factor[place]);
            offset = Array.ConvertAll(places, place => offset[place]);
        }

        _steps.Add(new AffineStep(layer.Name, Affine.Of(factor, offset)));
    }

    /// <summary>For each value, its place along the axes.</summary>
    private static int[] Places(long[] shape, int[] axes)
    {
        var places = new int[Hdf5Space.Count(shape)];
        for (var i = 0; i < places.Length; i++)
        {
            var place = 0L;
            var stride = (long)places.Length;
            for (var axis = 0; axis < shape.Length; axis++)
            {
                stride /= shape[axis];
                if (Array.IndexOf(axes, axis) >= 0)
                {
                    place = (place * shape[axis]) + (i / stride % shape[axis]);
                }
            }

            places[i] = (int)place;
        }

        return places;
    }

    private static Hdf5Object Dataset(KerasLayer layer, LayerWeights weights, string name, int number) =>
        weights.Find(name, number) is { Dataset: not null } found ? found : throw new KerasFormatException($"expected weights {KerasFormatException.Quote(name)} of {layer.Title} but the file has none; save the whole model after it was built");

    private float[] Values(KerasLayer layer, LayerWeights weights, string name, int number, long[]? shape)
    {
        var what = $"{KerasFormatException.Quote(name)} of {layer.Title}";
        var found = Dataset(layer, weights, name, number);
        var sizes = found.Dataset!.Sizes;
        KerasFormatException.Require(shape is null || sizes.SequenceEqual(shape), $"{what} is {Hdf5Space.Shown(sizes)} where {Hdf5Space.Shown(shape ?? [])} was expected");
        var count = Hdf5Space.Count([.. sizes]);
        KerasFormatException.Require(count >= 1 && (shape is not null || count <= MaximumPixels), $"{what} is {Hdf5Space.Shown(sizes)}, which is not read");
        _weightCount += count;
        KerasFormatException.Require(_weightCount <= MaximumWeights, Invariant($"it has more than {MaximumWeights} weights"));
        var values = found.Dataset.Singles(what, found.Text("dtype") == "bfloat16");
        KerasFormatException.Require(values.All(float.IsFinite), $"{what} has a weight that is not finite");
        return values;
    }
}
