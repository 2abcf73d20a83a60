namespace DigitML.IO;

/// <summary>Names what a file is that is no data, model or picture, by its first bytes, so that an error can say it.</summary>
internal static class FileKinds
{
    private const int TextSample = 512;

    private static readonly (string Magic, string Name)[] s_binary =
    [
        ("%PDF", "a PDF document"),
        ("\u0089HDF", "an HDF5 file"),
        ("SQLite format 3", "an SQLite database"),
        ("7z\u00BC\u00AF", "a 7z archive"),
        ("Rar!", "a RAR archive"),
        ("\u00FD7zXZ", "an xz archive"),
        ("BZh", "a bzip2 archive"),
        ("\u0028\u00B5\u002F\u00FD", "a Zstandard archive"),
        ("\u001F\u008B", "a gzip archive"),
        ("\u0089PNG", "a PNG picture"),
        ("\u00FF\u00D8\u00FF", "a JPEG picture"),
        ("GIF8", "a GIF picture"),
        ("II*\0", "a TIFF picture"),
        ("MM\0*", "a TIFF picture"),
        ("\u0093NUMPY", "a NumPy array"),
        ("PAR1", "a Parquet file"),
        ("ARROW1", "an Arrow file"),
        ("\u00D0\u00CF\u0011\u00E0", "an old Office document"),
        ("MATLAB 5", "a MATLAB file"),
        ("version https://git-lfs", "a pointer of Git LFS rather than the file it stands for"),
        ("\u007FELF", "a program"),
        ("MZ", "a program"),
    ];

    /// <summary>What a file is, fit for "but this is …"; null when it is not known.</summary>
    /// <param name="start">The file's first bytes, some hundred of them.</param>
    public static string? NameOf(ReadOnlySpan<byte> start)
    {
        foreach (var (magic, name) in s_binary)
        {
            if (StartsWith(start, magic))
            {
                return name;
            }
        }

        if (StartsWith(start, "PK\u0003\u0004") || StartsWith(start, "PK\u0005\u0006"))
        {
            return NameOfZip(start);
        }

        if (start.Length > 262 && start[257..].StartsWith("ustar"u8))
        {
            return "a tar archive";
        }

        // Pickle from protocol 2 on: PROTO, its number, and then an opcode.
        if (start.Length > 2 && start[0] == 0x80 && start[1] is >= 2 and <= 5)
        {
            return "a Python pickle, which can run any code and is never opened";
        }

        return start.Length > 0 && IsText(start) ? NameOfText(start) : null;
    }

    /// <summary>Whether a file that starts so is text.</summary>
    public static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (var value in start[..Math.Min(TextSample, start.Length)])
        {
            if (value < 32 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f'))
            {
                return false;
            }
        }

        return true;
    }

    private static string NameOfZip(ReadOnlySpan<byte> start)
    {
        // The first entry's name begins at byte 30.
        var name = start.Length > 30 ? start[30..] : [];
        return name.StartsWith("[Content_Types].xml"u8) || name.StartsWith("_rels/"u8) ? "an Office document (Excel, Word)"
            : name.IndexOf("data.pkl"u8) is >= 0 and < 80 ? "a PyTorch checkpoint, which can run any code and is never opened"
            : "a ZIP archive";
    }

    private static string? NameOfText(ReadOnlySpan<byte> start)
    {
        var text = System.Text.Encoding.UTF8.GetString(start[..Math.Min(TextSample, start.Length)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<head", StringComparison.OrdinalIgnoreCase) ? "a web page (HTML), perhaps the error page of a server that should have sent the file"
            : text.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? "an SVG drawing"
            : text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) ? "an XML document"
            : text.StartsWith('{') || (text.StartsWith('[') && text.AsSpan(1).TrimStart() is ['{' or '[' or '"', ..]) ? "a JSON document"
            : text.StartsWith("@relation", StringComparison.OrdinalIgnoreCase) ? "an ARFF file (Weka)"
            : null;
    }

    private static bool StartsWith(ReadOnlySpan<byte> start, string magic)
    {
        if (start.Length < magic.Length)
        {
            return false;
        }

        for (var i = 0; i < magic.Length; i++)
        {
            if (start[i] != magic[i])
            {
                return false;
            }
        }

        return true;
    }
}
