using DigitML.Models;
using DigitML.Models.Folding;

namespace DigitML.Keras.Layers;

/// <summary>What one layer of a Keras model does to one picture's values, its numbers read and checked.</summary>
/// <param name="Layer">The layer's name, for errors.</param>
internal abstract record KerasStep(string Layer);

/// <summary><c>values · kernel + bias</c>.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Inputs">Values that come in.</param>
/// <param name="Units">Values that go out.</param>
/// <param name="Kernel">Row-major [inputs, units], as Keras stores it.</param>
/// <param name="Bias">[units]; null for none.</param>
internal sealed record DenseStep(string Layer, int Inputs, int Units, float[] Kernel, float[]? Bias) : KerasStep(Layer);

/// <summary><c>value · factor + offset</c> with one number for all values or one for each: scaling and batch normalisation.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Affine">One factor and offset, or one for each value.</param>
internal sealed record AffineStep(string Layer, Affine Affine) : KerasStep(Layer);

/// <summary>A function of each value by itself.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Activation">Which, with its numbers.</param>
internal sealed record ActivationStep(string Layer, Activation Activation) : KerasStep(Layer);

/// <summary>Softmax over all values.</summary>
/// <param name="Layer">The layer's name.</param>
internal sealed record SoftmaxStep(string Layer) : KerasStep(Layer);
