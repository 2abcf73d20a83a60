using System.Runtime.CompilerServices;

namespace DigitML.Numerics;

/// <summary>
/// The layout every matrix of the kernels has: columns in panels of 32, each panel row after row.
/// Element (row, column) of a matrix with <c>rows</c> rows lies at <c>((column / 32) · rows + row) · 32 + column % 32</c>.
/// </summary>
/// <remarks>
/// 32 floats are two vectors of 512 bits, four of 256 or eight of 128, so the layout does not depend on the machine.
/// Rows and columns are padded with zeros to multiples of 32; so no kernel needs a tail in either direction,
/// and zero weights and zero inputs stay zero through training.
/// </remarks>
internal static class Panels
{
    /// <summary>Columns in a panel.</summary>
    public const int Width = 32;

    /// <summary>Panels that hold so many columns.</summary>
    public static int Count(int columns) => (columns + Width - 1) / Width;

    /// <summary>So many columns or rows, padded.</summary>
    public static int Padded(int count) => checked(Count(count) * Width);

    /// <summary>Where an element lies.</summary>
    public static nint Offset(int rows, int row, int column) => (((nint)(column / Width) * rows) + row) * Width + (column % Width);
}

/// <summary>A matrix in panels (see <see cref="Panels"/>): its memory and its shape.</summary>
internal readonly unsafe struct PanelMatrix
{
    // Its owner too: memory lives as long as a matrix of it.
    private readonly PanelBuffer _buffer;

    /// <summary>Allocates zeros.</summary>
    /// <param name="rows">Rows, padded already where they shall be.</param>
    /// <param name="columns">Columns; padded here.</param>
    public PanelMatrix(int rows, int columns)
    {
        _buffer = new PanelBuffer(checked(Panels.Padded(columns) * rows));
        Pointer = _buffer.Pointer;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>Rows, those of padding included: a panel is so many times 32 floats long.</summary>
    public int Rows { get; }

    /// <summary>Columns, without those that fill the last panel.</summary>
    public int Columns { get; }

    /// <summary>The first float.</summary>
    public float* Pointer { get; }

    /// <summary>Floats from one panel to the next.</summary>
    public nint PanelLength => (nint)Rows * Panels.Width;

    /// <summary>All of it, padding included.</summary>
    public Span<float> Span => _buffer.Span;

    /// <summary>Where a tile of 8 rows by one panel lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Tile(int panel, int rowTile) => Pointer + (panel * PanelLength) + ((nint)rowTile * Kernels.TileRows * Panels.Width);

    /// <summary>Where an element lies, the rest of its row of the panel behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* At(int row, int column) => Pointer + Panels.Offset(Rows, row, column);

    /// <summary>One element, its place checked; kernels go by <see cref="At"/>.</summary>
    public ref float this[int row, int column] => ref Span[(int)Panels.Offset(Rows, row, column)];

    /// <summary>Copies the first columns of a row out.</summary>
    /// <param name="row">The row.</param>
    /// <param name="target">As many as are wanted.</param>
    public void CopyRow(int row, Span<float> target)
    {
        for (var column = 0; column < target.Length; column += Panels.Width)
        {
            new ReadOnlySpan<float>(At(row, column), Math.Min(Panels.Width, target.Length - column)).CopyTo(target[column..]);
        }
    }
}

/// <summary>The gradient of the loss by a layer's outputs, both ways round, as the two products of the backward pass read it.</summary>
internal readonly struct LayerGradient
{
    /// <summary>Allocates zeros.</summary>
    /// <param name="batchRows">Rows of the batch, padded to 32.</param>
    /// <param name="outputs">Outputs of the layer.</param>
    public LayerGradient(int batchRows, int outputs)
    {
        ByRow = new PanelMatrix(batchRows, outputs);
        Transposed = new PanelMatrix(Panels.Padded(outputs), batchRows);
    }

    /// <summary>[batch rows, outputs].</summary>
    public PanelMatrix ByRow { get; }

    /// <summary>[outputs padded, batch rows].</summary>
    public PanelMatrix Transposed { get; }
}
