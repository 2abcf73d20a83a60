using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DigitML.IO;

/// <summary>Arrays of users in one row-major block, after their shapes were checked.</summary>
internal static class Arrays
{
    /// <summary>A copy of rows, one behind the other.</summary>
    /// <param name="rows">Each of the same length.</param>
    /// <param name="name">What errors call them.</param>
    /// <param name="what">What a row is and holds, as errors call it: <c>row</c>, <c>features</c>.</param>
    /// <param name="width">Numbers of a row; 0 when there is none.</param>
    /// <param name="parameter">The caller's name for <paramref name="rows"/>.</param>
    /// <exception cref="ArgumentException">A row is null, empty, or not as long as the first; or all are too long for one array.</exception>
    public static T[] Joined<T>(T[][] rows, string name, (string Row, string Values) what, out int width, string parameter)
    {
        ArgumentNullException.ThrowIfNull(rows, parameter);
        width = rows.Length > 0 ? rows[0]?.Length ?? 0 : 0;
        if (rows.Length > 0 && width == 0)
        {
            throw new ArgumentException($"{name}: expected {what.Row} 0 to hold at least one of its {what.Values} but it is {(rows[0] is null ? "null" : "empty")}.", parameter);
        }

        for (var i = 1; i < rows.Length; i++)
        {
            if (rows[i]?.Length != width)
            {
                throw new ArgumentException(Invariant($"{name}: expected {what.Row} {i} to hold {width} {what.Values}, as {what.Row} 0 does, but it {(rows[i] is { } row ? Invariant($"holds {row.Length}") : "is null")}."), parameter);
            }
        }

        CheckLength((long)rows.Length * width, name, parameter);
        var joined = new T[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].CopyTo(joined, i * width);
        }

        return joined;
    }

    /// <summary>An array of several dimensions as it lies in memory: row-major.</summary>
    /// <param name="array">Of elements of type <typeparamref name="T"/>.</param>
    public static ReadOnlySpan<T> Flat<T>(Array array) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    /// <summary>A copy of a tensor, row-major, whatever its strides.</summary>
    /// <param name="tensor">Of any rank.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="parameter">The caller's name for <paramref name="tensor"/>.</param>
    /// <exception cref="ArgumentException">It is too long for one array.</exception>
    public static T[] Flat<T>(in ReadOnlyTensorSpan<T> tensor, string name, string parameter)
    {
        CheckLength(tensor.FlattenedLength, name, parameter);
        var flat = new T[tensor.FlattenedLength];
        tensor.FlattenTo(flat);
        return flat;
    }

    /// <summary>A size of a tensor as a number of an array.</summary>
    public static int SizeOf<T>(in ReadOnlyTensorSpan<T> tensor, int dimension) => checked((int)tensor.Lengths[dimension]);

    private static void CheckLength(long length, string name, string parameter)
    {
        if (length > Array.MaxLength)
        {
            throw new ArgumentException(Invariant($"{name}: expected at most {Array.MaxLength} values in all, which one array holds; got {length}."), parameter);
        }
    }
}
