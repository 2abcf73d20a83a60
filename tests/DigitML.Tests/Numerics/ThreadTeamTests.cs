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
