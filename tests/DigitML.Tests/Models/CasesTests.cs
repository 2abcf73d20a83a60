using System.Globalization;
using System.Text.RegularExpressions;
using DigitML.Data;
using DigitML.Evaluation;
using DigitML.Models;
using DigitML.Tests.House;

namespace DigitML.Tests.Models;

/// <summary>
/// Models as other programs export them, each in a folder whose README.txt says what the exporter measured on MNIST's test set:
/// folders called <c>onnx-…</c> in DIGITML_CASES, or in shared/cases beside the repository.
/// </summary>
public partial class CasesTests
{
    [Fact]
    public async Task Load_EveryExportersModel_HasTheAccuracyAndPredictionsItsExporterMeasured()
    {
        var folder = Environment.GetEnvironmentVariable("DIGITML_CASES") ?? Path.Combine(Repository.Root, "..", "shared", "cases");
        Assert.SkipUnless(Directory.Exists(folder), "The cases are not on this machine: set DIGITML_CASES to the folder that holds onnx-….");
        var test = (await Mnist.LoadAsync(RealMnist.FolderOrSkip(), TestContext.Current.CancellationToken)).Test;
        var cases = Directory.GetDirectories(folder, "onnx-*").Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            var measured = Measured().Match(await File.ReadAllTextAsync(Path.Combine(one, "README.txt"), TestContext.Current.CancellationToken));
            Assert.True(measured.Success, one);

            // The one case whose scale is not in its file is stated, as its README tells.
            var options = new MlpLoadOptions { Normalization = one.EndsWith("normalize-outside", StringComparison.Ordinal) ? InputScale.Parse("0.5,0.5") : null };
            var model = Mlp.Load(Assert.Single(Directory.GetFiles(one, "*.onnx")), options);

            var accuracy = model.Evaluate(test, cancellationToken: TestContext.Current.CancellationToken).MicroAccuracy * 100;
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{Path.GetFileName(one)}: {accuracy:F2} % ({measured.Groups[1].Value} %), input {model.Metadata[InputScale.MetadataKey]}"));

            // Two programs round sums differently, and one image of 10,000 may lie between two classes.
            Assert.Equal(double.Parse(measured.Groups[1].Value, CultureInfo.InvariantCulture), accuracy, 0.011);
            Assert.Equal(measured.Groups[2].Value.Trim(), string.Join(' ', Enumerable.Range(0, 10).Select(i => model.Predict(test.Image(i)).PredictedLabel)));
        }
    }

    [GeneratedRegex(@"by the exporter: ([0-9.]+) %; first ten predictions ((?:\d ?){10})")]
    private static partial Regex Measured();
}
