namespace DigitML.Models.Onnx;

/// <summary>
/// The shape of one picture's values on their way through a graph, as far as the file tells; the batch's dimension
/// is not part of it. Values keep their order whatever the shape, so all that matters is that a step keeps every
/// picture's values together and that a layer is given them flat.
/// </summary>
internal sealed class FlowShape
{
    /// <summary>As many pixels as a first layer may take.</summary>
    private const int MaximumReordered = 1 << 20;

    private long[]? _sizes;

    /// <param name="input">The graph's input.</param>
    public FlowShape(OnnxValue input)
    {
        if (input.Dimensions is not { } sizes)
        {
            return;
        }

        if (sizes.Count < 2)
        {
            throw new OnnxFormatException($"expected an input of [n, pixels], [n, height, width] or [n, 1, height, width] but {Quote.Name(input.Name)} is {input.Shape}");
        }

        if (sizes.Skip(1).All(size => size is not null))
        {
            Become([.. sizes.Skip(1).Select(size => size!.Value)]);
        }
    }

    /// <summary>Values of one picture; null until it is known.</summary>
    public long? Count { get; private set; }

    /// <summary>Whether the groups of an ensemble's hidden layer come before the pictures: [groups, n, units].</summary>
    public bool IsTurned { get; private set; }

    private string Shown => _sizes is null ? "unknown shape" : $"[{string.Join(", ", _sizes.Prepend(-1).Select(size => size == -1 ? "n" : Invariant($"{size}")))}]";

    /// <summary>Takes a layer's step, which needs <paramref name="inputs"/> values in one row and gives others.</summary>
    public void PassLayer(long inputs, long outputs, string title)
    {
        if ((Count is { } count && count != inputs) || (_sizes is not null && _sizes[^1] != inputs))
        {
            throw new OnnxFormatException(Invariant($"operator {title} takes {inputs} values but is given {Shown}"));
        }

        Become([outputs]);
    }

    /// <summary>Takes a Transpose's step that brings groups before the pictures, or back behind them.</summary>
    public void TurnGroups(string title)
    {
        if (_sizes is not [_, _])
        {
            throw new OnnxFormatException($"operator {title} turns values of {Shown}; DigitML turns [n, groups, units] alone");
        }

        IsTurned = !IsTurned;
    }

    /// <summary>Takes a layer's step of which each group takes its own values.</summary>
    public void PassGroups(long groups, long inputs, long outputs, string title)
    {
        if (_sizes is not [var had, var units] || had != groups || units != inputs)
        {
            throw new OnnxFormatException(Invariant($"operator {title} takes {groups} groups of {inputs} values but is given {Shown}"));
        }

        Become([groups, outputs]);
    }

    /// <summary>Checks that a constant gives one number for each value, or one for all.</summary>
    public void PassConstant(NumberArray constant, string title)
    {
        if (constant.Values.Length == 1)
        {
            return;
        }

        var aligned = IsTurned
            ? constant.Dimensions is [var groups, 1, var units] && _sizes!.SequenceEqual([groups, units])
            : _sizes is null || _sizes.SkipWhile(size => size == 1).SequenceEqual(constant.Dimensions.SkipWhile(size => size == 1));
        if (constant.Values.Length == 0 || !aligned || (Count ?? constant.Values.Length) != constant.Values.Length)
        {
            throw new OnnxFormatException($"operator {title} has a constant of shape {constant.Shape} for values of {Shown}; DigitML takes one number for all or one for each");
        }

        Count = constant.Values.Length;
    }

    /// <summary>Takes a Flatten's step.</summary>
    public void Flatten(long axis, string title)
    {
        var position = axis < 0 && _sizes is not null ? axis + _sizes.Length + 1 : axis;
        // Dimensions of one picture before the axis would be torn apart, unless they are 1.
        var keepsPictures = position == 1 || (position > 1 && _sizes is not null && position <= _sizes.Length + 1 && _sizes.Take((int)position - 1).All(size => size == 1));
        if (!keepsPictures)
        {
            throw new OnnxFormatException(Invariant($"operator {title} with axis {axis} does not keep pictures of {Shown} apart"));
        }

        _sizes = Count is { } count ? [count] : null;
    }

    /// <summary>Takes a Transpose's step.</summary>
    /// <param name="order">For each new dimension the old one; null for all turned round.</param>
    /// <param name="title">What errors call the operation.</param>
    /// <returns>For each new place of a value its old one; null when values keep their order.</returns>
    public int[]? Transpose(IReadOnlyList<long>? order, string title)
    {
        if (_sizes is null || Count > MaximumReordered)
        {
            throw new OnnxFormatException($"operator {title} turns values of {Shown}; DigitML must know their shape to follow");
        }

        var rank = _sizes.Length + 1;
        var dimensions = order is null ? [.. Enumerable.Range(0, rank).Reverse()] : order.Select(dimension => (int)Math.Clamp(dimension, -1, rank)).ToArray();
        if (dimensions.Length != rank || !dimensions.Order().SequenceEqual(Enumerable.Range(0, rank)) || dimensions[0] != 0)
        {
            throw new OnnxFormatException($"operator {title} by [{string.Join(", ", dimensions)}] does not keep pictures of {Shown} apart");
        }

        var strides = new int[rank - 1];
        for (var (i, stride) = (rank - 2, 1); i >= 0; i--)
        {
            strides[i] = stride;
            stride *= (int)_sizes[i];
        }

        var sizes = dimensions[1..].Select(dimension => _sizes[dimension - 1]).ToArray();
        var places = new int[(int)Count!.Value];
        for (var place = 0; place < places.Length; place++)
        {
            var rest = place;
            for (var i = sizes.Length - 1; i >= 0; i--)
            {
                places[place] += rest % (int)sizes[i] * strides[dimensions[i + 1] - 1];
                rest /= (int)sizes[i];
            }
        }

        _sizes = sizes;
        return places.SequenceEqual(Enumerable.Range(0, places.Length)) ? null : places;
    }

    /// <summary>Takes a step that leaves dimensions of 1 out.</summary>
    /// <param name="axes">Which; null for all.</param>
    /// <param name="title">What errors call the operation.</param>
    public void Squeeze(IReadOnlyList<long>? axes, string title)
    {
        if (_sizes is null)
        {
            return;
        }

        var rank = _sizes.Length + 1;
        var gone = axes is null ? Enumerable.Range(1, rank - 1).Where(i => _sizes[i - 1] == 1).Select(i => (long)i).ToHashSet() : axes.Select(axis => axis < 0 ? axis + rank : axis).ToHashSet();
        if (gone.Any(axis => axis < 1 || axis >= rank || _sizes[axis - 1] != 1) || gone.Count == _sizes.Length)
        {
            throw new OnnxFormatException($"operator {title} does not keep pictures of {Shown} apart");
        }

        _sizes = [.. _sizes.Where((_, i) => !gone.Contains(i + 1))];
    }

    /// <summary>Takes a step that puts dimensions of 1 in.</summary>
    public void Unsqueeze(IReadOnlyList<long> axes, string title)
    {
        if (_sizes is null)
        {
            return;
        }

        var rank = _sizes.Length + 1 + axes.Count;
        var added = axes.Select(axis => axis < 0 ? axis + rank : axis).ToHashSet();
        if (added.Count != axes.Count || added.Any(axis => axis < 1 || axis >= rank))
        {
            throw new OnnxFormatException($"operator {title} does not keep pictures of {Shown} apart");
        }

        var old = new Queue<long>(_sizes);
        _sizes = [.. Enumerable.Range(1, rank - 1).Select(i => added.Contains(i) ? 1 : old.Dequeue())];
    }

    /// <summary>Takes numbers that go by the first dimension of a picture, as those of a batch normalisation do.</summary>
    /// <returns>A number for each value.</returns>
    public double[] Spread(double[] numbers, string title)
    {
        if (_sizes is null || (_sizes.Length == 1 && _sizes[0] == numbers.Length))
        {
            Count ??= numbers.Length;
            return Count == numbers.Length ? numbers : throw Misfit();
        }

        if (_sizes[0] != numbers.Length || Count > MaximumReordered)
        {
            throw Misfit();
        }

        var each = (int)(Count!.Value / numbers.Length);
        return [.. numbers.SelectMany(number => Enumerable.Repeat(number, each))];

        OnnxFormatException Misfit() => new(Invariant($"operator {title} has {numbers.Length} channels for values of {Shown}"));
    }

    /// <summary>Takes the step of a Reshape whose target the graph works out as it runs.</summary>
    /// <remarks>It cannot tear pictures apart unnoticed: the layer that follows takes as many values as a picture has.</remarks>
    public void ReshapeUnknown() => _sizes = null;

    /// <summary>Takes a Reshape's step.</summary>
    /// <param name="target">The shape with the batch's dimension; −1 stands for what is left, 0 for the size that was.</param>
    /// <param name="title">What errors call the operation.</param>
    public void Reshape(long[] target, string title)
    {
        var known = 1L;
        var sizes = new long[Math.Max(0, target.Length - 1)];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = target[i + 1] == 0 && _sizes is not null && i < _sizes.Length ? _sizes[i] : target[i + 1];
            known = sizes[i] > 0 ? Product(known, sizes[i]) : known;
        }

        var open = sizes.Count(size => size == -1);
        if (open == 1 && Count is { } count && count % known == 0)
        {
            sizes[Array.IndexOf(sizes, -1)] = count / known;
            known = count;
            open = target[0] == -1 ? 2 : 0;
        }

        if (sizes.Length == 0 || sizes.Any(size => size is 0 or < -1) || target[0] < -1 || open > 1 || (open == 0 && Count is { } values && values != known))
        {
            throw new OnnxFormatException($"operator {title} to [{string.Join(", ", target)}] does not keep pictures of {Shown} apart");
        }

        if (open == 0)
        {
            Become(sizes);
        }
        else
        {
            _sizes = null;
        }
    }

    private void Become(long[] sizes)
    {
        _sizes = sizes;
        Count = sizes.Aggregate(1L, Product);
    }

    private static long Product(long left, long right)
    {
        // Both factors are at least 1 and at most this, so the product cannot overflow.
        const long limit = int.MaxValue;
        return left <= limit && right <= limit && left * right <= limit
            ? left * right
            : throw new OnnxFormatException($"pictures of more than {limit} values are not read");
    }
}
