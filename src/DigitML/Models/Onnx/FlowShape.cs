namespace DigitML.Models.Onnx;

/// <summary>
/// The shape of one picture's values on their way through a graph, as far as the file tells; the batch's dimension
/// is not part of it. Values keep their order whatever the shape, so all that matters is that a step keeps every
/// picture's values together and that a layer is given them flat.
/// </summary>
internal sealed class FlowShape
{
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

    /// <summary>Checks that a constant gives one number for each value, or one for all.</summary>
    public void PassConstant(NumberArray constant, string title)
    {
        if (constant.Values.Length == 1)
        {
            return;
        }

        var aligned = _sizes is null || _sizes.SkipWhile(size => size == 1).SequenceEqual(constant.Dimensions.SkipWhile(size => size == 1));
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
