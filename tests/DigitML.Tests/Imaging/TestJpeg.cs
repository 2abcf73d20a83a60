namespace DigitML.Tests.Imaging;

/// <summary>
/// Writes JPEG files by the definitions of ITU-T T.81, in double precision and with one Huffman code for everything;
/// and says which samples a decoder must find in them.
/// </summary>
internal sealed class TestJpeg
{
    private static readonly int[] _zigzag = BuildZigzag();
    private static readonly double[,] _cosines = BuildCosines();

    private readonly int _width;
    private readonly int _height;
    private readonly (int Horizontal, int Vertical)[] _factors;
    private readonly int _step;
    private readonly int _blocksPerUnitX;
    private readonly int _blocksPerUnitY;

    // Quantised coefficients in zigzag order: [channel][block row, block column, 64], whole units.
    private readonly int[][] _coefficients;

    // Sampling factors of one or three channels; every coefficient's quantisation step.
    public TestJpeg(int width, int height, (int Horizontal, int Vertical)[] factors, int step, int seed)
    {
        (_width, _height, _factors, _step) = (width, height, factors, step);
        (_blocksPerUnitX, _blocksPerUnitY) = (factors.Max(f => f.Horizontal), factors.Max(f => f.Vertical));
        var random = new Random(seed);
        _coefficients = new int[factors.Length][];
        for (var c = 0; c < factors.Length; c++)
        {
            _coefficients[c] = new int[BlocksWide(c) * BlocksHigh(c) * 64];
            var (slopeX, slopeY, start) = ((random.NextDouble() * 4) - 2, (random.NextDouble() * 4) - 2, random.Next(80, 170));
            for (var block = 0; block < _coefficients[c].Length / 64; block++)
            {
                var (row, column) = Math.DivRem(block, BlocksWide(c));
                var samples = new double[64];
                var noise = random.Next(3) == 0 ? 0 : random.Next(60);
                for (var i = 0; i < 64; i++)
                {
                    var value = start + (slopeX * ((column * 8) + (i % 8))) + (slopeY * ((row * 8) + (i / 8))) + random.Next(-noise, noise + 1);
                    samples[i] = Math.Clamp(value, 0, 255) - 128;
                }

                var coefficients = Forward(samples);
                for (var k = 0; k < 64; k++)
                {
                    _coefficients[c][(block * 64) + k] = (int)Math.Round(coefficients[_zigzag[k]] / step);
                }
            }
        }
    }

    public int RestartInterval { get; init; }

    /// <summary>Whole segments put behind SOI.</summary>
    public byte[] Segments { get; init; } = [];

    public byte[] Ids { get; init; } = [1, 2, 3];

    public byte[] Encode(TestJpegMode mode)
    {
        var file = new List<byte> { 0xFF, 0xD8 };
        file.AddRange(Segments);
        var quantization = new byte[1 + 128];
        quantization[0] = 0x10;
        for (var k = 0; k < 64; k++)
        {
            (quantization[1 + (2 * k)], quantization[2 + (2 * k)]) = ((byte)(_step >> 8), (byte)_step);
        }

        file.AddRange(Segment(0xDB, quantization));
        file.AddRange(Segment((byte)(mode == TestJpegMode.Progressive ? 0xC2 : 0xC1),
        [
            8, (byte)(_height >> 8), (byte)_height, (byte)(_width >> 8), (byte)_width, (byte)_factors.Length,
            .._factors.SelectMany((f, c) => new byte[] { Ids[c], (byte)((f.Horizontal << 4) | f.Vertical), 0 }),
        ]));
        file.AddRange(Segment(0xC4, [0x00, .. TestJpegBits.CodeCounts, .. TestJpegBits.CodeSymbols, 0x11, .. TestJpegBits.CodeCounts, .. TestJpegBits.CodeSymbols]));
        if (RestartInterval > 0)
        {
            file.AddRange(Segment(0xDD, [(byte)(RestartInterval >> 8), (byte)RestartInterval]));
        }

        var all = Enumerable.Range(0, _factors.Length).ToArray();
        switch (mode)
        {
            case TestJpegMode.Baseline:
                AddScan(file, all, 0, 63, 0, 0);
                break;
            case TestJpegMode.Separate:
                Array.ForEach(all, c => AddScan(file, [c], 0, 63, 0, 0));
                break;
            default:
                AddScan(file, all, 0, 0, 0, 1);
                Array.ForEach(all, c => AddScan(file, [c], 1, 5, 0, 2));
                Array.ForEach(all, c => AddScan(file, [c], 6, 63, 0, 2));
                Array.ForEach(all, c => AddScan(file, [c], 1, 63, 2, 1));
                AddScan(file, all, 0, 0, 1, 0);
                Array.ForEach(all, c => AddScan(file, [c], 1, 63, 1, 0));
                break;
        }

        file.AddRange([0xFF, 0xD9]);
        return [.. file];
    }

    /// <summary>A channel's samples in double precision, not clamped: whole units, so wider and higher than the picture.</summary>
    public (double[] Samples, int Width) Channel(int c)
    {
        var width = BlocksWide(c) * 8;
        var samples = new double[width * BlocksHigh(c) * 8];
        for (var block = 0; block < _coefficients[c].Length / 64; block++)
        {
            var (row, column) = Math.DivRem(block, BlocksWide(c));
            var coefficients = new double[64];
            for (var k = 0; k < 64; k++)
            {
                coefficients[_zigzag[k]] = _coefficients[c][(block * 64) + k] * _step;
            }

            var values = Inverse(coefficients);
            for (var i = 0; i < 64; i++)
            {
                samples[(((row * 8) + (i / 8)) * width) + (column * 8) + (i % 8)] = values[i] + 128;
            }
        }

        return (samples, width);
    }

    public static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    public static byte[] ExifSegment(int orientation, bool littleEndian) => Segment(0xE1, littleEndian
        ? [.. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 2, 0, 0x0F, 1, 2, 0, 1, 0, 0, 0, 65, 0, 0, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0]
        : [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0]);

    private int BlocksWide(int c) => Ceiling(_width, 8 * _blocksPerUnitX) * _factors[c].Horizontal;

    private int BlocksHigh(int c) => Ceiling(_height, 8 * _blocksPerUnitY) * _factors[c].Vertical;

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;

    private void AddScan(List<byte> file, int[] channels, int first, int last, int bitBefore, int bit)
    {
        file.AddRange(Segment(0xDA, [(byte)channels.Length, .. channels.SelectMany(c => new byte[] { Ids[c], 0x01 }), (byte)first, (byte)last, (byte)((bitBefore << 4) | bit)]));
        var writer = new TestJpegBits(file);
        var predictions = new int[_factors.Length];
        var emptyBlocks = 0;
        var count = 0;
        foreach (var unit in Units(channels))
        {
            if (RestartInterval > 0 && count > 0 && count % RestartInterval == 0)
            {
                writer.EmptyBlocks(ref emptyBlocks);
                writer.Flush();
                file.AddRange([0xFF, (byte)(0xD0 + (((count / RestartInterval) - 1) % 8))]);
                Array.Clear(predictions);
            }

            count++;
            foreach (var (c, block) in unit)
            {
                var k = _coefficients[c].AsSpan(block * 64, 64);
                if (first == 0 && bitBefore > 0)
                {
                    writer.Bits((k[0] >> bit) & 1, 1);
                    continue;
                }

                if (first == 0)
                {
                    var dc = k[0] >> bit;
                    writer.Value(0, dc - predictions[c]);
                    predictions[c] = dc;
                    if (last == 0)
                    {
                        continue;
                    }
                }

                if (bitBefore > 0)
                {
                    writer.Refinement(k, first, last, bit);
                }
                else
                {
                    writer.Band(k, Math.Max(first, 1), last, bit, first > 0, ref emptyBlocks);
                }
            }
        }

        writer.EmptyBlocks(ref emptyBlocks);
        writer.Flush();
    }

    private IEnumerable<List<(int Channel, int Block)>> Units(int[] channels)
    {
        var alone = channels.Length == 1;
        var (horizontal, vertical) = _factors[channels[0]];
        var wide = alone ? Ceiling(Ceiling(_width * horizontal, _blocksPerUnitX), 8) : Ceiling(_width, 8 * _blocksPerUnitX);
        var high = alone ? Ceiling(Ceiling(_height * vertical, _blocksPerUnitY), 8) : Ceiling(_height, 8 * _blocksPerUnitY);
        for (var y = 0; y < high; y++)
        {
            for (var x = 0; x < wide; x++)
            {
                var unit = new List<(int, int)>();
                foreach (var c in channels)
                {
                    var (h, v) = alone ? (1, 1) : _factors[c];
                    for (var i = 0; i < h * v; i++)
                    {
                        unit.Add((c, (((y * v) + (i / h)) * BlocksWide(c)) + (x * h) + (i % h)));
                    }
                }

                yield return unit;
            }
        }
    }

    private static double[] Forward(double[] samples) => Transform(samples, (u, x) => _cosines[u, x]);

    private static double[] Inverse(double[] coefficients) => Transform(coefficients, (x, u) => _cosines[u, x]);

    private static double[] Transform(double[] from, Func<int, int, double> weight)
    {
        var rows = new double[64];
        var to = new double[64];
        for (var i = 0; i < 64; i++)
        {
            for (var n = 0; n < 8; n++)
            {
                rows[i] += from[(i / 8 * 8) + n] * weight(i % 8, n);
            }
        }

        for (var i = 0; i < 64; i++)
        {
            for (var n = 0; n < 8; n++)
            {
                to[i] += rows[(n * 8) + (i % 8)] * weight(i / 8, n);
            }
        }

        return to;
    }

    private static double[,] BuildCosines()
    {
        var cosines = new double[8, 8];
        for (var i = 0; i < 64; i++)
        {
            cosines[i / 8, i % 8] = Math.Cos(((2 * (i % 8)) + 1) * (i / 8) * Math.PI / 16) * (i / 8 == 0 ? Math.Sqrt(0.125) : 0.5);
        }

        return cosines;
    }

    private static int[] BuildZigzag() => [.. Enumerable.Range(0, 64).OrderBy(i => (i / 8) + (i % 8)).ThenBy(i => ((i / 8) + (i % 8)) % 2 == 0 ? i % 8 : i / 8)];
}

/// <summary>How a <see cref="TestJpeg"/> sends its coefficients.</summary>
public enum TestJpegMode
{
    /// <summary>All at once, channels interleaved.</summary>
    Baseline,

    /// <summary>All at once, one scan a channel.</summary>
    Separate,

    /// <summary>Bit by bit and band by band.</summary>
    Progressive,
}
