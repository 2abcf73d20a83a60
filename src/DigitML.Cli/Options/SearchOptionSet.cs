using System.CommandLine;
using System.Globalization;
using DigitML.AutoML;
using DigitML.AutoML.Spaces;
using DigitML.AutoML.Trials;
using DigitML.AutoML.Tuning;
using DigitML.IO;
using DigitML.Training;

namespace DigitML.Cli.Options;

/// <summary>The options that say how long, where and by what is searched.</summary>
internal sealed class SearchOptionSet
{
    private const double DefaultMinutes = 5;
    private static readonly string[] s_trainerNames = [ITrialTrainer.Mlp, .. MLNetTrialTrainer.All.Select(trainer => trainer.Name)];

    private readonly Option<double?> _minutes = OptionOf.Number<double>("--minutes", "How long this run may take, the winner's last training included. Default: 5, unless --trials says when to end.");
    private readonly Option<int?> _trials = OptionOf.Number<int>("--trials", "How many trials the study may have. Default: as many as the time allows.");
    private readonly Option<ExperimentMetric?> _metric = OptionOf.Choice("--metric", "What trials are compared by. Default: accuracy.", ("accuracy", ExperimentMetric.Accuracy), ("macro-accuracy", ExperimentMetric.MacroAccuracy), ("log-loss", ExperimentMetric.LogLoss));
    private readonly Option<string?> _tuner = OptionOf.Word("--tuner", "asha promotes the best of many short trainings and learns what to try next; random is the control. Default: asha.", "asha", "random");
    private readonly Option<int?> _epochs = OptionOf.Number<int>("--epochs", "Epochs of a whole training. Default: 27, and more for small tables.");
    private readonly Option<string?> _trainers = new("--trainers") { Description = $"Who competes, of {string.Join(", ", s_trainerNames)}. Default: mlp.", HelpName = "NAME,NAME" };
    private readonly Option<string[]> _fix = new("--fix") { Description = "A setting that has one value or a few, such as activation=relu or batchSize=64,128; may stand several times.", HelpName = "NAME=VALUE", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> _range = new("--range") { Description = "Another range of a setting, such as learningRate=0.001..0.01; may stand several times.", HelpName = "NAME=A..B", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<double?> _validation = OptionOf.Number<double>("--validation", "Share of each class that trials are compared on. Default: 0.2.");
    private readonly Option<int?> _seed = OptionOf.Number<int>("--seed", "Where all chance comes from. Default: 1.");
    private readonly Option<int?> _workers = OptionOf.Number<int>("--workers", "Trials trained at a time. One gives the same table each time; as many as processors are faster. Default: 1.");
    private readonly Option<int?> _threads = OptionOf.Number<int>("--threads", "Threads of all workers together. Default: one per processor.");
    private readonly Option<double?> _lease = OptionOf.Number<double>("--lease", "Seconds after which a silent worker's trial goes to another. Default: 60.");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_minutes, _trials, _trainers, _metric, _tuner, _epochs, _fix, _range, _validation, _seed, _workers, _threads, _lease])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The experiment that the options describe, without data and without a study.</summary>
    /// <exception cref="DigitException">An option is out of its range; says which.</exception>
    public MlpExperiment Read(ParseResult parse)
    {
        // Said before data are read, which may take a while.
        _ = (Fixed(parse).Count(), Ranges(parse).Count());
        var experiment = new MlpExperiment()
            .SetSeed(parse.GetValue(_seed) ?? 1)
            .SetMetric(parse.GetValue(_metric) ?? ExperimentMetric.Accuracy)
            .SetTrainers(Trainers(parse));
        var minutes = parse.GetValue(_minutes) ?? (parse.GetValue(_trials) is null ? DefaultMinutes : null);
        if (minutes is { } time)
        {
            experiment.SetTrainingTime(TimeSpan.FromMinutes(Within(_minutes, time, time is > 0 and <= 1e6, "above 0 and at most 1000000")));
        }

        if (parse.GetValue(_trials) is { } trials)
        {
            experiment.SetMaximumTrials(Within(_trials, trials, trials >= 1, "at least 1"));
        }

        if (parse.GetValue(_validation) is { } share)
        {
            experiment.SetValidationFraction(Within(_validation, share, share is > 0 and < 1, "above 0 and below 1"));
        }

        var workers = parse.GetValue(_workers) ?? 1;
        var threads = parse.GetValue(_threads) ?? 0;
        experiment.SetWorkers(Within(_workers, workers, workers is >= 1 and <= 4096, "1 to 4096"), Within(_threads, threads, threads is >= 0 and <= 1024, "0 to 1024"));
        if (parse.GetValue(_lease) is { } lease)
        {
            experiment.SetLease(TimeSpan.FromSeconds(Within(_lease, lease, lease is >= 1 and <= 86_400, "1 to 86400")));
        }

        var isRandom = parse.GetValue(_tuner) == "random";
        if (isRandom || parse.GetValue(_epochs) is not null)
        {
            var epochs = parse.GetValue(_epochs) ?? HalvingTuner.DefaultMaximumEpochs;
            Within(_epochs, epochs, epochs is >= 1 and <= 1_000_000, "1 to 1000000");
            experiment.SetTuner(isRandom ? new RandomTuner(epochs) : new HalvingTuner(epochs));
        }

        return experiment;
    }

    /// <summary>Changes the space as the options say.</summary>
    /// <exception cref="DigitException">There is no such setting, or it cannot be that.</exception>
    public SearchSpace Change(ParseResult parse, SearchSpace space)
    {
        try
        {
            foreach (var (name, values) in Fixed(parse))
            {
                var before = space[name];
                space = space.Narrow(name, values);
                Check(before, values);
            }

            foreach (var (name, from, to) in Ranges(parse))
            {
                var before = space[name];
                space = space.Narrow(name, from, to);
                if (before is NumberParameter && from <= to)
                {
                    Check(before, [from, to]);
                }
            }

            space.Validate();
            return space;
        }
        catch (ArgumentException error)
        {
            throw new DigitException(error.ParamName is { } name ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message, error);
        }
    }

    private static T Within<T>(Option option, T value, bool isWithin, string range) =>
        isWithin ? value : throw new DigitException(FormattableString.Invariant($"{option.Name} must be {range}; got {value}."));

    private static IEnumerable<(string Name, string Text)> Pairs(string[]? given, string option, string example)
    {
        foreach (var pair in given ?? [])
        {
            yield return pair.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } text]
                ? (name, text)
                : throw new DigitException($"{option} must be a name and a value, such as {example}; got '{pair}'.");
        }
    }

    private IEnumerable<(string Name, SettingValue[] Values)> Fixed(ParseResult parse) =>
        Pairs(parse.GetValue(_fix), "--fix", "activation=relu").Select(pair => (pair.Name, (SettingValue[])[.. pair.Text.Split(',', StringSplitOptions.TrimEntries).Select(ValueOf)]));

    private IEnumerable<(string Name, double From, double To)> Ranges(ParseResult parse) =>
        Pairs(parse.GetValue(_range), "--range", "learningRate=0.001..0.01").Select(pair => pair.Text.Split("..") is [var least, var most] && Number(least) is { } from && Number(most) is { } to
            ? (pair.Name, from, to)
            : throw new DigitException($"--range must be a name and two numbers, such as learningRate=0.001..0.01; got '{pair.Name}={pair.Text}'."));

    /// <summary>Refuses what no trial could be trained with, rather than let each of them fail.</summary>
    private static void Check(SearchParameter parameter, IEnumerable<SettingValue> values)
    {
        foreach (var value in values)
        {
            var isWord = parameter is ChoiceParameter { Values: [{ IsWord: true }, ..] };
            if (value.IsWord != isWord)
            {
                throw new DigitException($"{parameter.Name} must be {(parameter is ChoiceParameter choice && isWord ? $"one of {string.Join(", ", choice.Values)}" : "a number")}; got '{value}'.");
            }

            try
            {
                if (parameter.Apply is { } apply)
                {
                    apply(new MlpOptions(), value).Validate();
                }
            }
            catch (ArgumentException error) when (isWord)
            {
                throw new DigitException($"{parameter.Name} must be one of {string.Join(", ", ((ChoiceParameter)parameter).Values)}; got '{value}'.", error);
            }

            if (parameter.Apply is null && isWord && !parameter.Contains(value))
            {
                throw new DigitException($"{parameter.Name} must be one of {string.Join(", ", ((ChoiceParameter)parameter).Values)}; got '{value}'.");
            }
        }
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private static SettingValue ValueOf(string text) => Number(text) is { } number ? number : text.Length > 0 ? text : throw new DigitException("--fix must be a name and values between commas, such as batchSize=64,128; one is empty.");

    private ITrialTrainer[] Trainers(ParseResult parse)
    {
        var names = parse.GetValue(_trainers)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [ITrialTrainer.Mlp];
        if (names.Length == 0 || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < names.Length)
        {
            throw new DigitException($"--trainers must name each trainer once, such as mlp,lightgbm; got '{parse.GetValue(_trainers)}'.");
        }

        return
        [
            .. names.Select(name => name.Equals(ITrialTrainer.Mlp, StringComparison.OrdinalIgnoreCase)
                ? (ITrialTrainer)new MlpTrialTrainer()
                : MLNetTrialTrainer.All.FirstOrDefault(trainer => trainer.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                    ?? throw new DigitException($"--trainers must be some of {string.Join(", ", s_trainerNames)}; got '{name}'.")),
        ];
    }
}
