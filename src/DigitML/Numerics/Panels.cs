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

    /// <summary>Floats of a matrix with <paramref name="rows"/> (already padded where it shall be) and so many columns.</summary>
    public static int Length(int rows, int columns) => checked(Count(columns) * rows * Width);

    /// <summary>Where an element lies.</summary>
    public static nint Offset(int rows, int row, int column) => (((nint)(column / Width) * rows) + row) * Width + (column % Width);
}
