using DigitML.Data;
using DigitML.Pixels;

namespace DigitML.Reading;

/// <summary>
/// The reader's way to one 28×28 picture, as <c>predict --single</c> sees it: ink found on its ground, ruled lines taken away, the stroke
/// brought near MNIST's, the whole set into the frame as MNIST's makers did.
/// </summary>
/// <remarks>Safe to use from many threads at once. The shipped network chooses among ways to read a picture, whatever network is asked afterwards.</remarks>
public sealed class ReaderFrame : PictureFrame
{
    /// <summary>Pixels a row, and rows.</summary>
    public const int Side = MnistFrame.Side;

    private readonly DigitReader _reader = new();

    /// <inheritdoc/>
    public override string Name => ReaderName;

    /// <inheritdoc/>
    public override int WorkingSide => DigitReader.WorkingSide;

    /// <inheritdoc/>
    public override bool TryPut(GreyImage picture, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (target.Length != Side * Side)
        {
            throw new ArgumentException(Invariant($"The reader's frame needs {Side * Side} pixels; got room for {target.Length}."), nameof(target));
        }

        if (_reader.Read(picture, single: true).Digits is not [var digit, ..])
        {
            return false;
        }

        digit.Image.Pixels.CopyTo(target);
        return true;
    }
}
