namespace DigitML.Training;

/// <summary>What each stream of random numbers of a run is for: none may share another's.</summary>
internal static class RandomStreams
{
    public const ulong Split = 1;
    public const ulong Weights = 2;
    public const ulong Shuffle = 3;
    public const ulong Dropout = 4;
    public const ulong Augmentation = 5;
}
