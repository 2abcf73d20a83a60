using DigitML.AutoML.Importance;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.Charts;
using DigitML.Charts.Drawing;
using DigitML.Data;
using DigitML.IO;

namespace DigitML.AutoML.Charts;

/// <summary>What the progress of a study is drawn over.</summary>
public enum ProgressAxis
{
    /// <summary>Time since its first training began, which no two runs share.</summary>
    Time,

    /// <summary>Epochs that all trials have trained by then: the same each time on one worker.</summary>
    Epochs,
}

/// <summary>Figures of a study, running or done: how it went, what was tried, what mattered, and how far trials got. Each can be made of no trial, of one and of thousands.</summary>
public static class StudyChart
{
    /// <summary>Points that one rung shows at most; of more some are left out evenly.</summary>
    private const int MostPoints = 1_000;

    /// <summary>A forest that explains less has learnt chance, and the chart says so.</summary>
    private const double LeastExplained = 0.1;

    /// <summary>Where legends start.</summary>
    private const int LegendLeft = SvgWriter.Edge - 4;

    private static readonly Symbol[] s_symbols = [Symbol.Circle, Symbol.Square, Symbol.Diamond];

    /// <summary>Every result when it came, by rung, and the line of what a study that ended there would have given.</summary>
    /// <param name="study">What it is about.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="axis">What it is drawn over.</param>
    public static Figure Progress(StudyDescription study, IReadOnlyList<TrialRecord> trials, ProgressAxis axis = ProgressAxis.Time)
    {
        var results = ResultsOf(study, trials);
        var scale = new ScoreScale(study.Metric, results.Select(result => result.Rung.Score));
        var (title, places) = PlacesOf(results, axis);
        var marks = new List<Mark>();
        for (var rung = 0; rung < study.Rungs.Count; rung++)
        {
            int[] shown = Thinned([.. Enumerable.Range(0, results.Count).Where(i => results[i].Rung.Rung == rung && scale.IsShown(results[i].Rung.Score))], MostPoints);
            if (shown.Length > 0)
            {
                marks.Add(new Series
                {
                    Name = Invariant($"after {Epochs(study.Rungs[rung])}"),
                    X = [.. shown.Select(i => places[i])],
                    Y = [.. shown.Select(i => results[i].Rung.Score.Of(study.Metric))],
                    Color = Palette.Strength((rung + 1.0) / study.Rungs.Count),
                    HasLine = false,
                    Symbol = s_symbols[rung % s_symbols.Length],
                    Radius = results.Count > 60 ? 3 : 4,
                    Hover = [.. shown.Select(i => Hover(results[i].Trial, results[i].Rung, scale))],
                });
            }
        }

        if (results.Count > 0)
        {
            marks.Add(BestLine(results, places, scale, study.Metric));
        }

        return new Figure(
            $"{Capital(scale.Name)} over {(axis == ProgressAxis.Time ? "time" : "epochs")}",
            Subtitle(study, trials) + scale.Hidden(results.Count(result => !scale.IsShown(result.Rung.Score)), "result"),
            880,
            420,
            [new Panel(84, 96, 772, 264, Axes.FromZero(title, places, Ticks.Count(places.LastOrDefault()).Length > 3 ? Ticks.Count : Ticks.Number), scale.ToAxis(), marks)],
            legendLeft: LegendLeft);
    }

    /// <summary>Every trial as a line through its settings, the darker the better, the best in orange. The line parts where a setting does not exist.</summary>
    /// <param name="study">What it is about.</param>
    /// <param name="trials">Its trials.</param>
    public static Figure Settings(StudyDescription study, IReadOnlyList<TrialRecord> trials)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(trials);
        return ParallelSettings.Draw(study, trials, Subtitle(study, trials));
    }

    /// <summary>How much each setting matters, by fANOVA on a forest.</summary>
    /// <param name="study">What it is about.</param>
    /// <param name="trials">Its trials.</param>
    public static Figure Importance(StudyDescription study, IReadOnlyList<TrialRecord> trials) => Importance(study, SettingImportance.Of(study, trials));

    /// <summary>How far trials got: how many reached each rung, and what they scored there.</summary>
    /// <param name="study">What it is about.</param>
    /// <param name="trials">Its trials.</param>
    public static Figure Rungs(StudyDescription study, IReadOnlyList<TrialRecord> trials)
    {
        var results = ResultsOf(study, trials);
        var scale = new ScoreScale(study.Metric, results.Select(result => result.Rung.Score));
        var rungs = Enumerable.Range(0, study.Rungs.Count).Select(rung => results.Where(result => result.Rung.Rung == rung).ToArray()).ToArray();
        var x = new Axis("Epochs trained", -0.5, rungs.Length - 0.5) { Ticks = [.. study.Rungs.Select((epochs, rung) => new Tick(rung, Ticks.Count(epochs)))] };
        double[] counts = [.. rungs.Select(rung => (double)rung.Length)];
        var bars = new Bars
        {
            Name = "Trials",
            Positions = [.. rungs.Select((_, rung) => (double)rung)],
            Values = counts,
            Colors = [.. rungs.Select(_ => Palette.Blue)],
            Texts = [.. counts.Select(Ticks.Count)],
            Hover = [.. rungs.Select((rung, i) => Invariant($"{rung.Length} of {trials.Count} trials reached {Epochs(study.Rungs[i])}"))],
            Thickness = 0.6,
        };
        var marks = new List<Mark>();
        for (var rung = 0; rung < rungs.Length; rung++)
        {
            var shown = Thinned([.. rungs[rung].Where(result => scale.IsShown(result.Rung.Score))], MostPoints);
            marks.Add(new Series
            {
                Name = "a trial",
                X = [.. shown.Select(result => rung + Beside(result.Trial.Number, shown.Length))],
                Y = [.. shown.Select(result => result.Rung.Score.Of(study.Metric))],
                Color = Palette.Strength(0.25),
                HasLine = false,
                Symbol = Symbol.Circle,
                Radius = 2.5,
                Hover = [.. shown.Select(result => Hover(result.Trial, result.Rung, scale))],
            });
        }

        marks.Add(Middles(study, rungs, scale));
        return new Figure(
            "How far trials got",
            Subtitle(study, trials) + scale.Hidden(results.Count(result => !scale.IsShown(result.Rung.Score)), "result"),
            880,
            420,
            [
                new Panel(76, 116, 300, 240, x, Axes.FromZero("Trials", [1.1 * counts.Append(4).Max()], Ticks.Count), [bars]) { Title = "Trials that reached a rung" },
                new Panel(478, 116, 380, 240, x, scale.ToAxis(), marks) { Title = "What they scored there" },
            ],
            legendLeft: LegendLeft);
    }

    /// <summary>The figure of an importance that was reckoned before.</summary>
    internal static Figure Importance(StudyDescription study, SettingImportance importance)
    {
        const int left = SvgWriter.Edge;
        const int bar = 26;
        var settings = importance.Settings;
        string[] names = [.. settings.Select(setting => TextFit.Cut(setting.Name, 24))];
        var widest = names.Select(name => SvgWriter.TextWidth(name, 11)).DefaultIfEmpty(0).Max() + 14;
        var height = Math.Max(3, settings.Count) * bar;
        var x = new Axis("Share of the scores' variance: dark alone, pale together with other settings, %", 0, 1) { Ticks = Ticks.Every(0.2, 0, 1, Ticks.Share), HasGrid = true };
        var y = new Axis(null, Math.Max(3, settings.Count) - 0.5, -0.5) { Ticks = [.. names.Select((name, i) => new Tick(i, name))] };
        string[] hover = [.. settings.Select(setting => Invariant($"{setting.Name}\nalone {Percent.Format(setting.Alone, 1)}, with others {Percent.Format(setting.Total, 1)}"))];
        Mark[] marks = settings.Count == 0
            ? [new Label(0.5, 1, Invariant($"Not before {SettingImportance.LeastTrials} trials have a result and a setting with a choice"), Palette.Muted)]
            :
            [
                Bars(setting => setting.Total, _ => Palette.Strength(0.1)) with { Texts = [.. settings.Select(setting => Percent.Format(setting.Total, 1))] },
                Bars(setting => setting.Alone, _ => Palette.Blue) with { Thickness = 0.4 },
            ];
        var learnt = importance.Epochs > 0
            ? Invariant($"fANOVA on a forest of {importance.Trials} trials after {Epochs(importance.Epochs)}, which explains {Percent.Format(Math.Max(0, importance.Explained), 0)} of trials unseen{(importance.Explained < LeastExplained ? ": too little to trust" : "")}")
            : "fANOVA on a forest";
        return new Figure(
            "Importance of each setting",
            importance.Together < 0.005 ? learnt : $"{learnt} · {Percent.Format(importance.Together, 0)} by several together alone",
            880,
            (int)(72 + height + 62),
            [new Panel(left + widest, 72, 880 - left - widest - 76, height, x, y, marks)]);

        Bars Bars(Func<SettingShare, double> valueOf, Func<SettingShare, string> colorOf) => new()
        {
            Name = "Importance",
            Positions = [.. settings.Select((_, i) => (double)i)],
            Values = [.. settings.Select(valueOf)],
            Colors = [.. settings.Select(colorOf)],
            Hover = hover,
            Thickness = 0.7,
            IsHorizontal = true,
        };
    }

    /// <summary>What a point tells of a trial.</summary>
    internal static string Hover(TrialRecord trial, RungResult rung, ScoreScale scale) =>
        Invariant($"Trial {trial.Number}: {scale.Name} {scale.Format(rung.Score)} after {Epochs(rung.Epochs)}\n{trial.Settings}");

    internal static string Epochs(int epochs) => Invariant($"{epochs} {(epochs == 1 ? "epoch" : "epochs")}");

    private static string Subtitle(StudyDescription study, IReadOnlyList<TrialRecord> trials)
    {
        var failed = trials.Count(trial => trial.State == TrialState.Failed);
        var best = StudyStanding.Best(study, trials);
        return Invariant($"{SyntheticDigits.NameOf(study.Dataset, study.IsSynthetic)} · {trials.Count:N0} {(trials.Count == 1 ? "trial" : "trials")}{(failed > 0 ? Invariant($", {failed} failed") : "")} · {(best?.Last is { } last ? Invariant($"best {ScoreScale.NameOf(study.Metric)} {ScoreScale.Format(study.Metric, last.Score.Of(study.Metric))}, trial {best.Number}") : "no result yet")}");
    }

    private static List<(TrialRecord Trial, RungResult Rung)> ResultsOf(StudyDescription study, IReadOnlyList<TrialRecord> trials)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(trials);
        return [.. trials.SelectMany(trial => trial.Rungs.Select(rung => (Trial: trial, Rung: rung))).OrderBy(result => result.Rung.FinishedAt).ThenBy(result => result.Trial.Number).ThenBy(result => result.Rung.Rung)];
    }

    /// <summary>Where each result lies on the axis, and what that is called.</summary>
    private static (string Title, double[] Places) PlacesOf(List<(TrialRecord Trial, RungResult Rung)> results, ProgressAxis axis)
    {
        if (axis == ProgressAxis.Epochs)
        {
            var epochs = 0.0;
            return ("Epochs that all trials have trained", [.. results.Select(result => epochs += result.Rung.Epochs - (result.Rung.Rung > 0 ? result.Trial.Rungs[result.Rung.Rung - 1].Epochs : 0))]);
        }

        if (results.Count == 0)
        {
            return ("Seconds since the first training began", []);
        }

        var begin = results.Min(result => result.Rung.FinishedAt - TimeSpan.FromSeconds(result.Rung.Seconds));
        double[] seconds = [.. results.Select(result => (result.Rung.FinishedAt - begin).TotalSeconds)];
        var (unit, size) = seconds[^1] switch { > 3 * 3600 => ("Hours", 3600), > 180 => ("Minutes", 60), _ => ("Seconds", 1) };
        return ($"{unit} since the first training began", [.. seconds.Select(second => second / size)]);
    }

    private static Series BestLine(List<(TrialRecord Trial, RungResult Rung)> results, double[] places, ScoreScale scale, ExperimentMetric metric)
    {
        var (x, y) = (new List<double>(), new List<double>());
        var lasts = new Dictionary<int, double>();
        var (holder, goodness) = (-1, double.NegativeInfinity);
        for (var i = 0; i < results.Count; i++)
        {
            var (number, score) = (results[i].Trial.Number, results[i].Rung.Score);
            if (!scale.IsFinite(score))
            {
                continue;
            }

            lasts[number] = score.Goodness(metric);
            var before = goodness;
            (holder, goodness) = number == holder ? Highest(lasts) : lasts[number] > goodness ? (number, lasts[number]) : (holder, goodness);
            if (goodness == before)
            {
                continue;
            }

            if (x.Count > 0)
            {
                x.Add(places[i]);
                y.Add(y[^1]);
            }

            x.Add(places[i]);
            y.Add(scale.FigureOf(Math.Max(goodness, scale.Worst)));
        }

        if (x.Count > 0)
        {
            x.Add(places[^1]);
            y.Add(y[^1]);
        }

        return new Series { Name = "best so far", X = x, Y = y, Color = Palette.Vermilion, Hover = [.. y.Select(figure => $"best so far {ScoreScale.Format(metric, figure)}")] };
    }

    /// <summary>Who is ahead: the one that was may have lost by going on.</summary>
    private static (int Trial, double Goodness) Highest(Dictionary<int, double> lasts)
    {
        var best = lasts.MaxBy(last => last.Value);
        return (best.Key, best.Value);
    }

    /// <summary>Each rung's median, with whiskers over the middle half.</summary>
    private static Series Middles(StudyDescription study, (TrialRecord Trial, RungResult Rung)[][] rungs, ScoreScale scale)
    {
        double[][] sorted = [.. rungs.Select(rung => rung.Where(result => scale.IsFinite(result.Rung.Score)).Select(result => scale.FigureOf(Math.Max(result.Rung.Score.Goodness(study.Metric), scale.Worst))).Order().ToArray())];
        return new Series
        {
            Name = "median and middle half",
            X = [.. sorted.Select((_, rung) => (double)rung)],
            Y = [.. sorted.Select(figures => At(figures, 0.5))],
            Whiskers = [.. sorted.Select(figures => (At(figures, 0.25), At(figures, 0.75)))],
            Color = Palette.Vermilion,
            HasLine = false,
            Symbol = Symbol.Diamond,
            Hover = [.. sorted.Select((figures, rung) => Invariant($"{Epochs(study.Rungs[rung])}: median {ScoreScale.Format(study.Metric, At(figures, 0.5))} of {figures.Length} trials"))],
        };

        static double At(double[] figures, double share) => figures.Length == 0 ? double.NaN : figures[(int)Math.Round(share * (figures.Length - 1))];
    }

    /// <summary>How far beside the middle a point lies, so that those of one score are seen: by the golden ratio, which spreads any run of numbers evenly.</summary>
    private static double Beside(int number, int points) => points < 2 ? 0 : (((number * 0.618034) % 1) - 0.5) * Math.Min(0.6, 0.04 * points);

    private static T[] Thinned<T>(T[] items, int most) =>
        items.Length <= most ? items : [.. Enumerable.Range(0, most).Select(i => items[(int)((long)i * items.Length / most)])];

    private static string Capital(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";
}
