namespace DigitML.Cli.Tests;

public class MistakesTests
{
    [Theory]
    [InlineData("Unknown option '--sinlge'. Did you mean '--single'? See 'digitml predict --help'.", "predict", "--sinlge", "a.png")]
    [InlineData("Unknown option '--sinlge'. Did you mean '--single'? See 'digitml predict --help'.", "predict", "a.png", "--sinlge=1")]
    [InlineData("Unknown option '-x'. See 'digitml predict --help'.", "predict", "-x", "a.png")]
    [InlineData("Unknown option '-5'. See 'digitml predict --help'.", "predict", "-5")]
    [InlineData("Unknown option '--foo'. See 'digitml predict --help'.", "predict", "a.png", "--foo", "--", "b.png")]
    [InlineData("Unknown option '--epoch'. Did you mean '--epochs'? See 'digitml train --help'.", "train", "--epoch", "3")]
    [InlineData("Unknown option '--learn'. Did you mean '--learning-rate'? See 'digitml train --help'.", "train", "--learn", "3")]
    [InlineData("Unknown option '--epohcs'. Did you mean '--epochs'? See 'digitml train --help'.", "train", "--output", "--epohcs", "3")]
    [InlineData("Unknown option '--versoin'. Did you mean '--version'? See 'digitml --help'.", "--versoin")]
    [InlineData("'--json' is an option of 'digitml predict' and stands behind it. See 'digitml predict --help'.", "--json", "predict", "a.png")]
    [InlineData("Unknown command 'tarin'. Did you mean 'train'? See 'digitml --help'.", "tarin")]
    [InlineData("Unknown command 'donwload'. Did you mean 'download'? See 'digitml data --help'.", "data", "donwload")]
    [InlineData("Unknown command 'photograph'. See 'digitml --help'.", "photograph")]
    public async Task Run_AWordThatIsNone_SaysWhatWasProbablyMeant(string expected, params string[] args)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(args));

        Assert.Equal($"error: {expected}", terminal.OneErrorLine());
        Assert.Empty(terminal.Output);
    }

    [Theory]
    [InlineData("--sinlge: expected a picture but there is no such file.", "predict", "--", "--sinlge")]
    [InlineData("@gone.png: expected a picture but there is no such file.", "predict", "@gone.png")]
    [InlineData("--epochs must be 1 to 1000000; got -3.", "train", "--epochs", "-3")]
    [InlineData("--epochs must be 1 to 1000000; got 0.", "train", "--seed", "-9", "--output=-folder", "--epochs", "0")]
    public async Task Run_AFileOrANumberThatLooksLikeAnOption_IsTakenForWhatItIs(string expected, params string[] args)
    {
        var terminal = new TestTerminal();

        Assert.Equal(ExitCode.Failed, await terminal.RunAsync(args));

        Assert.Equal($"error: {expected}", terminal.OneErrorLine());
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("single", "single", 0)]
    [InlineData("sinlge", "single", 1)]
    [InlineData("epoch", "epochs", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void Distance_OfTwoWords_CountsSlipsAndIsTheSameBothWays(string one, string other, int expected)
    {
        Assert.Equal(expected, Mistakes.Distance(one, other));
        Assert.Equal(expected, Mistakes.Distance(other, one));
    }
}
