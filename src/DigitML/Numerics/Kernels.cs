using System.Runtime.Intrinsics;

namespace DigitML.Numerics;

/// <summary>
/// The arithmetic of the network on matrices in panels (see <see cref="Panels"/>). One implementation serves all
/// vector widths; which width is chosen once, here.
/// </summary>
/// <remarks>
/// Every output is a sum over its inputs in their order, held by one thread from first to last. So a result does not
/// depend on the vector width (where multiply-add is fused), on the number of threads, or on how work is shared out.
/// Pointers are trusted: sizes are checked where buffers are made. Plain references in the tests check every kernel.
/// </remarks>
internal abstract unsafe class Kernels
{
    /// <summary>Rows of one unit of work of the three products; matrices are padded to it.</summary>
    public const int TileRows = 8;

    /// <summary>The widest kernels this machine runs.</summary>
    public static Kernels Best { get; } =
        Vector512.IsHardwareAccelerated ? new VectorKernels<Vector512<float>, Simd512>() :
        Vector256.IsHardwareAccelerated ? new VectorKernels<Vector256<float>, Simd256>() :
        new VectorKernels<Vector128<float>, Simd128>();

    /// <summary>Bits of the vectors used.</summary>
    public abstract int VectorBits { get; }

    /// <summary>
    /// <c>target = left · right (+ bias)</c>, for a run of tiles: 8 rows by one panel, rows within panels.
    /// </summary>
    /// <param name="left">[leftRows, depth] in panels.</param>
    /// <param name="leftRows">Rows of <paramref name="left"/>, a multiple of 8.</param>
    /// <param name="right">[rightRows, columns] in panels; rightRows at least <paramref name="depth"/>.</param>
    /// <param name="rightRows">Rows of <paramref name="right"/>.</param>
    /// <param name="bias">[columns padded], or null for zero.</param>
    /// <param name="target">[targetRows, columns] in panels; overwritten.</param>
    /// <param name="targetRows">Rows of <paramref name="target"/>, at least 8 · <paramref name="rowTiles"/>.</param>
    /// <param name="rowTiles">Tiles of 8 rows that hold data.</param>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="rectify">Whether negative results become 0 (ReLU).</param>
    /// <param name="start">First tile, 0 to panels · rowTiles.</param>
    /// <param name="end">One past the last tile.</param>
    public abstract void Product(float* left, int leftRows, float* right, int rightRows, float* bias, float* target, int targetRows, int rowTiles, int depth, bool rectify, int start, int end);

    /// <summary>
    /// The same as <see cref="Product"/> with ReLU, for a first layer whose inputs are mostly zero: only the inputs that are not
    /// zero are given. Skipping <c>0 · weight</c> changes no sum.
    /// </summary>
    /// <param name="inputs">The non-zero inputs of the rows.</param>
    /// <param name="weights">[weightRows, columns] in panels.</param>
    /// <param name="weightRows">Rows of <paramref name="weights"/>.</param>
    /// <param name="bias">[columns padded].</param>
    /// <param name="target">[targetRows, columns] in panels; rows given are overwritten.</param>
    /// <param name="targetRows">Rows of <paramref name="target"/>.</param>
    /// <param name="rectify">Whether negative results become 0.</param>
    /// <param name="rowStart">First row.</param>
    /// <param name="rowEnd">One past the last row.</param>
    /// <param name="panelStart">First panel of columns.</param>
    /// <param name="panelEnd">One past the last panel.</param>
    public abstract void SparseProduct(SparseRows inputs, float* weights, int weightRows, float* bias, float* target, int targetRows, bool rectify, int rowStart, int rowEnd, int panelStart, int panelEnd);

    /// <summary>
    /// The gradient of a layer's input, <c>gradient · weightsᵀ</c>, passed back through ReLU and dropout, for a run of tiles:
    /// 8 inputs by 32 batch rows.
    /// </summary>
    /// <param name="weights">[weightRows, outputs] in panels.</param>
    /// <param name="weightRows">Rows of <paramref name="weights"/>.</param>
    /// <param name="paddedInputs">Inputs of the layer, padded to 32.</param>
    /// <param name="gradientTransposed">[outputs padded, batch] in panels of batch rows.</param>
    /// <param name="outputs">Outputs of the layer: the length of the sums.</param>
    /// <param name="outputRows">Outputs padded: the rows of <paramref name="gradientTransposed"/>.</param>
    /// <param name="activation">[batchRows, inputs] in panels: what the layer was given; gradient passes where it is above 0.</param>
    /// <param name="scale">Factor for what passes (dropout's 1 / keep).</param>
    /// <param name="target">[batchRows, inputs] in panels; overwritten.</param>
    /// <param name="targetTransposed">[inputs padded, batch] in panels of batch rows; overwritten.</param>
    /// <param name="batchRows">Rows of the batch, padded to 32.</param>
    /// <param name="batchPanels">Panels of 32 batch rows that hold data.</param>
    /// <param name="start">First tile, 0 to batchPanels · paddedInputs / 8.</param>
    /// <param name="end">One past the last tile.</param>
    public abstract void InputGradient(float* weights, int weightRows, int paddedInputs, float* gradientTransposed, int outputs, int outputRows, float* activation, float scale, float* target, float* targetTransposed, int batchRows, int batchPanels, int start, int end);

    /// <summary>
    /// The gradient of a layer's weights, <c>inputᵀ · gradient</c>, used at once to update them, for a run of tiles:
    /// 8 inputs by one panel of outputs, inputs within panels. Biases of a panel go with its first tile.
    /// </summary>
    /// <param name="input">[batchRows, inputs] in panels: what the layer was given.</param>
    /// <param name="gradient">[batchRows, outputs] in panels: the gradient of what it gave.</param>
    /// <param name="batchRows">Rows of both, padded.</param>
    /// <param name="batch">Rows that hold data.</param>
    /// <param name="layer">The layer's weights and optimizer state.</param>
    /// <param name="step">The update.</param>
    /// <param name="start">First tile, 0 to panels · inputs padded / 8.</param>
    /// <param name="end">One past the last tile.</param>
    public abstract void UpdateWeights(float* input, float* gradient, int batchRows, int batch, TrainableLayer layer, in UpdateStep step, int start, int end);

    /// <summary>The same as <see cref="UpdateWeights"/> for a first layer whose inputs are mostly zero.</summary>
    /// <param name="columns">The batch's pixels by column.</param>
    /// <param name="gradient">[batchRows, outputs] in panels.</param>
    /// <param name="batchRows">Rows of <paramref name="gradient"/>, padded.</param>
    /// <param name="batch">Rows that hold data.</param>
    /// <param name="layer">The layer's weights and optimizer state.</param>
    /// <param name="step">The update.</param>
    /// <param name="start">First tile, as in <see cref="UpdateWeights"/>.</param>
    /// <param name="end">One past the last tile.</param>
    public abstract void SparseUpdateWeights(SparseColumns columns, float* gradient, int batchRows, int batch, TrainableLayer layer, in UpdateStep step, int start, int end);
}
