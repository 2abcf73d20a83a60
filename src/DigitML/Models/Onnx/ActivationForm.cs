namespace DigitML.Models.Onnx;

/// <summary>
/// Recognises an activation by what it does, however a file spells it out: the operators between two dense layers are worked
/// out on a grid of numbers, and the result is held against the activations that are run here.
/// </summary>
internal static class ActivationForm
{
    /// <summary>The most operators between two layers; GELU by tanh takes nine.</summary>
    public const int MaximumOperators = 32;

    private const double Tolerance = 1e-6;

    private static readonly Activation[] s_known =
        [Activation.Relu, Activation.Gelu, Activation.GeluTanh, Activation.Silu, Activation.Tanh, Activation.Sigmoid, Activation.Relu6];

    /// <summary>Close around 0, where activations bend, and out to where all of them are straight.</summary>
    private static readonly double[] s_grid = [.. Enumerable.Range(-160, 321).Select(i => i / 20.0), -50, -20, -12, 12, 20, 50];

    /// <summary>Recognises an activation among steps that treat every number by itself, with one constant for all.</summary>
    /// <param name="steps">The steps between two layers; at least one bends.</param>
    /// <param name="constants">The graph's.</param>
    /// <returns>
    /// The activation; how many steps go before it and after it, which only multiply and add; and what its values are multiplied by besides.
    /// </returns>
    /// <exception cref="OnnxFormatException">They are no activation that is run here.</exception>
    public static (Activation Activation, int Before, int After, double Factor) Recognise(IReadOnlyList<ChainStep> steps, GraphConstants constants)
    {
        var names = steps.SelectMany(step => step.Branches.Append(step.Node)).Where(node => !Elementwise.IsNothing(node)).Select(node => node.Title).ToArray();
        if (names.Length > MaximumOperators)
        {
            throw new OnnxFormatException(Invariant($"{names.Length} operators stand between two dense layers ({string.Join(", ", names.Take(5))}, …); at most {MaximumOperators} are read as an activation"));
        }

        int[] bends = [.. Enumerable.Range(0, steps.Count).Where(i => !Elementwise.IsAffine(steps[i]))];
        var (first, last) = (bends[0], bends[^1]);
        if (first == last && OfOperator(steps[first], constants) is { } single)
        {
            return (single, first, steps.Count - 1 - last, 1);
        }

        // What stands around may be part of it (GELU is halved at last), so the longest stretch is tried first; a factor that is left over goes elsewhere.
        foreach (var mayScale in new[] { false, true })
        {
            for (var start = 0; start <= first; start++)
            {
                var values = (double[])s_grid.Clone();
                var after = new List<double[]>();
                for (var i = start; i < steps.Count; i++)
                {
                    values = Evaluate(steps[i], values, constants);
                    after.Add(values);
                }

                for (var end = steps.Count - 1; end >= last; end--)
                {
                    if (Match(after[end - start], mayScale) is { } found)
                    {
                        return (found.Activation, start, steps.Count - 1 - end, found.Factor);
                    }
                }
            }
        }

        throw new OnnxFormatException(
            names.Length == 1
                ? $"operator {names[0]} is no activation that DigitML runs; it runs ReLU, leaky ReLU, PReLU, ELU, GELU, SiLU, tanh, sigmoid and ReLU6"
                : $"operators {string.Join(", ", names)} together are no activation that DigitML runs; it runs ReLU, leaky ReLU, PReLU, ELU, GELU, SiLU, tanh, sigmoid and ReLU6");
    }

    /// <summary>The activation that an operator is by itself, its numbers bit for bit; null for none.</summary>
    private static Activation? OfOperator(ChainStep step, GraphConstants constants)
    {
        var node = step.Node;
        if (step.Joins || step.DataIndex != 0)
        {
            return null;
        }

        return node.Operator switch
        {
            "Relu" => Activation.Relu,
            "Tanh" => Activation.Tanh,
            "Sigmoid" => Activation.Sigmoid,
            "LeakyRelu" when float.IsFinite(node.Single("alpha", 0.01f)) => Activation.LeakyRelu(node.Single("alpha", 0.01f)),
            "Elu" when float.IsFinite(node.Single("alpha", 1)) => Activation.Elu(node.Single("alpha", 1)),
            "PRelu" when node.Inputs.Count == 2 => Activation.PRelu(constants.Singles(node.Inputs[1]).Values),
            _ => null,
        };
    }

    private static double[] Evaluate(ChainStep step, double[] values, GraphConstants constants)
    {
        if (!step.Joins)
        {
            return Apply(step.Node, [.. Enumerable.Range(0, step.Node.Inputs.Count).Select(i => i == step.DataIndex ? values : Constant(step.Node, i, constants))]);
        }

        var known = new Dictionary<string, double[]> { [step.Input] = values };
        foreach (var node in step.Branches.Append(step.Node))
        {
            known[node.Outputs[0]] = Apply(node, [.. Enumerable.Range(0, node.Inputs.Count).Select(i => known.GetValueOrDefault(node.Inputs[i]) ?? Constant(node, i, constants))]);
        }

        return known[step.Node.Outputs[0]];
    }

    private static double[] Apply(OnnxNode node, double[]?[] inputs)
    {
        var results = new double[s_grid.Length];
        var given = new double?[inputs.Length];
        for (var point = 0; point < results.Length; point++)
        {
            for (var i = 0; i < given.Length; i++)
            {
                given[i] = inputs[i] is { } input ? input[input.Length == 1 ? 0 : point] : null;
            }

            results[point] = Elementwise.Apply(node, given);
        }

        return results;
    }

    private static double[]? Constant(OnnxNode node, int index, GraphConstants constants)
    {
        if (node.Inputs[index].Length == 0)
        {
            return null;
        }

        var numbers = constants.Singles(node.Inputs[index]);
        return numbers.Values.Length == 1
            ? [numbers.Values[0]]
            : throw new OnnxFormatException($"operator {node.Title} has a constant of shape {numbers.Shape} within an activation; DigitML takes one number for all units there");
    }

    private static (Activation Activation, double Factor)? Match(double[] values, bool mayScale)
    {
        if (!values.All(double.IsFinite))
        {
            return null;
        }

        foreach (var candidate in s_known.Concat(Fitted(values)))
        {
            // At the far right every one of them is x, 6 or 1.
            var factor = mayScale ? values[^1] / candidate.ValueAt(s_grid[^1], 0) : 1;
            if (double.IsFinite(factor) && factor != 0 && Agrees(candidate, values, factor))
            {
                return (candidate, factor);
            }
        }

        return null;
    }

    /// <summary>Those with a number, as it would have to be.</summary>
    private static IEnumerable<Activation> Fitted(double[] values)
    {
        var right = values[^1] / s_grid[^1];
        var farLeft = values[Array.IndexOf(s_grid, -50.0)];
        var leaky = (float)(farLeft / -50 / right);
        var elu = (float)(-farLeft / right);
        if (float.IsFinite(leaky) && leaky != 1)
        {
            yield return Activation.LeakyRelu(leaky);
        }

        if (float.IsFinite(elu))
        {
            yield return Activation.Elu(elu);
        }
    }

    private static bool Agrees(Activation candidate, double[] values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var expected = factor * candidate.ValueAt(s_grid[i], 0);
            if (!(Math.Abs(values[i] - expected) <= Tolerance * Math.Max(Math.Abs(factor), Math.Abs(expected))))
            {
                return false;
            }
        }

        return true;
    }
}
