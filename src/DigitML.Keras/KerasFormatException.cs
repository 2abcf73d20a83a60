namespace DigitML.Keras;

/// <summary>
/// What is wrong with a file, without the file's name, which the border adds: the message is a part of a line and has no full stop.
/// </summary>
internal sealed class KerasFormatException : Exception
{
    public KerasFormatException(string message)
        : base(message)
    {
    }

    public KerasFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The file contradicts itself or ends too early.</summary>
    /// <param name="what">Where it does.</param>
    public static KerasFormatException Damaged(string what) => new($"the file is cut short or damaged ({what}); save or copy it again");

    /// <summary>Throws unless a condition holds.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="otherwise">The message.</param>
    public static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new KerasFormatException(otherwise);
        }
    }

    /// <summary>A name out of a file as errors show it: quoted, on one line, not longer than a line has room for.</summary>
    public static string Quote(string name)
    {
        var text = new string([.. name.Take(60).Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' ? '?' : c)]);
        return name.Length > 60 ? $"'{text}…'" : $"'{text}'";
    }
}
