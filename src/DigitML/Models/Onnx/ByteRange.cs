using Google.Protobuf;

namespace DigitML.Models.Onnx;

/// <summary>A part of a file in memory; nothing is copied to name it.</summary>
internal readonly record struct ByteRange(byte[] File, int Offset, int Length)
{
    public ReadOnlySpan<byte> Span => File.AsSpan(Offset, Length);

    public CodedInputStream Open() => new(File, Offset, Length);
}
