namespace DigitML.Tests.Imaging.Fuzzing;

/// <summary>What a run of damaged files through a decoder showed.</summary>
internal sealed class FuzzReport
{
    private const int FindingsKept = 20;
    private readonly List<string> _findings = [];

    /// <summary>Files given.</summary>
    public long Count { get; set; }

    /// <summary>Files that were read all the same.</summary>
    public long Read { get; set; }

    /// <summary>The longest time that one file took, in milliseconds.</summary>
    public double SlowestMilliseconds { get; set; }

    /// <summary>The most bytes that one file made the decoder allocate.</summary>
    public long MostAllocated { get; set; }

    /// <summary>What must not happen: each with the file's number. The first twenty.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Notes something that must not happen.</summary>
    public void Add(string finding)
    {
        if (_findings.Count < FindingsKept)
        {
            _findings.Add(finding);
        }
    }

    /// <summary>Takes another part of the same run in.</summary>
    public void Add(FuzzReport other)
    {
        Count += other.Count;
        Read += other.Read;
        SlowestMilliseconds = Math.Max(SlowestMilliseconds, other.SlowestMilliseconds);
        MostAllocated = Math.Max(MostAllocated, other.MostAllocated);
        other._findings.ForEach(Add);
    }
}
