using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace DigitML.Notebooks;

/// <summary>C# as HTML in which comments, text, numbers and keywords have classes of their own. It colours; it does not parse.</summary>
internal static partial class CodeColours
{
    private static readonly HashSet<string> s_keywords = new(StringComparer.Ordinal)
    {
        "as", "async", "await", "base", "bool", "break", "byte", "case", "catch", "char", "class", "const", "continue", "decimal", "default", "do", "double", "else", "enum", "false",
        "finally", "float", "for", "foreach", "from", "get", "if", "in", "init", "int", "interface", "internal", "is", "let", "lock", "long", "nameof", "namespace", "new", "not", "null",
        "object", "or", "orderby", "out", "override", "params", "private", "protected", "public", "readonly", "record", "ref", "return", "sbyte", "sealed", "select", "set", "short", "static",
        "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "using", "var", "virtual", "void", "when", "where", "while", "with", "yield",
    };

    /// <summary>The code as HTML; its text is the code's own.</summary>
    /// <param name="code">A cell.</param>
    public static string Write(string code)
    {
        var html = new StringBuilder();
        var at = 0;
        foreach (Match part in Parts().Matches(code))
        {
            var kind = part.Groups["word"].Success ? (s_keywords.Contains(part.Value) ? "k" : null)
                : part.Groups["comment"].Success ? "c"
                : part.Groups["text"].Success ? "s"
                : part.Groups["number"].Success ? "n"
                : "d";
            html.Append(WebUtility.HtmlEncode(code[at..part.Index]));
            html.Append(kind is null ? WebUtility.HtmlEncode(part.Value) : $"<span class=\"{kind}\">{WebUtility.HtmlEncode(part.Value)}</span>");
            at = part.Index + part.Length;
        }

        return html.Append(WebUtility.HtmlEncode(code[at..])).ToString();
    }

    // Directives stand at the beginning of a line. None of the alternatives can go back over what it took: time grows with length alone.
    [GeneratedRegex(
        """(?<directive>^[ \t]*#[!a-z][^\n]*)|(?<comment>//[^\n]*|/\*[\s\S]*?\*/)|(?<text>[$@]{0,2}"{3,}[\s\S]*?"{3,}|[$@]{0,2}"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')|(?<number>\b\d[\d_.a-fxA-FX]*[fFdDmMlLuU]*\b)|(?<word>\b[A-Za-z_]\w*)""",
        RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Parts();
}
