using System.Globalization;
using System.Text.Json;
using DigitML.Data;
using DigitML.IO;
using DigitML.Models;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Measure;

/// <summary>
/// Learns <see cref="SegmentWeights"/> from made strings: those under which the right texts are as probable as they can be among all
/// readings of their lattices, by full-batch gradient ascent (Adam), with a small pull towards 0; each kind counts the same. A text that is
/// hopeless, because the network misreads a digit, soon counts for nothing: what is raised is the logarithm of a probability and a twentieth.
/// Every sixth picture is left out and says whether the weights hold for others.
/// </summary>
internal sealed class SegmentLearning(Mlp model, LabelledImages digits, CommandOptions options, string file)
{
    private const int Rounds = 400;

    private const double Step = 0.03;

    private const double Pull = 1e-4;

    /// <summary>How far from 0 the units begin.</summary>
    private const float Start = 0.15f;

    private const double Hopeless = 0.05;

    private const int HeldOutEvery = 6;

    /// <summary>Where learning begins, whatever the reader has: about what rules of thumb say.</summary>
    private static readonly Dictionary<int, double> s_start = new()
    {
        [SegmentScore.Evidence] = 1,
        [SegmentScore.VeryLow] = -5,
        [SegmentScore.Tall] = -1,
        [SegmentScore.VeryBroad] = -3,
        [SegmentScore.Joins] = -0.3,
        [SegmentScore.JoinGap] = -5,
        [SegmentScore.CutMade] = -0.4,
        [SegmentScore.CutInk] = -0.5,
        [SegmentScore.Skip] = -0.6,
        [SegmentScore.SkipHeight] = -2.5,
    };

    private sealed record Example(string Kind, LineLattice Lattice, string Text, SegmentField Field);

    public void Run(TextWriter output)
    {
        var learnt = new List<Example>();
        var heldOut = new List<Example>();
        var unmatched = 0;
        foreach (var kind in MadeKinds.Matching(options.Text("kind")).Where(kind => !MadeKinds.IsHeldBack(kind) && (!MadeKinds.IsSingle(kind) || IsAlsoAPage(kind))))
        {
            Collect(kind, learnt, heldOut, ref unmatched);
        }

        output.WriteLine(FormattableString.Invariant($"{learnt.Count} lines to learn from, {heldOut.Count} held out; of {unmatched} pictures other lines were found than they have"));
        Report(output, "before", SegmentWeights.Shipped, learnt, heldOut);
        var random = SeededRandom.OfItem(options.Number("seed", 2), 0);
        double[] weights = [.. Enumerable.Range(0, SegmentVector.Count).Select(i => i < SegmentScore.Count ? s_start.GetValueOrDefault(i) : random.Between(-Start, Start))];
        Learn(output, weights, [.. learnt.Where(example => example.Field.CanRead)]);
        var learned = new SegmentVector(weights).ToWeights();
        Report(output, "after", learned, learnt, heldOut);
        AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(learned, SegmentWeightsJson.Default.SegmentWeights));
    }

    /// <summary>A page may hold one digit: those large enough to be read as one, of single digits, teach which pieces beside it are its own.</summary>
    private static bool IsAlsoAPage(string kind) => kind is "photo-plain" or "photo-ruled" or "photo-shadow" or "photo-squared" or "phone-threshold" or "paint-thin" or "paint-fat" or "rare-photo-plain";

    private void Collect(string kind, List<Example> learnt, List<Example> heldOut, ref int unmatched)
    {
        var count = options.Number("count", 200);
        var source = MadeKinds.SourceFor(kind, digits, options.Number("seed", 2));
        var pictures = Enumerable.Range(0, count).Select(_ => MadeKinds.Make(kind, source)).ToArray();
        var lattices = new List<LineLattice>[count];
        var classifier = new DigitClassifier(model);
        Parallel.For(0, count, i => lattices[i] =
            new PictureReading(classifier, new ReaderOptions(), pictures[i].Image, pictures[i].Image.Width, pictures[i].Image.Height).Lattices());
        for (var i = 0; i < count; i++)
        {
            var texts = pictures[i].Text.Split('\n');
            if (texts.Length != lattices[i].Count)
            {
                unmatched++;
                continue;
            }

            (i % HeldOutEvery > 0 ? learnt : heldOut).AddRange(lattices[i].Zip(texts, (lattice, text) => new Example(kind, lattice, text, new SegmentField(lattice, text))));
        }
    }

    private static void Learn(TextWriter output, double[] weights, Example[] examples)
    {
        var fields = Array.ConvertAll(examples, example => example.Field);
        var kinds = examples.CountBy(example => example.Kind).ToDictionary();
        var shares = Array.ConvertAll(examples, example => 1.0 / (kinds.Count * kinds[example.Kind]));
        var first = new double[weights.Length];
        var second = new double[weights.Length];
        var gradients = new double[fields.Length][];
        for (var round = 1; round <= Rounds; round++)
        {
            var likelihoods = new double[fields.Length];
            var vector = new SegmentVector(weights);
            Parallel.For(0, fields.Length, i =>
            {
                (likelihoods[i], gradients[i]) = fields[i].Gradient(vector);
                var probability = Math.Exp(likelihoods[i]);
                var share = shares[i] * probability / (probability + Hopeless);
                for (var k = 0; k < weights.Length; k++)
                {
                    gradients[i][k] *= share;
                }
            });
            if (round % 100 == 1 || round == Rounds)
            {
                output.WriteLine(FormattableString.Invariant($"  round {round}: mean probability of the right text {likelihoods.Zip(shares, (likelihood, share) => share * Math.Exp(likelihood)).Sum():0.0000}"));
            }

            var rate = Step * (1 - ((round - 1.0) / Rounds));
            Parallel.For(0, weights.Length, k =>
            {
                // Summed in their order: the same weights at any thread count.
                var gradient = -Pull * weights[k];
                foreach (var one in gradients)
                {
                    gradient += one[k];
                }

                first[k] = (0.9 * first[k]) + (0.1 * gradient);
                second[k] = (0.99 * second[k]) + (0.01 * gradient * gradient);
                weights[k] += rate * first[k] / (1 - Math.Pow(0.9, round)) / (Math.Sqrt(second[k] / (1 - Math.Pow(0.99, round))) + 1e-9);
            });
        }
    }

    private void Report(TextWriter output, string when, SegmentWeights weights, List<Example> learnt, List<Example> heldOut)
    {
        output.WriteLine($"{when}: whole lines right, learnt from and held out; those that their lattice has at all, those that it has by the digits' network's own answers, and those that the line's network reads alone");
        foreach (var kind in learnt.Select(example => example.Kind).Distinct())
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind,-18}{Share(learnt, IsRight),8:P1}{Share(heldOut, IsRight),8:P1}{Share(heldOut, example => example.Field.CanRead),8:P1}{Share(heldOut, example => example.Field.CanAnswer),8:P1}{Share(heldOut, example => example.Lattice.Answers.Text == example.Text),8:P1}"));
            foreach (var example in heldOut.Where(example => example.Kind == kind && !IsRight(example)).Take(options.Number("wrong", 0)))
            {
                output.WriteLine($"    {example.Text} as {string.Concat(example.Lattice.Read(weights)!.Segments.Select(segment => segment.IsSkipped ? '_' : (char)('0' + segment.Answer.Digit)))}");
            }

            double Share(List<Example> examples, Func<Example, bool> holds) => examples.Where(example => example.Kind == kind).Average(example => holds(example) ? 1.0 : 0);
        }

        bool IsRight(Example example) => example.Lattice.Read(weights)!.Text == example.Text;
    }
}
