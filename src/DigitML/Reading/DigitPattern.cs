namespace DigitML.Reading;

/// <summary>
/// The form that a text is known to have: <c>#</c> is a digit, <c>#*</c> any number of digits, even none, and every other character stands for
/// itself.
/// </summary>
internal sealed class DigitPattern
{
    private const char DigitSign = '#';

    private const char RepeatSign = '*';

    private readonly List<(char Sign, bool IsDigit, bool Repeats)> _places = [];

    /// <summary>Any number of digits and nothing else.</summary>
    public static DigitPattern Any { get; } = Parse("#*");

    /// <summary>How many places there are.</summary>
    public int Length => _places.Count;

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">With at least one <c>#</c>, on one line.</param>
    /// <exception cref="ArgumentException">It has no <c>#</c>, or a digit or line feed in it; says what is expected.</exception>
    public static DigitPattern Parse(string pattern)
    {
        if (!pattern.Contains(DigitSign, StringComparison.Ordinal) || pattern.AsSpan().ContainsAnyInRange('0', '9') || pattern.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException($"{nameof(ReaderOptions.Pattern)} must have # for each digit, #* for any number of them, and no digits itself, such as ##.##.####; got '{pattern}'.");
        }

        var made = new DigitPattern();
        for (var i = 0; i < pattern.Length; i++)
        {
            var isDigit = pattern[i] == DigitSign;
            var repeats = isDigit && i + 1 < pattern.Length && pattern[i + 1] == RepeatSign;
            made._places.Add((pattern[i], isDigit, repeats));
            i += repeats ? 1 : 0;
        }

        return made;
    }

    /// <summary>Whether a place is one for a digit.</summary>
    public bool TakesDigit(int place) => place < Length && _places[place].IsDigit;

    /// <summary>Whether it is one for any number of them.</summary>
    public bool Repeats(int place) => place < Length && _places[place].Repeats;

    /// <summary>Whether it is one for a mark.</summary>
    public bool IsLiteral(int place) => place < Length && !_places[place].IsDigit;

    /// <summary>The mark of a place.</summary>
    public char LiteralAt(int place) => _places[place].Sign;

    /// <summary>The text of a single digit; null when the pattern wants another number of them.</summary>
    public string? Write(int digit)
    {
        var wanted = _places.Count(place => place.IsDigit && !place.Repeats);
        if (wanted > 1)
        {
            return null;
        }

        var at = wanted == 1 ? _places.FindIndex(place => place.IsDigit && !place.Repeats) : _places.FindIndex(place => place.IsDigit);
        return string.Concat(_places.Select((place, i) => i == at ? (char)('0' + digit) : place.Sign).Where((_, i) => i == at || !_places[i].IsDigit));
    }
}
