using System.Diagnostics;
using DigitML.Numerics;

namespace DigitML.Tests.Numerics;

public class TeamPaceTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Next_MoreThreadsAreFaster_AlmostAlwaysTakesAll(int size)
    {
        var machine = new Machine(size, threads => 100e-6 / threads);
        Assert.InRange(machine.Run(seconds: 20)[size], 0.97, 1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Next_OtherProgramsComeAndGo_TakesOneWhileTheyAreThere(int size)
    {
        var hogs = false;
        var machine = new Machine(size, threads => hogs ? 150e-6 * threads : 100e-6 / threads);
        Assert.InRange(machine.Run(seconds: 5)[size], 0.9, 1);
        hogs = true;
        machine.Run(seconds: 4);
        Assert.InRange(machine.Run(seconds: 20)[1], 0.9, 1);
        hogs = false;
        machine.Run(seconds: 4);
        Assert.InRange(machine.Run(seconds: 20)[size], 0.9, 1);
    }

    [Fact]
    public void Next_TheMiddleIsFastest_FindsIt()
    {
        var machine = new Machine(8, threads => threads == 4 ? 50e-6 : 100e-6);
        machine.Run(seconds: 5);
        Assert.InRange(machine.Run(seconds: 20)[4], 0.9, 1);
    }

    [Fact]
    public void Next_StepsOfEverySize_AreCountedByTheirWork()
    {
        var hogs = true;
        var machine = new Machine(2, threads => hogs ? 150e-6 * threads : 100e-6 / threads, new Random(3));
        machine.Run(seconds: 5);
        Assert.InRange(machine.Run(seconds: 20)[1], 0.9, 1);
        hogs = false;
        machine.Run(seconds: 5);
        Assert.InRange(machine.Run(seconds: 20)[2], 0.9, 1);
    }

    [Fact]
    public void Next_OneThread_IsOne()
    {
        var pace = new TeamPace(1);
        Assert.Equal(1, pace.Begin());
        Assert.Equal(1, pace.Next());
    }

    /// <summary>A machine whose step takes what its threads need, times its size where sizes are drawn.</summary>
    private sealed class Machine
    {
        private readonly TeamPace _pace;
        private readonly Func<int, double> _seconds;
        private double _now;

        private readonly Random? _sizes;

        public Machine(int size, Func<int, double> seconds, Random? sizes = null)
        {
            _sizes = sizes;
            _seconds = seconds;
            _pace = new TeamPace(size, () => (long)(_now * Stopwatch.Frequency));
        }

        /// <returns>Share of the time by number of threads.</returns>
        public Dictionary<int, double> Run(double seconds)
        {
            var shares = Enumerable.Range(1, 8).ToDictionary(threads => threads, _ => 0.0);
            var end = _now + seconds;
            while (_now < end)
            {
                var threads = _pace.Begin();
                for (var step = 0; step < 2000 && _now < end; step++)
                {
                    var size = _sizes?.Next(1, 40) ?? 1;
                    var taken = size * _seconds(threads);
                    (_now, shares[threads]) = (_now + taken, shares[threads] + (taken / seconds));
                    threads = _pace.Next(size);
                }

                // Between two epochs something else is done.
                _now += 0.01;
                end += 0.01;
            }

            return shares;
        }
    }
}
