namespace DigitML.IO;

/// <summary>
/// The one exception for bad input from outside: files, headers, downloads, models and options read from them.
/// Its message is one line that says where, what was expected, what was found and what to do.
/// </summary>
/// <remarks>Arguments that a caller got wrong throw <see cref="ArgumentException"/> and its kin instead.</remarks>
public sealed class DigitException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: where, expected, found, what to do.</param>
    public DigitException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception; the numbers in its message are written invariantly.</summary>
    /// <param name="message">One line: where, expected, found, what to do.</param>
    public DigitException(ref InvariantText message)
        : base(message.ToString())
    {
    }

    /// <summary>Creates the exception over the one that caused it.</summary>
    /// <param name="message">One line: where, expected, found, what to do.</param>
    /// <param name="innerException">What was caught.</param>
    public DigitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception over the one that caused it; the numbers in its message are written invariantly.</summary>
    /// <param name="message">One line: where, expected, found, what to do.</param>
    /// <param name="innerException">What was caught.</param>
    public DigitException(ref InvariantText message, Exception innerException)
        : base(message.ToString(), innerException)
    {
    }
}
