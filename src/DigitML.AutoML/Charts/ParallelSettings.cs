using System.Globalization;
using DigitML.AutoML.Importance;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Studies;
using DigitML.AutoML.Trials;
using DigitML.Charts;
using DigitML.Charts.Drawing;

namespace DigitML.AutoML.Charts;

/// <summary>Draws trials as lines through parallel axes, one for each setting and a last one for the score.</summary>
internal static class ParallelSettings
{
    /// <summary>Settings shown at most; of more those that matter most.</summary>
    public const int MostSettings = 12;

    /// <summary>Trials shown at most: the better half of them, and some of the others evenly.</summary>
    private const int MostTrials = 300;

    private const int Apart = 88;
    private const int Left = 30;
    private const int Top = 124;
    private const int Height = 300;
    private const int CharactersOfName = 13;
    private const int CharactersOfValue = 11;
    private const int MostValues = 12;

    public static Figure Draw(StudyDescription study, IReadOnlyList<TrialRecord> trials, string subtitle)
    {
        var space = SearchSpace.FromJson(study.Space, study.Name);
        SearchParameter[] varied = [.. space.Parameters.Where(SettingImportance.IsVaried)];
        SearchParameter[] shown = Shown(study, trials, varied);
        TrialRecord[] ranked = [.. StudyStanding.Ranked(study, trials).Where(trial => trial.Settings is not null)];
        var scale = new ScoreScale(study.Metric, ranked.Select(trial => trial.Last!.Score));
        if (shown.Length < varied.Length)
        {
            subtitle += Invariant($" · the {shown.Length} of {varied.Length} settings that matter most");
        }

        var some = Some(ranked);
        if (some.Length < ranked.Length)
        {
            subtitle += Invariant($" · {some.Length} trials shown");
        }

        var marks = new List<Mark>();
        for (var rank = some.Length - 1; rank >= 0; rank--)
        {
            marks.AddRange(Line(some[rank], shown, scale, isBest: rank == 0, isFirst: rank == some.Length - 1));
        }

        for (var i = 0; i < shown.Length; i++)
        {
            marks.AddRange(AxisMarks(i, shown[i].Name, TicksOf(shown[i])));
        }

        if (ranked.Length > 0)
        {
            marks.AddRange(AxisMarks(shown.Length, scale.Name, ScoreTicks(scale)));
        }

        var width = Math.Max(880, Left + (shown.Length * Apart) + 90);
        var inner = width - Left - 90;
        return new Figure(
            "What was tried",
            subtitle,
            width,
            Top + Height + 28,
            [new Panel(Left, Top, inner, Height, Axis.Hidden(0, Math.Max(1, shown.Length)), Axis.Hidden(0, 1), marks)],
            legendLeft: SvgWriter.Edge - 4);
    }

    private static SearchParameter[] Shown(StudyDescription study, IReadOnlyList<TrialRecord> trials, SearchParameter[] varied)
    {
        if (varied.Length <= MostSettings)
        {
            return varied;
        }

        var order = SettingImportance.Of(study, trials).Settings.Select(setting => setting.Name).Take(MostSettings).ToHashSet(StringComparer.Ordinal);
        return order.Count == 0 ? varied[..MostSettings] : [.. varied.Where(parameter => order.Contains(parameter.Name))];
    }

    private static TrialRecord[] Some(TrialRecord[] ranked)
    {
        const int best = MostTrials / 2;
        var rest = ranked.Length - best;
        return ranked.Length <= MostTrials ? ranked : [.. ranked[..best], .. Enumerable.Range(0, best).Select(i => ranked[best + (int)((long)i * rest / best)])];
    }

    /// <summary>A trial's line, and a dot for every setting that stands alone between such as do not exist.</summary>
    private static IEnumerable<Mark> Line(TrialRecord trial, SearchParameter[] shown, ScoreScale scale, bool isBest, bool isFirst)
    {
        double[] y = [.. shown.Select(parameter => PlaceOf(parameter, trial.Settings!)), scale.Share(trial.Last!.Score)];
        double[] x = [.. y.Select((_, i) => (double)i)];
        var color = isBest ? Palette.Vermilion : Palette.Strength(scale.Share(trial.Last!.Score));
        var hover = StudyChart.Hover(trial, trial.Last!, scale);
        string[] hovers = [.. y.Select(_ => hover)];
        var name = isBest ? Invariant($"trial {trial.Number}, the best") : "the others: the darker, the better";
        yield return new Series
        {
            Name = name,
            X = x,
            Y = y,
            Color = color,
            Width = isBest ? 3 : 1.2,
            LineHover = hover,
            Hover = hovers,
            InLegend = isBest || isFirst,
        };
        int[] alone = [.. Enumerable.Range(0, y.Length).Where(i => double.IsFinite(y[i]) && IsGap(i - 1) && IsGap(i + 1))];
        if (alone.Length > 0)
        {
            yield return new Series
            {
                Name = name,
                X = [.. alone.Select(i => x[i])],
                Y = [.. alone.Select(i => y[i])],
                Color = color,
                HasLine = false,
                Symbol = Symbol.Circle,
                Radius = isBest ? 4 : 2.5,
                Hover = [.. alone.Select(_ => hover)],
                InLegend = false,
            };
        }

        bool IsGap(int i) => i < 0 || i >= y.Length || !double.IsFinite(y[i]);
    }

    private static IEnumerable<Mark> AxisMarks(int at, string name, IEnumerable<Tick> ticks)
    {
        const double ofText = 5.0 / Apart;
        yield return new Series { Name = name, X = [at, at], Y = [0, 1], Color = Palette.Muted, Width = 1, Hover = ["", ""], InLegend = false };
        var lines = TextFit.TwoLines(name, CharactersOfName);
        for (var line = 0; line < lines.Length; line++)
        {
            yield return new Label(at, 1 + ((14.0 + (14 * (lines.Length - 1 - line))) / Height), lines[line], Palette.Ink, 11, IsBold: true) { Anchor = at == 0 ? "start" : "middle" };
        }

        foreach (var tick in ticks)
        {
            yield return new Label(at + ofText, tick.Value, tick.Text, Palette.Ink, 11) { Anchor = "start", HasHalo = true };
        }
    }

    private static double PlaceOf(SearchParameter parameter, TrialSettings settings)
    {
        if (!settings.TryGetValue(parameter.Name, out var value))
        {
            return double.NaN;
        }

        return parameter switch
        {
            NumberParameter number when !value.IsWord => number.ToUnit(value.Number),
            ChoiceParameter choice when choice.Values.Contains(value) => PlaceOfChoice(choice.Values.Index().First(item => item.Item == value).Index, choice.Values.Count),
            _ => double.NaN,
        };
    }

    private static double PlaceOfChoice(int index, int count) => 1 - ((index + 0.5) / count);

    private static IEnumerable<Tick> TicksOf(SearchParameter parameter) => parameter switch
    {
        NumberParameter { IsWhole: true } few when few.Maximum - few.Minimum < MostValues => Enumerable.Range(0, (int)(few.Maximum - few.Minimum) + 1).Select(step => few.Minimum + step).Select(value => new Tick(few.ToUnit(value), Short(value))),
        NumberParameter number => new[] { 0, 0.5, 1 }.Select(place => number.FromUnit(place)).Select(value => new Tick(number.ToUnit(value), Short(value))),
        ChoiceParameter choice => choice.Values.Index().Where(item => item.Index % Math.Ceiling(choice.Values.Count / (double)MostValues) == 0)
            .Select(item => new Tick(PlaceOfChoice(item.Index, choice.Values.Count), item.Item.IsWord ? TextFit.Cut(item.Item.Word, CharactersOfValue) : Short(item.Item.Number))),
        _ => [],
    };

    /// <summary>The ends of the scores and their middle; beyond the lower one lies what is not shown where it is.</summary>
    private static IEnumerable<Tick> ScoreTicks(ScoreScale scale)
    {
        yield return new Tick(1, scale.FormatGoodness(scale.Best));
        if (scale.Best > scale.Worst)
        {
            yield return new Tick(0.5, scale.FormatGoodness((scale.Best + scale.Worst) / 2));
            yield return new Tick(0, $"{(scale.HiddenCount == 0 ? "" : scale.IsLowerBetter ? "≥ " : "≤ ")}{scale.FormatGoodness(scale.Worst)}");
        }
    }

    private static string Short(double value) => value.ToString("G3", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal) ? value.ToString("0.#####", CultureInfo.InvariantCulture) : text;
}
