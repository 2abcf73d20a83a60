namespace DigitML.Models;

/// <summary>
/// Networks of the same shape that answer together: a class's probability is the geometric mean of what the members say, made to sum to 1. The
/// ensemble is one <see cref="Mlp"/>, usable, saved and loaded as any other: its hidden layers hold the members' side by side.
/// </summary>
/// <remarks>
/// Networks that differ in their random numbers alone err on different pictures, so their mean errs less (Hansen and Salamon, "Neural Network
/// Ensembles", 1990; of perceptrons on MNIST, Meier et al., "Better Digit Recognition with a Committee of Simple Neural Nets", 2011). The
/// geometric mean is the softmax of the mean of the logits (the logarithmic opinion pool: Hinton, "Training Products of Experts", 2002, section
/// 1), which a last dense layer gives.
/// </remarks>
public static class MlpEnsemble
{
    /// <summary>The entry of the metadata that says how many members an ensemble has.</summary>
    internal const string MembersEntry = "members";

    /// <summary>Joins networks into one.</summary>
    /// <param name="members">At least two of the same sizes, activations, normalisation and classes; none in whole numbers and none an ensemble.</param>
    /// <returns>
    /// The ensemble. Its metadata are those that all members share; how sure to be and from when to refuse, which single networks were
    /// calibrated for, is not among them.
    /// </returns>
    /// <exception cref="ArgumentException">Members do not go together; says which, and in what they differ from the first.</exception>
    public static Mlp Join(IReadOnlyList<Mlp> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count < 2)
        {
            throw new ArgumentException(Invariant($"An ensemble needs at least two members; got {members.Count}."), nameof(members));
        }

        for (var i = 0; i < members.Count; i++)
        {
            if (Misfit(members[0], members[i]) is { } misfit)
            {
                throw new ArgumentException(Invariant($"Member {i + 1} {misfit}."), nameof(members));
            }
        }

        var first = members[0];
        var layers = first.Layers.Select((_, place) => JoinLayers([.. members.Select(member => member.Layers[place])], place, first.Layers.Count)).ToArray();
        var metadata = first.Metadata
            .Where(entry => entry.Key is not (TemperatureScaling.MetadataKey or TemperatureScaling.RejectionMetadataKey))
            .Where(entry => members.All(member => member.Metadata.TryGetValue(entry.Key, out var value) && value == entry.Value))
            .ToDictionary();
        metadata[MembersEntry] = Invariant($"{members.Count}");
        return first.FeatureNormalization is { } features ? new Mlp(features, layers, metadata) : new Mlp(first.Normalization, layers, metadata);
    }

    /// <summary>The layers of one member; the sum of all members' last sums is the ensemble's.</summary>
    /// <param name="model">An ensemble.</param>
    /// <param name="member">Its number, from 0.</param>
    internal static DenseLayer[] LayersOf(Mlp model, int member) =>
        [.. model.Layers.Select((layer, place) => Part(layer, place == 0, place == model.Layers.Count - 1, member, model.MemberCount))];

    private static string? Misfit(Mlp first, Mlp other)
    {
        if (other.MemberCount > 1 || other.IsQuantized)
        {
            return other.IsQuantized ? "is in whole numbers; expected networks in floats" : "is an ensemble already; expected single networks";
        }

        if (other.Shape != first.Shape)
        {
            return $"is a network {other.Shape}; expected {first.Shape}, as the first";
        }

        if (!other.Layers.SkipLast(1).Zip(first.Layers).All(pair => IsSame(pair.First.Activation, pair.Second.Activation)))
        {
            return "has other activations than the first, or PReLU with a slope for each unit; expected the same in all, with one slope for a layer";
        }

        var hasSameInput = other.Normalization == first.Normalization
            && (other.FeatureNormalization is null) == (first.FeatureNormalization is null)
            && (first.FeatureNormalization is not { } features || (features.Mean.Span.SequenceEqual(other.FeatureNormalization!.Mean.Span) && features.Scale.Span.SequenceEqual(other.FeatureNormalization.Scale.Span)));
        return !hasSameInput ? "normalises its input otherwise than the first; train all on the same data"
            : !other.ClassNames.SequenceEqual(first.ClassNames) || !other.FeatureNames.SequenceEqual(first.FeatureNames) ? "has other classes or features than the first"
            : null;
    }

    private static bool IsSame(Activation a, Activation b) =>
        a.Kind == b.Kind && a.Alpha.Equals(b.Alpha) && a.Slopes.Length <= 1 && a.Slopes.Span.SequenceEqual(b.Slopes.Span);

    private static DenseLayer JoinLayers(DenseLayer[] layers, int place, int count)
    {
        var (inputs, outputs, members) = (layers[0].Inputs, layers[0].Outputs, layers.Length);
        if (place < count - 1 || count == 1)
        {
            // One layer alone is both the first and the last, and its mean a layer of the same size.
            if (count == 1)
            {
                return new DenseLayer(inputs, outputs, Mean(layers, layer => layer.Weights), Mean(layers, layer => layer.Bias), layers[0].Activation);
            }

            float[] weights = [.. layers.SelectMany(layer => layer.Weights.ToArray())];
            float[] bias = [.. layers.SelectMany(layer => layer.Bias.ToArray())];
            return new DenseLayer(place == 0 ? inputs : inputs * members, outputs * members, weights, bias, layers[0].Activation, groups: place == 0 ? 1 : members);
        }

        var last = new float[inputs * members * outputs];
        for (var output = 0; output < outputs; output++)
        {
            for (var member = 0; member < members; member++)
            {
                var source = layers[member].WeightsInto(output);
                var target = last.AsSpan(((output * members) + member) * inputs, inputs);
                for (var i = 0; i < inputs; i++)
                {
                    target[i] = source[i] / members;
                }
            }
        }

        return new DenseLayer(inputs * members, outputs, last, Mean(layers, layer => layer.Bias), layers[0].Activation);
    }

    private static float[] Mean(DenseLayer[] layers, Func<DenseLayer, ReadOnlyMemory<float>> of)
    {
        var sums = new double[of(layers[0]).Length];
        foreach (var layer in layers)
        {
            var values = of(layer).Span;
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += values[i];
            }
        }

        return Array.ConvertAll(sums, sum => (float)(sum / layers.Length));
    }

    private static DenseLayer Part(DenseLayer layer, bool isFirst, bool isLast, int member, int members)
    {
        if (!isLast)
        {
            var (outputs, inputs) = (layer.Outputs / members, isFirst ? layer.Inputs : layer.Inputs / members);
            return new DenseLayer(inputs, outputs, layer.Weights.Slice(member * outputs * inputs, outputs * inputs), layer.Bias.Slice(member * outputs, outputs), layer.Activation);
        }

        var own = layer.Inputs / members;
        var weights = new float[own * layer.Outputs];
        for (var output = 0; output < layer.Outputs; output++)
        {
            layer.WeightsInto(output).Slice(member * own, own).CopyTo(weights.AsSpan(output * own));
        }

        return new DenseLayer(own, layer.Outputs, weights, member == 0 ? layer.Bias : new float[layer.Outputs], layer.Activation);
    }
}
