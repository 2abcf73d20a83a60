using System.Buffers.Binary;
using DigitML.IO;

namespace DigitML.Imaging;

/// <summary>Walks a JPEG's segments from SOI to EOI and reads its scans (T.81, annex B).</summary>
internal ref struct JpegReader
{
    private readonly ReadOnlySpan<byte> _file;
    private readonly DecodeOptions _options;
    private readonly bool _withColor;
    private readonly JpegTables _tables = new();
    private JpegFrame? _frame;
    private int _restartInterval;
    private bool _hasJfif;
    private bool _hasExif;
    private int _adobeTransform = -1;

    /// <summary>Prepares to read a file.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="options">Limits and size.</param>
    /// <param name="withColor">Whether chroma is decoded beside luma.</param>
    public JpegReader(ReadOnlySpan<byte> file, DecodeOptions options, bool withColor = false)
    {
        _file = file;
        _withColor = withColor;
        _options = options;
    }

    /// <summary>EXIF's orientation, 1 to 8.</summary>
    public int Orientation { get; private set; } = Imaging.Orientation.Upright;

    /// <summary>Whether the three channels are red, green and blue, not luma and two of chroma.</summary>
    public bool IsRgb { get; private set; }

    /// <summary>Reads the file up to its EOI; what follows (an MPO's further pictures) is left alone.</summary>
    /// <exception cref="DigitException">Damaged, cut short, over a limit or of a kind that is not read.</exception>
    public JpegFrame Read()
    {
        var position = 2;
        while (true)
        {
            var at = JpegBitReader.NextMarker(_file, position);
            if (at < 0)
            {
                throw ImageErrors.CutShort("JPEG", FormattableString.Invariant($"after {_file.Length:N0} bytes, before its end marker"));
            }

            var marker = _file[at + 1];
            position = at + 2;
            if (marker == JpegMarker.End)
            {
                return Complete();
            }

            if (JpegMarker.StandsAlone(marker))
            {
                continue;
            }

            var segment = Segment(at, position);
            position += 2 + segment.Length;
            if (marker == JpegMarker.Scan)
            {
                position = ReadScan(segment, position);
            }
            else
            {
                ReadSegment(marker, segment, position);
            }
        }
    }

    private readonly ReadOnlySpan<byte> Segment(int at, int position)
    {
        var rest = _file[position..];
        if (rest.Length < 2)
        {
            throw ImageErrors.CutShort("JPEG", $"inside the segment 0x{_file[at + 1]:X2}");
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        if (length < 2)
        {
            throw ImageErrors.Damaged("JPEG", Invariant($"segment 0x{_file[at + 1]:X2} at byte {at} claims {length} bytes; expected at least 2"));
        }

        return length <= rest.Length
            ? rest[2..length]
            : throw ImageErrors.CutShort("JPEG", $"inside the segment 0x{_file[at + 1]:X2}, which claims {length} bytes where {rest.Length} are left");
    }

    private void ReadSegment(byte marker, ReadOnlySpan<byte> data, int position)
    {
        if (JpegMarker.BeginsFrame(marker))
        {
            BeginFrame(marker, data, position);
            return;
        }

        switch (marker)
        {
            case JpegMarker.HuffmanTables:
                _tables.ReadHuffman(data);
                break;
            case JpegMarker.QuantizationTables:
                _tables.ReadQuantization(data);
                break;
            case JpegMarker.RestartInterval when data.Length >= 2:
                _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(data);
                break;
            case JpegMarker.App0 when data.StartsWith("JFIF\0"u8):
                _hasJfif = true;
                break;
            case JpegMarker.App1 when !_hasExif && data.StartsWith("Exif\0\0"u8):
                _hasExif = true;
                Orientation = Exif.ReadOrientation(data[6..]);
                break;
            case JpegMarker.App14 when data.Length >= 12 && data.StartsWith("Adobe"u8):
                _adobeTransform = data[11];
                break;
            case JpegMarker.ArithmeticTables:
                throw ImageErrors.NotRead("JPEG", "packed by arithmetic coding");
            default:
                break;
        }
    }

    private void BeginFrame(byte marker, ReadOnlySpan<byte> data, int position)
    {
        if (_frame is not null)
        {
            throw ImageErrors.Damaged("JPEG", "has two frame headers; expected one");
        }

        _frame = JpegFrame.Read(marker, data, _options);

        // Every block takes at least one bit, so a small file cannot hold a large picture.
        var blocks = (long)_frame.Width * _frame.Height * _frame.Components[0].Horizontal * _frame.Components[0].Vertical
            / (_frame.MaximumHorizontal * _frame.MaximumVertical * JpegComponent.BlockSize);
        if (blocks / 8 > _file.Length - position)
        {
            throw ImageErrors.CutShort("JPEG", FormattableString.Invariant($"with {_file.Length - position:N0} bytes behind its frame header, which cannot hold {_frame.Width}×{_frame.Height} pixels"));
        }

        IsRgb = HoldsRgb(_frame);
        _frame.Allocate(IsRgb || _withColor ? _frame.Components.Length : 1, OutputSide(_frame, _options.TargetSide));
    }

    // As libjpeg decides it: JFIF means YCbCr, then Adobe's marker speaks, then the channels' names.
    private readonly bool HoldsRgb(JpegFrame frame)
    {
        if (frame.Components is not [var first, var second, var third] || _hasJfif)
        {
            return false;
        }

        return _adobeTransform >= 0 ? _adobeTransform == 0 : (first.Id, second.Id, third.Id) == ('R', 'G', 'B');
    }

    private static int OutputSide(JpegFrame frame, int targetSide)
    {
        var side = JpegComponent.BlockSide;
        while (targetSide > 0 && side > 1 && ((long)Math.Max(frame.Width, frame.Height) * (side / 2)) + 7 >= 8L * targetSide)
        {
            side /= 2;
        }

        return side;
    }

    private readonly int ReadScan(ReadOnlySpan<byte> data, int position)
    {
        if (_frame is null)
        {
            throw ImageErrors.Damaged("JPEG", "has a scan before its frame header");
        }

        var scan = ScanHeader(data, _frame);
        if (!scan.IsWanted)
        {
            return position;
        }

        foreach (var component in scan.Components)
        {
            Prepare(component, scan, _frame.IsProgressive);
        }

        return scan.Read(_file, position, _frame);
    }

    private readonly JpegScan ScanHeader(ReadOnlySpan<byte> data, JpegFrame frame)
    {
        if (data.IsEmpty || data[0] is < 1 or > 4 || data.Length < 4 + (2 * data[0]))
        {
            throw ImageErrors.Damaged("JPEG", $"scan header has {data.Length} bytes; expected 1 to 4 channels of 2 bytes and 4 more");
        }

        var components = new JpegComponent[data[0]];
        for (var i = 0; i < components.Length; i++)
        {
            int id = data[1 + (2 * i)];
            var component = Array.Find(frame.Components, candidate => candidate.Id == id);
            if (component is null || Array.IndexOf(components, component) >= 0)
            {
                throw ImageErrors.Damaged("JPEG", Invariant($"scan names the channel {id}, which is not in the frame or twice in the scan"));
            }

            var tables = data[2 + (2 * i)];
            component.DcTable = _tables.Dc(tables >> 4);
            component.AcTable = _tables.Ac(tables & 15);
            components[i] = component;
        }

        var rest = data[(1 + (2 * components.Length))..];
        var scan = new JpegScan(components, rest[0], rest[1], rest[2] >> 4, rest[2] & 15, _restartInterval);

        // Some writers leave nonsense in the last three bytes of sequential scans, where they can have but one meaning.
        var makesSense = !frame.IsProgressive
            || ((scan.First == 0 ? scan.Last == 0 : scan.Last >= scan.First && scan.Last < JpegComponent.BlockSize && components.Length == 1)
                && scan.Bit <= 13 && (scan.BitBefore == 0 || scan.BitBefore == scan.Bit + 1));
        return makesSense
            ? scan
            : throw ImageErrors.Damaged("JPEG", Invariant($"scan of coefficients {scan.First} to {scan.Last}, bits {scan.BitBefore} to {scan.Bit}, in {components.Length} channels breaks the rules of progressive JPEG"));
    }

    private readonly void Prepare(JpegComponent component, JpegScan scan, bool progressive)
    {
        if (progressive && component.IsWanted)
        {
            component.NoteProgress(scan.First, scan.Last, scan.BitBefore, scan.Bit);
        }
        else if (!progressive && component.IsRead)
        {
            throw ImageErrors.Damaged("JPEG", Invariant($"has the channel {component.Id} in two scans"));
        }

        component.IsRead |= scan.First == 0 || !progressive;
        if (component.IsWanted)
        {
            component.KeepQuantization(_tables.Quantization(component.QuantizationTable)
                ?? throw ImageErrors.Damaged("JPEG", Invariant($"names the quantisation table {component.QuantizationTable}, which it does not have")));
        }

        var needsDc = !progressive || (scan.First == 0 && scan.BitBefore == 0);
        var needsAc = !progressive || scan.First > 0;
        if ((needsDc && component.DcTable is null) || (needsAc && component.AcTable is null))
        {
            throw ImageErrors.Damaged("JPEG", "scan names a Huffman table that is not there");
        }

        component.DcTable?.Prepare();
        component.AcTable?.Prepare();
    }

    private readonly JpegFrame Complete()
    {
        if (_frame is null)
        {
            throw ImageErrors.Damaged("JPEG", "has no frame header, so no picture");
        }

        foreach (var component in _frame.Components)
        {
            if (component.IsWanted && !component.IsRead)
            {
                throw ImageErrors.Damaged("JPEG", "ends without the pixels of a channel");
            }
        }

        return _frame;
    }
}
