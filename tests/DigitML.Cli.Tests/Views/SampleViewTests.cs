using System.Text.RegularExpressions;
using DigitML.Cli.Views;
using DigitML.Models;

namespace DigitML.Cli.Tests.Views;

public partial class SampleViewTests : IClassFixture<TrainedModel>
{
    private readonly TrainedModel _model;

    public SampleViewTests(TrainedModel model)
    {
        _model = model;
    }

    [Fact]
    public void Pick_TheSameSeed_PicksTheSameDifferentPictures()
    {
        var picked = SampleView.Pick(_model.Digits, 10, seed: 51);

        Assert.Equal(picked, SampleView.Pick(_model.Digits, 10, seed: 51));
        Assert.NotEqual(picked, SampleView.Pick(_model.Digits, 10, seed: 52));
        Assert.Equal(10, picked.Distinct().Count());
        Assert.Equal(3, SampleView.Pick(_model.Digits.Take(3), 10, seed: 51).Length);
    }

    [Theory]
    [InlineData(80, 5)]
    [InlineData(79, 4)]
    [InlineData(20, 1)]
    [InlineData(150, 5)]
    public void Show_InATerminal_FitsItsWidth(int width, int perRow)
    {
        var terminal = new TestTerminal(isLive: true, isUnicode: false, width: width);

        SampleView.Show(terminal.Terminal, Mlp.Load(_model.File), _model.Digits, [.. Enumerable.Range(0, 10)]);

        var lines = terminal.Lines.Select(TestTerminal.Plain).ToArray();
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Equal((10 + perRow - 1) / perRow, lines.Count(line => Share().IsMatch(line)));
    }

    // Shades hold the percent sign too, but never after a digit.
    [GeneratedRegex(@"\d %")]
    private static partial Regex Share();
}
