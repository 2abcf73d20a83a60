using DigitML.IO;
using DigitML.Models;
using static DigitML.Tests.Models.ForeignModel;
using static DigitML.Tests.Models.TestNetworks;

namespace DigitML.Tests.Models;

/// <summary>Damaged model files end in a model or in a <see cref="DigitException"/>, and allocate no more than files of their size may.</summary>
public class OnnxFuzzTests
{
    private const int Rounds = 3_000;

    // Reading lists of nodes and laying layers out for prediction costs a multiple of a small file; a length that was believed would cost a thousandfold.
    private const long AllowedBytes = 3_000_000;

    public static TheoryData<int> Seeds => [101, 102];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Load_DamagedFile_ThrowsNothingButDigitException(int seed)
    {
        var files = new[] { Ours(), InWholeNumbers(), Theirs() };
        var random = new Random(seed);
        var (loaded, refused) = (0, 0);
        foreach (var file in files)
        {
            Mlp.Load(file);
            for (var round = 0; round < Rounds; round++)
            {
                var damaged = Damage(file, random);
                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    var model = Mlp.Load(damaged);
                    loaded++;
                    Assert.All(model.Layers, layer => Assert.True(layer.Weights.Length <= file.Length));
                }
                catch (DigitException error)
                {
                    refused++;
                    Assert.DoesNotContain('\n', error.Message);
                    Assert.InRange(error.Message.Length, 10, 1_000);
                }

                var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(allocated < AllowedBytes, FormattableString.Invariant($"{allocated} bytes in round {round}"));
            }
        }

        // Bytes of weights may change freely; those of the structure may not. Both must have been hit.
        Assert.True(loaded > 100 && refused > 1_000, FormattableString.Invariant($"{loaded} loaded, {refused} refused"));
    }

    private static byte[] Ours() =>
        Bytes(Create(103, new PixelNormalization(1 / 255f, 0.1f, 0.3f), new() { ["labels"] = "0,1,2" }, 6, 5, 3));

    private static byte[] InWholeNumbers() => Bytes(Mlp.Load(Ours()).Quantize(TestNetworks.Pixels(60, seed: 107)));

    /// <summary>A small model with every operator and way of storage that is read.</summary>
    private static byte[] Theirs() => new ForeignModel().Input(-1, 1, 2, 3)
        .Constant("m", [1, 2, 3], Numbers(6, 104), Storage.RawDouble).Constant("d", [], [0.25f], Storage.RawHalf)
        .Constant("w1", [6, 5], Numbers(30, 105), Storage.Packed).Constant("b1", [5], Numbers(5, 106), Storage.Unpacked)
        .Constant("w2", [5, 3], Numbers(15, 107), Storage.PackedHalf).Constant("b2", [3], Numbers(3, 108), Storage.PackedDouble)
        .Integers("to", -1, 6)
        .Node("Constant", [], "two", SingleAttribute("value_float", 2))
        .Node("Transpose", ["w2"], "turned", IntegersAttribute("perm", 1, 0))
        .Then("Cast", [], IntegerAttribute("to", 1)).Then("Sub", "m").Then("Div", "d").Then("Flatten").Then("Reshape", "to")
        .Then("MatMul", "w1").Then("Add", "b1").Then("Relu").Then("Dropout").Then("Mul", "two")
        .Then("Gemm", ["turned", "b2"], IntegerAttribute("transB", 1), SingleAttribute("alpha", 0.5f)).Then("Identity").Then("Softmax", [], IntegerAttribute("axis", 1))
        .Build();

    private static byte[] Damage(byte[] file, Random random)
    {
        var damaged = file.ToList();
        for (var changes = random.Next(1, 4); changes > 0 && damaged.Count > 0; changes--)
        {
            var place = random.Next(damaged.Count);
            switch (random.Next(7))
            {
                case 0:
                    damaged[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged[place] = (byte)random.Next(256);
                    break;
                case 2:
                    damaged[place] = random.Next(2) == 0 ? (byte)0xFF : (byte)0x7F;
                    break;
                case 3:
                    damaged.RemoveRange(place, Math.Min(random.Next(1, 9), damaged.Count - place));
                    break;
                case 4:
                    // A length or size of up to 2^63 where a small one stood.
                    damaged.InsertRange(place, Enumerable.Repeat((byte)0xFF, random.Next(1, 9)).Append((byte)0x7F));
                    break;
                case 5:
                    var start = random.Next(damaged.Count);
                    damaged.InsertRange(place, damaged.GetRange(start, Math.Min(random.Next(1, 60), damaged.Count - start)));
                    break;
                default:
                    damaged.RemoveRange(place, random.Next(4) == 0 ? damaged.Count - place : 0);
                    break;
            }
        }

        return [.. damaged];
    }
}
