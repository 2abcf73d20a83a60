using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>One channel of a JPEG: how it is sampled, what its scan uses, and what was read of it.</summary>
internal sealed class JpegComponent
{
    /// <summary>Samples on a block's side.</summary>
    public const int BlockSide = 8;

    /// <summary>Coefficients of a block.</summary>
    public const int BlockSize = 64;

    // How far each coefficient of a progressive picture is known: the lowest bit that was sent; −1 for not at all.
    private readonly sbyte[] _known = new sbyte[BlockSize];
    private readonly int[] _quantization = new int[BlockSize];
    private bool _hasQuantization;
    private short[] _coefficients = [];

    /// <summary>Takes a component from the frame header.</summary>
    /// <param name="id">Its name in the file.</param>
    /// <param name="horizontal">Horizontal sampling factor, 1 to 4.</param>
    /// <param name="vertical">Vertical sampling factor, 1 to 4.</param>
    /// <param name="quantizationTable">0 to 3.</param>
    public JpegComponent(int id, int horizontal, int vertical, int quantizationTable)
    {
        Id = id;
        Horizontal = horizontal;
        Vertical = vertical;
        QuantizationTable = quantizationTable;
        _known.AsSpan().Fill(-1);
    }

    /// <summary>Its name in the file.</summary>
    public int Id { get; }

    /// <summary>Horizontal sampling factor.</summary>
    public int Horizontal { get; }

    /// <summary>Vertical sampling factor.</summary>
    public int Vertical { get; }

    /// <summary>Which quantisation table it takes.</summary>
    public int QuantizationTable { get; }

    /// <summary>Blocks that hold its samples, across.</summary>
    public int BlocksWide { get; private set; }

    /// <summary>Blocks that hold its samples, down.</summary>
    public int BlocksHigh { get; private set; }

    /// <summary>Whether grey needs it; the others are only parsed.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>Samples across, after reduction.</summary>
    public int PlaneWidth { get; private set; }

    /// <summary>Samples down, after reduction.</summary>
    public int PlaneHeight { get; private set; }

    /// <summary>[PlaneHeight, PlaneWidth] samples.</summary>
    public byte[] Plane { get; private set; } = [];

    /// <summary>Samples that a block gives on a side: 8, or 4, 2, 1 when reduced.</summary>
    public int OutputSide { get; private set; }

    /// <summary>Whether its samples, or in a progressive picture their means, were read.</summary>
    public bool IsRead { get; set; }

    /// <summary>The code of DC differences in the running scan.</summary>
    public JpegHuffmanTable? DcTable { get; set; }

    /// <summary>The code of AC coefficients in the running scan.</summary>
    public JpegHuffmanTable? AcTable { get; set; }

    /// <summary>The DC coefficient before.</summary>
    public int Prediction { get; set; }

    /// <summary>Works out the sizes.</summary>
    /// <param name="width">Samples across that the picture needs of it.</param>
    /// <param name="height">Samples down.</param>
    /// <param name="outputSide">8, 4, 2 or 1.</param>
    public void Resize(int width, int height, int outputSide)
    {
        BlocksWide = (width + BlockSide - 1) / BlockSide;
        BlocksHigh = (height + BlockSide - 1) / BlockSide;
        OutputSide = outputSide;
        PlaneWidth = ((width * outputSide) + BlockSide - 1) / BlockSide;
        PlaneHeight = ((height * outputSide) + BlockSide - 1) / BlockSide;
    }

    /// <summary>Takes the memory for what will be read.</summary>
    /// <param name="progressive">Whether coefficients have to wait for further scans.</param>
    public void Allocate(bool progressive)
    {
        IsWanted = true;
        if (progressive)
        {
            _coefficients = new short[BlocksWide * BlocksHigh * BlockSize];
        }
        else
        {
            Plane = new byte[PlaneWidth * PlaneHeight];
        }
    }

    /// <summary>Keeps the quantisation table that holds at the component's first scan (T.81, B.2.4.1).</summary>
    /// <param name="table">[64], row-major.</param>
    public void KeepQuantization(ReadOnlySpan<int> table)
    {
        if (!_hasQuantization)
        {
            table.CopyTo(_quantization);
            _hasQuantization = true;
        }
    }

    /// <summary>Notes that a progressive scan sends bits of some coefficients.</summary>
    /// <param name="first">The first in zigzag order.</param>
    /// <param name="last">The last.</param>
    /// <param name="before">The lowest bit that should be known; 0 for none.</param>
    /// <param name="now">The lowest bit that will be.</param>
    /// <exception cref="DigitException">The scan repeats or leaves out bits.</exception>
    public void NoteProgress(int first, int last, int before, int now)
    {
        for (var k = first; k <= last; k++)
        {
            if (_known[k] != (before == 0 ? -1 : before))
            {
                throw ImageErrors.Damaged("JPEG", Invariant($"scan sends bits of coefficient {k} again or out of order"));
            }

            _known[k] = (sbyte)now;
        }
    }

    /// <summary>Whether the block holds samples of the picture that are wanted.</summary>
    public bool Wants(int blockX, int blockY) => IsWanted && blockX < BlocksWide && blockY < BlocksHigh;

    /// <summary>A progressive picture's block: [64] coefficients, row-major.</summary>
    public Span<short> Block(int blockX, int blockY) => _coefficients.AsSpan(((blockY * BlocksWide) + blockX) * BlockSize, BlockSize);

    /// <summary>Turns a block into samples.</summary>
    /// <param name="block">[64] coefficients as sent, row-major.</param>
    /// <param name="last">The last one, in zigzag order, that may differ from 0.</param>
    /// <param name="blockX">The block's column.</param>
    /// <param name="blockY">Its row.</param>
    public void Write(ReadOnlySpan<short> block, int last, int blockX, int blockY)
    {
        var left = blockX * OutputSide;
        var top = blockY * OutputSide;
        var columns = Math.Min(OutputSide, PlaneWidth - left);
        var rows = Math.Min(OutputSide, PlaneHeight - top);
        var target = Plane.AsSpan((top * PlaneWidth) + left);
        if (columns == OutputSide && rows == OutputSide)
        {
            JpegInverseDct.Transform(block, last, _quantization, OutputSide, target, PlaneWidth);
            return;
        }

        Span<byte> samples = stackalloc byte[BlockSize];
        JpegInverseDct.Transform(block, last, _quantization, OutputSide, samples, OutputSide);
        for (var y = 0; y < rows; y++)
        {
            samples.Slice(y * OutputSide, columns).CopyTo(target[(y * PlaneWidth)..]);
        }
    }

    /// <summary>Turns all of a progressive picture's blocks into samples.</summary>
    public void Finish(CancellationToken cancellationToken)
    {
        Plane = new byte[PlaneWidth * PlaneHeight];
        for (var y = 0; y < BlocksHigh; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var x = 0; x < BlocksWide; x++)
            {
                Write(Block(x, y), BlockSize - 1, x, y);
            }
        }

        _coefficients = [];
    }
}
