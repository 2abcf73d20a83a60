using System.Text.Json;
using System.Text.RegularExpressions;
using DigitML.Imaging;
using DigitML.Tests.House;

namespace DigitML.Web.Tests;

/// <summary>The files that watch the server know what it says.</summary>
public partial class DeployTests
{
    [Fact]
    public async Task Dashboard_EveryFigureOfIt_IsOneThatTheServerGives()
    {
        await using var server = await RunningServer.StartAsync();
        await server.ReadAsync(PngEncoder.Encode(TestPictures.Digit(1)));
        var metrics = await server.Client.GetStringAsync("/metrics");
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.PathOf("deploy", "monitoring", "grafana", "digitml.json"), TestContext.Current.CancellationToken));

        var figures = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .SelectMany(target => Figure().Matches(target.GetProperty("expr").GetString()!).Select(match => match.Value))
            .Distinct()
            .ToArray();
        Assert.True(figures.Length >= 6);
        Assert.All(figures, figure => Assert.Matches($"(?m)^{figure}\\{{", metrics));
    }

    [GeneratedRegex("digitml_[a-z_]+")]
    private static partial Regex Figure();
}
