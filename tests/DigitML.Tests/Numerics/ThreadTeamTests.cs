using DigitML.Numerics;

namespace DigitML.Tests.Numerics;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Barrier_ManyRounds_NobodyRunsAhead(int size)
    {
        using var team = new ThreadTeam(size);
        var rounds = new int[size];
        team.Run(member =>
        {
            for (var round = 1; round <= 300; round++)
            {
                Volatile.Write(ref rounds[member], round);
                team.Barrier();
                for (var other = 0; other < size; other++)
                {
                    Assert.Equal(round, Volatile.Read(ref rounds[other]));
                }

                team.Barrier();
            }
        });
        Assert.All(rounds, round => Assert.Equal(300, round));
    }

    /// <summary>A thread that has said it is through, and not yet gone back to rest, must not end the next run for others.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void Run_ManyShortOnes_EachReturnsWhenAllAreThrough(int size)
    {
        using var team = new ThreadTeam(size);
        var through = 0;
        for (var run = 1; run <= 20_000; run++)
        {
            team.Run(_ => Interlocked.Increment(ref through));
            Assert.Equal(run * size, through);
        }
    }

    [Fact]
    public void Run_OneThreadFails_ThrowsItsExceptionAndRunsAgain()
    {
        using var team = new ThreadTeam(3);
        var error = Assert.Throws<InvalidOperationException>(() => team.Run(member =>
        {
            if (member == 2)
            {
                throw new InvalidOperationException("the cause");
            }

            team.Barrier();
        }));
        Assert.Equal("the cause", error.Message);
        var ran = 0;
        team.Run(_ =>
        {
            team.Barrier();
            Interlocked.Increment(ref ran);
        });
        Assert.Equal(3, ran);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void RunSteps_ANumberOfThreadsThatChangesAllTheTime_DoesEveryStepOnceAndInOrder(int size)
    {
        using var team = new ThreadTeam(size);
        var pace = Restless(size, seed: 7);
        var numbers = new HashSet<int>();
        for (var run = 0; run < 20; run++)
        {
            const int Steps = 60;
            var (shares, begun, over) = (new int[Steps], 0, run % 3 == 1 ? 41 : Steps);
            var done = 0;
            var isOver = false;
            team.RunSteps(
                Steps,
                _ =>
                {
                    Interlocked.Increment(ref begun);
                    team.Barrier();
                },
                (member, step) =>
                {
                    // Nobody comes before all of the step before are through.
                    Assert.Equal(step, Volatile.Read(ref done));
                    Interlocked.Increment(ref shares[step]);
                    team.Barrier();
                    if (member == 0)
                    {
                        Assert.Equal(team.Active, shares[step]);
                        numbers.Add(team.Active);
                        Volatile.Write(ref done, step + 1);
                        isOver = step + 1 == over;
                    }

                    team.Barrier();
                },
                () => isOver,
                pace);
            Assert.Equal(over, done);
            Assert.InRange(begun, 1, size);
            Assert.Equal(size, team.Active);
            Assert.All(shares[..over], share => Assert.InRange(share, 1, size));
            Assert.All(shares[over..], share => Assert.Equal(0, share));
        }

        Assert.True(numbers.Count >= Math.Min(size, 2), "the number of threads never changed");
    }

    [Fact]
    public void RunSteps_OneThreadFailsWhileOthersRest_ThrowsItsExceptionAndRunsAgain()
    {
        using var team = new ThreadTeam(4);
        var pace = Restless(4, seed: 8);
        for (var failing = 0; failing < 30; failing++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => team.RunSteps(100, _ => team.Barrier(), (member, step) => Fail(step == failing && member == team.Active - 1), () => false, pace));
            Assert.Equal("the cause", error.Message);
            var done = 0;
            team.RunSteps(50, _ => team.Barrier(), (member, _) => _ = member == 0 ? done++ : 0, () => false, pace);
            Assert.Equal(50, done);
        }

        static void Fail(bool fails)
        {
            if (fails)
            {
                throw new InvalidOperationException("the cause");
            }
        }
    }

    /// <summary>
    /// Steps so short that others may do a dozen, and change the number of threads twice, before one that was told to rest has
    /// read it. Such a thread went on with a step that was over, and the team waited for itself.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(16)]
    public void RunSteps_StepsThatOneThreadSleepsThrough_NobodyDoesOneThatIsOver(int size)
    {
        const int Steps = 2000;
        var (late, done) = (0, 0);
        var runs = new Thread(() =>
        {
            using var team = new ThreadTeam(size);
            var pace = Restless(size, seed: 9);
            for (var run = 0; run < 10; run++)
            {
                done = 0;
                team.RunSteps(
                    Steps,
                    _ => team.Barrier(),
                    (member, step) =>
                    {
                        // Member 0 may be through with this one, and with none that follows.
                        var isLate = step != Volatile.Read(ref done) && step + 1 != Volatile.Read(ref done);
                        _ = isLate ? Interlocked.Increment(ref late) : 0;
                        if (member == 0)
                        {
                            Volatile.Write(ref done, step + 1);
                        }
                    },
                    () => false,
                    pace);
            }
        })
        { IsBackground = true };
        runs.Start();
        Assert.True(runs.Join(TimeSpan.FromMinutes(2)), $"The team waits for itself in step {done}.");
        Assert.Equal((0, Steps), (late, done));
    }

    /// <summary>Every step takes long and another time, so that another number is tried all the time.</summary>
    private static TeamPace Restless(int size, int seed)
    {
        var random = new Random(seed);
        var now = 0L;
        return new TeamPace(size, () => now += System.Diagnostics.Stopwatch.Frequency * random.Next(1, 40));
    }

    [Fact]
    public void Dispose_AfterAFailureOfTheCallersOwn_LeavesNoThreadAlive()
    {
        var threads = new Thread[4];
        using (var team = new ThreadTeam(threads.Length))
        {
            Assert.Throws<InvalidOperationException>(() => team.Run(member =>
            {
                threads[member] = Thread.CurrentThread;
                team.Barrier();
                if (member == 0)
                {
                    throw new InvalidOperationException("the cause");
                }

                team.Barrier();
            }));
            Assert.All(threads, thread => Assert.True(thread.IsAlive));
        }

        Assert.All(threads[1..], thread => Assert.False(thread.IsAlive));
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 5)]
    [InlineData(0, 2)]
    public void Share_AnyCount_CoversEveryThingOnce(int count, int size)
    {
        var next = 0;
        for (var member = 0; member < size; member++)
        {
            var (start, end) = ThreadTeam.Share(count, member, size);
            Assert.Equal(next, start);
            next = end;
        }

        Assert.Equal(count, next);
    }
}
