namespace DigitML.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Address">Where it comes from.</param>
/// <param name="BytesReceived">Bytes so far.</param>
/// <param name="TotalBytes">Bytes in all, when the server said.</param>
public readonly record struct DownloadProgress(string File, Uri Address, long BytesReceived, long? TotalBytes);
