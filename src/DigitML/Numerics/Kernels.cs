using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DigitML.Numerics;

/// <summary>
/// The arithmetic of the network on matrices in panels (see <see cref="PanelMatrix"/>), for a run of tiles (see
/// <see cref="TileRange"/>). One implementation serves all vector widths; which width is chosen once, here.
/// </summary>
/// <remarks>
/// Every output is a sum over its inputs in their order, held by one thread from first to last. So a result does not
/// depend on the vector width (where multiply-add is fused), on the number of threads, or on how work is shared out.
/// Shapes are trusted: they are settled where the network is made. Plain references in the tests check every kernel.
/// </remarks>
internal abstract class Kernels
{
    /// <summary>Rows of one unit of work of the three products; matrices are padded to it.</summary>
    public const int TileRows = 8;

    /// <summary>The widest kernels this machine runs.</summary>
    /// <remarks>
    /// Where 512 bits lower a processor's clock (Intel's of 2017 to 2019), the runtime has them and says that they are not
    /// accelerated, which is right for a copy of a string and wrong for products that take milliseconds.
    /// </remarks>
    public static Kernels Best { get; } =
        Vector512.IsHardwareAccelerated || Avx512F.IsSupported ? new VectorKernels<Vector512<float>, Simd512>() :
        Vector256.IsHardwareAccelerated ? new VectorKernels<Vector256<float>, Simd256>() :
        new VectorKernels<Vector128<float>, Simd128>();

    /// <summary>Bits of the vectors used.</summary>
    public abstract int VectorBits { get; }

    /// <summary>A dense layer forward: <c>output = input · weights + bias</c>.</summary>
    /// <param name="input">[batch rows, inputs].</param>
    /// <param name="layer">The layer.</param>
    /// <param name="output">[batch rows, outputs]; the tiles are overwritten.</param>
    /// <param name="rectify">Whether negative results become 0 (ReLU).</param>
    /// <param name="tiles">Of <paramref name="output"/>.</param>
    public abstract void Product(in PanelMatrix input, PanelLayer layer, in PanelMatrix output, bool rectify, in TileRange tiles);

    /// <summary>
    /// The same as <see cref="Product"/> for inputs that are mostly zero: only those that are not are given. Skipping
    /// <c>0 · weight</c> changes no sum.
    /// </summary>
    /// <param name="input">The inputs of each row that are not zero; where it has fewer rows than a tile, so many are computed.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="output">[batch rows, outputs]; the tiles are overwritten.</param>
    /// <param name="rectify">Whether negative results become 0 (ReLU).</param>
    /// <param name="tiles">Of <paramref name="output"/>.</param>
    public abstract void SparseProduct(SparseRows input, PanelLayer layer, in PanelMatrix output, bool rectify, in TileRange tiles);

    /// <summary>An activation other than ReLU, which the products do themselves, in place.</summary>
    /// <param name="function">The layer's.</param>
    /// <param name="values">[batch rows, outputs]: the layer's sums; become what its units give.</param>
    /// <param name="slopes">Shaped as <paramref name="values"/>: gets the activation's derivative at each sum; the default for none.</param>
    /// <param name="rows">Rows that hold data; others are left.</param>
    /// <param name="tiles">Of <paramref name="values"/>.</param>
    public abstract void Activate(UnitFunction function, in PanelMatrix values, in PanelMatrix slopes, int rows, in TileRange tiles);

    /// <summary>The gradient of a layer's input, <c>gradient · weightsᵀ</c>, passed back through ReLU and dropout.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="outputGradient">Of what the layer gave.</param>
    /// <param name="input">[batch rows, inputs]: what the layer was given; gradient passes where it is above 0.</param>
    /// <param name="scale">Factor for what passes (dropout's 1 / keep).</param>
    /// <param name="inputGradient">Of <paramref name="input"/>; the tiles are overwritten, both ways round.</param>
    /// <param name="tiles">Of <paramref name="inputGradient"/> transposed, down to its last row; they are taken in another order than they lie in.</param>
    public abstract void InputGradient(PanelLayer layer, in LayerGradient outputGradient, in PanelMatrix input, float scale, in LayerGradient inputGradient, in TileRange tiles);

    /// <summary>The same for an input that is not ReLU's.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="outputGradient">Of what the layer gave.</param>
    /// <param name="slopes">[batch rows, inputs]: by what gradient is multiplied, the activation's derivative with dropout's factor.</param>
    /// <param name="inputGradient">Of the layer's input; the tiles are overwritten, both ways round.</param>
    /// <param name="tiles">As there.</param>
    public abstract void InputGradientBySlopes(PanelLayer layer, in LayerGradient outputGradient, in PanelMatrix slopes, in LayerGradient inputGradient, in TileRange tiles);

    /// <summary>
    /// The gradient of a layer's weights, <c>inputᵀ · gradient</c>, used at once to update them. Biases of a panel go with
    /// its first tile.
    /// </summary>
    /// <param name="input">[batch rows, inputs]: what the layer was given.</param>
    /// <param name="gradient">[batch rows, outputs]: of what it gave.</param>
    /// <param name="batch">Rows of both that hold data.</param>
    /// <param name="layer">The layer's weights and optimizer state.</param>
    /// <param name="step">The update.</param>
    /// <param name="tiles">Of <see cref="PanelLayer.WeightTiles"/>.</param>
    public abstract void UpdateWeights(in PanelMatrix input, in PanelMatrix gradient, int batch, TrainableLayer layer, in UpdateStep step, in TileRange tiles);

    /// <summary>The same as <see cref="UpdateWeights"/> for a first layer whose inputs are mostly zero.</summary>
    /// <param name="input">The batch's pixels by column.</param>
    /// <param name="gradient">[batch rows, outputs]: of what the layer gave.</param>
    /// <param name="batch">Rows that hold data.</param>
    /// <param name="layer">The layer's weights and optimizer state.</param>
    /// <param name="step">The update.</param>
    /// <param name="tiles">Of <see cref="PanelLayer.WeightTiles"/>.</param>
    public abstract void SparseUpdateWeights(SparseColumns input, in PanelMatrix gradient, int batch, TrainableLayer layer, in UpdateStep step, in TileRange tiles);
}
