namespace DigitML.Reading;

/// <summary>What the reader makes of a picture or of one piece of ink in it.</summary>
public enum Verdict
{
    /// <summary>A digit, and clearly this one.</summary>
    Digit,

    /// <summary>A digit, but another one is nearly as probable.</summary>
    Ambiguous,

    /// <summary>Ink that is no digit: a letter, a scribble, a shape, a photograph of something else.</summary>
    NotADigit,

    /// <summary>No ink.</summary>
    Blank,
}

/// <summary>How verdicts are written for people and in JSON.</summary>
public static class VerdictNames
{
    /// <summary>The verdict as JSON and reports write it: <c>digit</c>, <c>ambiguous</c>, <c>not-a-digit</c> or <c>blank</c>.</summary>
    /// <param name="verdict">One of the four.</param>
    /// <exception cref="ArgumentOutOfRangeException">The verdict is none of the four.</exception>
    public static string ToName(this Verdict verdict) => verdict switch
    {
        Verdict.Digit => "digit",
        Verdict.Ambiguous => "ambiguous",
        Verdict.NotADigit => "not-a-digit",
        Verdict.Blank => "blank",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, "A verdict is Digit, Ambiguous, NotADigit or Blank."),
    };
}
