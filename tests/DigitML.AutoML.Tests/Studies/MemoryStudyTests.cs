using DigitML.AutoML.Studies;

namespace DigitML.AutoML.Tests.Studies;

public sealed class MemoryStudyTests : StudyStoreTests, IAsyncDisposable
{
    private readonly Clock _clock = new();
    private MemoryStudy? _study;

    public ValueTask DisposeAsync() => _study?.DisposeAsync() ?? default;

    private protected override Task<IStudyStore> NewAsync() => Task.FromResult<IStudyStore>(_study = new MemoryStudy(_clock));

    private protected override IStudyStore Another() => _study!;

    private protected override Task ExpireAsync()
    {
        _clock.Now += TimeSpan.FromHours(1);
        return Task.CompletedTask;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
