using DigitML.Training;

namespace DigitML.Tests.Training;

/// <summary>What training allocates is counted over all threads, so no other test may run beside it.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    [Theory]
    [InlineData(1, Optimizer.Adam, PixelScaling.UnitRange, 0f)]
    [InlineData(2, Optimizer.Adam, PixelScaling.UnitRange, 0.3f)]
    [InlineData(2, Optimizer.Sgd, PixelScaling.Standardize, 0f)]
    public void Fit_AStep_AllocatesNothing(int threads, Optimizer optimizer, PixelScaling scaling, float dropout)
    {
        const int Steps = 500;
        const int SmallestObject = 24;
        var images = TinyData.Create(Steps, 3, 5, 4, seed: 61);
        var options = new MlpOptions { HiddenLayers = [7, 5], BatchSize = 1, ValidationFraction = 0, Threads = threads, Optimizer = optimizer, PixelScaling = scaling, Dropout = dropout, Seed = 62 };

        // Two epochs more are two reports and the like, some hundred bytes; an object in each step would be more than ten times that.
        Assert.InRange(Allocated(epochs: 3) - Allocated(epochs: 1), -Steps * SmallestObject, Steps * SmallestObject);

        long Allocated(int epochs)
        {
            // The least of a few tries: the runtime itself and what earlier tests left behind may allocate at any time.
            var trainer = new MlpTrainer(options with { Epochs = epochs });
            var least = long.MaxValue;
            for (var run = 0; run < 3; run++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                trainer.Fit(images);
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            return least;
        }
    }
}
