using System.CommandLine;
using System.Globalization;
using DigitML.IO;
using DigitML.Models;
using DigitML.Reading;
using DigitML.Training;

namespace DigitML.Cli.Options;

/// <summary>
/// The options that decide a training run, the same in every command that trains. What is not given comes from
/// the recipe; ranges are <see cref="MlpOptions.Validate"/>'s.
/// </summary>
internal sealed class TrainingOptionSet
{
    private const string ReaderName = "reader";

    private const string CommitteeName = "committee";

    private const int DefaultMembers = 5;

    private const int MostMembers = 100;

    // The library's recipes, that of several networks, and that of the reader's own network, which another trainer trains, each with what it is.
    private static readonly (string Name, string Description)[] RecipeDescriptions = [.. Recipes.Names.Concat([CommitteeName, ReaderName]).Select(name => (name, name switch
    {
        "thesis" => "the network and procedure as published",
        "fast" => "wider and more accurate, still quickly trained; it changes the pictures a little each time",
        "plain" => "wide layers under noise, without changing pictures",
        "record" => "as accurate as one network gets, in hours; give --checkpoint",
        CommitteeName => "several narrower networks, --members of them, which answer as one",
        ReaderName => "the model that ships: it makes pictures of the digits, too, which takes minutes",
        _ => throw new System.Diagnostics.UnreachableException($"The recipe {name} is not described."),
    }))];

    private static readonly string[] RecipeNames = [.. RecipeDescriptions.Select(recipe => recipe.Name)];

    private readonly Option<string> _recipe = new("--recipe")
    {
        Description = $"What the options below start from. {string.Join(" ", RecipeDescriptions.Select(recipe => $"{recipe.Name}: {recipe.Description}, {ShapeOf(recipe.Name)}."))}",
        HelpName = string.Join('|', RecipeNames),
        CompletionSources = { RecipeNames },
        DefaultValueFactory = _ => "thesis",
    };

    private readonly Option<int?> _members = OptionOf.Number<int>("--members", Invariant($"With --recipe committee: how many networks, of the seeds from --seed on; default {DefaultMembers}."));

    private readonly Option<string?> _hidden = new("--hidden")
    {
        Description = "Units of each hidden layer, such as 128,32; none for softmax regression" + Values(recipe => string.Join(',', recipe.HiddenLayers)),
        HelpName = "N,N",
    };

    private readonly Option<HiddenActivation?> _activation = OptionOf.Choice(
        "--activation",
        "What follows each hidden layer" + Values(recipe => Word(recipe.Activation)),
        ("relu", HiddenActivation.Relu),
        ("leakyrelu", HiddenActivation.LeakyRelu),
        ("elu", HiddenActivation.Elu),
        ("gelu", HiddenActivation.Gelu),
        ("silu", HiddenActivation.Silu),
        ("tanh", HiddenActivation.Tanh),
        ("sigmoid", HiddenActivation.Sigmoid));

    private readonly Option<int?> _epochs = OptionOf.Number<int>("--epochs", "Passes over the training images" + Values(recipe => recipe.Epochs));
    private readonly Option<int?> _batchSize = OptionOf.Number<int>("--batch-size", "Images per update" + Values(recipe => recipe.BatchSize));
    private readonly Option<Optimizer?> _optimizer = OptionOf.Choice("--optimizer", "The update rule" + Values(recipe => Word(recipe.Optimizer)), ("adam", Optimizer.Adam), ("sgd", Optimizer.Sgd));
    private readonly Option<float?> _learningRate = OptionOf.Number<float>("--learning-rate", "Step size per update, before the schedule" + Values(recipe => recipe.LearningRate));
    private readonly Option<float?> _momentum = OptionOf.Number<float>("--momentum", "Nesterov momentum of sgd" + Values(recipe => recipe.Momentum));
    private readonly Option<float?> _weightDecay = OptionOf.Number<float>("--weight-decay", "Decoupled weight decay" + Values(recipe => recipe.WeightDecay));
    private readonly Option<float?> _dropout = OptionOf.Number<float>("--dropout", "Share of hidden units silenced in training" + Values(recipe => recipe.Dropout));

    private readonly Option<float?> _inputDropout = OptionOf.Number<float>("--input-dropout", "Share of inputs silenced in training" + Values(recipe => recipe.InputDropout));
    private readonly Option<float?> _maxNorm = OptionOf.Number<float>("--max-norm", "Greatest length of the weights into a hidden unit, 0 for none" + Values(recipe => recipe.MaxNorm));
    private readonly Option<string?> _batchNorm = OptionOf.Switch("--batch-norm", "Whether hidden layers' sums are normalised over the batch; the model needs it no more" + Values(recipe => recipe.BatchNormalization ? "on" : "off"));
    private readonly Option<float?> _hiddenNoise = OptionOf.Number<float>("--hidden-noise", "With --batch-norm on: deviation of the noise on hidden layers' normalised sums in training" + Values(recipe => recipe.HiddenNoise));
    private readonly Option<float?> _labelSmoothing = OptionOf.Number<float>("--label-smoothing", "Share of each target spread over all classes" + Values(recipe => recipe.LabelSmoothing));
    private readonly Option<float?> _averageDecay = OptionOf.Number<float>("--average-decay", "Decay of a moving average of the weights, which the model then has; 0 for none" + Values(recipe => recipe.AverageDecay));

    private readonly Option<LearningRateSchedule?> _schedule = OptionOf.Choice(
        "--schedule",
        "How the learning rate moves" + Values(recipe => Word(recipe.Schedule)),
        ("constant", LearningRateSchedule.Constant),
        ("step", LearningRateSchedule.Step),
        ("cosine", LearningRateSchedule.Cosine));

    private readonly Option<int?> _warmup = OptionOf.Number<int>("--warmup", "Epochs over which the learning rate climbs first" + Values(recipe => recipe.WarmupEpochs));
    private readonly Option<double?> _validation = OptionOf.Number<double>("--validation", "Share of the training images held out to validate on" + Values(recipe => recipe.ValidationFraction));
    private readonly Option<int?> _patience = OptionOf.Number<int>("--patience", "Stop after so many epochs without a lower validation loss, and keep the best weights; 0 never.");

    private readonly Option<PixelScaling?> _scaling = OptionOf.Choice(
        "--scaling",
        "Pixel values before the first layer: [0, 1], or mean 0 and deviation 1.",
        ("unit", PixelScaling.UnitRange),
        ("standardize", PixelScaling.Standardize));

    private readonly Option<string?> _augment = new("--augment")
    {
        Description = $"How far training images are changed, such as rotation=10,shift=1, or none; what is not named is 0. Of {string.Join(", ", AugmentationText.Names)}. Default: the recipe's.",
        HelpName = "NAME=X,…",
    };

    private readonly Option<string?> _teacher = new("--teacher") { Description = "A model, such as a committee's, whose answers to the training images are learnt beside the labels.", HelpName = "FILE" };
    private readonly Option<float?> _teacherShare = OptionOf.Number<float>("--teacher-share", Invariant($"With --teacher: its answers' share of the loss, above 0 and at most 1; default {new DistillationOptions().Share}."));
    private readonly Option<float?> _teacherTemperature = OptionOf.Number<float>("--teacher-temperature", Invariant($"With --teacher: how far its answers are evened out, from 1, not at all; default {new DistillationOptions().Temperature}."));

    private readonly Option<int?> _seed = OptionOf.Number<int>("--seed", "Where all chance comes from; the same seed gives the same model" + Values(recipe => recipe.Seed));
    private readonly Option<int?> _threads = OptionOf.Number<int>("--threads", "Threads that train; 0 takes one per processor. The model does not depend on it.");

    // What the library calls each option, in the order of the help text.
    private readonly (string Property, Option Option)[] _all;

    /// <summary>Creates the options.</summary>
    public TrainingOptionSet() => _all =
    [
        ("Recipe", _recipe),
        ("Members", _members),
        (nameof(MlpOptions.HiddenLayers), _hidden),
        (nameof(MlpOptions.Activation), _activation),
        (nameof(MlpOptions.Epochs), _epochs),
        (nameof(MlpOptions.BatchSize), _batchSize),
        (nameof(MlpOptions.Optimizer), _optimizer),
        (nameof(MlpOptions.LearningRate), _learningRate),
        (nameof(MlpOptions.Momentum), _momentum),
        (nameof(MlpOptions.WeightDecay), _weightDecay),
        (nameof(MlpOptions.Dropout), _dropout),
        (nameof(MlpOptions.InputDropout), _inputDropout),
        (nameof(MlpOptions.MaxNorm), _maxNorm),
        (nameof(MlpOptions.BatchNormalization), _batchNorm),
        (nameof(MlpOptions.HiddenNoise), _hiddenNoise),
        (nameof(MlpOptions.LabelSmoothing), _labelSmoothing),
        (nameof(MlpOptions.AverageDecay), _averageDecay),
        (nameof(MlpOptions.Schedule), _schedule),
        (nameof(MlpOptions.WarmupEpochs), _warmup),
        (nameof(MlpOptions.ValidationFraction), _validation),
        (nameof(MlpOptions.EarlyStoppingPatience), _patience),
        (nameof(MlpOptions.PixelScaling), _scaling),
        (nameof(MlpOptions.Augmentation), _augment),
        ("Teacher", _teacher),
        ("Distillation.Share", _teacherShare),
        ("Distillation.Temperature", _teacherTemperature),
        (nameof(MlpOptions.Seed), _seed),
        (nameof(MlpOptions.Threads), _threads),
    ];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in _all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether the number of epochs was given.</summary>
    public bool HasEpochs(ParseResult parse) => parse.GetValue(_epochs) is not null;

    /// <summary>The recipe's name as given.</summary>
    public string RecipeName(ParseResult parse) => parse.GetRequiredValue(_recipe).ToLowerInvariant();

    /// <summary>Whether the recipe is the reader's, whose trainer makes pictures first.</summary>
    public bool IsReader(ParseResult parse) => RecipeName(parse) == ReaderName;

    /// <summary>How many networks answer together; null for one, of any recipe but the committee's.</summary>
    /// <exception cref="DigitException">It is out of its range, or was given for a single network.</exception>
    public int? Members(ParseResult parse)
    {
        var given = parse.GetValue(_members);
        if (RecipeName(parse) != CommitteeName)
        {
            return given is null ? null : throw new DigitException("--members needs --recipe committee; the other recipes train one network.");
        }

        return given is null or (>= 2 and <= MostMembers) ? given ?? DefaultMembers : throw new DigitException(Invariant($"--members must be 2 to {MostMembers}; got {given}."));
    }

    /// <summary>The recipe with what was given in its place.</summary>
    /// <exception cref="DigitException">An option is out of its range; the message calls it as it is typed.</exception>
    public MlpOptions Read(ParseResult parse)
    {
        try
        {
            var recipe = RecipeOf(parse.GetRequiredValue(_recipe));
            var options = recipe with
            {
                HiddenLayers = parse.GetValue(_hidden) is { } hidden ? ParseHidden(hidden) : recipe.HiddenLayers,
                Activation = parse.GetValue(_activation) ?? recipe.Activation,
                Epochs = parse.GetValue(_epochs) ?? recipe.Epochs,
                BatchSize = parse.GetValue(_batchSize) ?? recipe.BatchSize,
                Optimizer = parse.GetValue(_optimizer) ?? recipe.Optimizer,
                LearningRate = parse.GetValue(_learningRate) ?? recipe.LearningRate,
                Momentum = parse.GetValue(_momentum) ?? recipe.Momentum,
                WeightDecay = parse.GetValue(_weightDecay) ?? recipe.WeightDecay,
                Dropout = parse.GetValue(_dropout) ?? recipe.Dropout,
                InputDropout = parse.GetValue(_inputDropout) ?? recipe.InputDropout,
                MaxNorm = parse.GetValue(_maxNorm) ?? recipe.MaxNorm,
                BatchNormalization = OptionOf.IsOn(parse, _batchNorm) ?? recipe.BatchNormalization,
                HiddenNoise = parse.GetValue(_hiddenNoise) ?? (OptionOf.IsOn(parse, _batchNorm) is false ? 0 : recipe.HiddenNoise),
                LabelSmoothing = parse.GetValue(_labelSmoothing) ?? recipe.LabelSmoothing,
                AverageDecay = parse.GetValue(_averageDecay) ?? recipe.AverageDecay,
                Schedule = parse.GetValue(_schedule) ?? recipe.Schedule,
                ValidationFraction = parse.GetValue(_validation) ?? recipe.ValidationFraction,
                EarlyStoppingPatience = parse.GetValue(_patience) ?? recipe.EarlyStoppingPatience,
                PixelScaling = parse.GetValue(_scaling) ?? recipe.PixelScaling,
                Augmentation = parse.GetValue(_augment) is { } augment ? AugmentationText.Parse(augment) : recipe.Augmentation,
                Distillation = Distillation(parse),
                Seed = parse.GetValue(_seed) ?? recipe.Seed,
                Threads = parse.GetValue(_threads) ?? recipe.Threads,
            };

            // A recipe's warm-up gives way when fewer epochs are asked for, as its noise does without normalisation; one that is asked for does not.
            options = options with { WarmupEpochs = parse.GetValue(_warmup) ?? Math.Clamp(recipe.WarmupEpochs, 0, Math.Max(0, options.Epochs - 1)) };
            options.Validate();
            return options;
        }
        catch (ArgumentException error)
        {
            throw new DigitException(AsTyped(error.Message), error);
        }
    }

    /// <summary>The model to learn from; null for none.</summary>
    /// <exception cref="DigitException">The file cannot be read, or holds no such model.</exception>
    public Mlp? Teacher(ParseResult parse) => parse.GetValue(_teacher) is { } file ? ModelFile.Read(file, null) : null;

    private DistillationOptions? Distillation(ParseResult parse)
    {
        var (share, temperature) = (parse.GetValue(_teacherShare), parse.GetValue(_teacherTemperature));
        if (parse.GetValue(_teacher) is null)
        {
            return (share ?? temperature) is null ? null : throw new DigitException($"{(share is null ? _teacherTemperature : _teacherShare).Name} needs --teacher FILE, the model to learn from.");
        }

        var usual = new DistillationOptions();
        return usual with { Share = share ?? usual.Share, Temperature = temperature ?? usual.Temperature };
    }

    private static int[] ParseHidden(string text)
    {
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var units = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out units[i]))
            {
                throw new DigitException($"--hidden must be whole numbers with commas between, such as 128,32, or none; got '{text}'.");
            }
        }

        return units;
    }

    // The value in each recipe, so that help tells what leaving the option out means.
    private static string Values(Func<MlpOptions, object> of)
    {
        var values = RecipeNames.Select(name => (Name: name, Value: FormattableString.Invariant($"{of(RecipeOf(name))}"))).ToArray();
        return values.DistinctBy(recipe => recipe.Value).Count() == 1
            ? $"; default {values[0].Value}."
            : $"; default {string.Join(", ", values.Select(recipe => $"{recipe.Value} ({recipe.Name})"))}.";
    }

    private static MlpOptions RecipeOf(string name) => name.ToLowerInvariant() switch
    {
        ReaderName => ReaderTrainer.Recipe,
        CommitteeName => Recipes.Committee,
        var other when RecipeNames.Contains(other) => Recipes.ByName(other),
        _ => throw new ArgumentException($"Recipe must be one of {string.Join(", ", RecipeNames)}; got '{name}'."),
    };

    private static string ShapeOf(string recipe) => $"784-{string.Concat(RecipeOf(recipe).HiddenLayers.Select(units => Invariant($"{units}-")))}10";

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();

    /// <summary>A message of the library, which names its properties, in the words of the command line.</summary>
    public string AsTyped(string message) => OptionOf.AsTyped(message, _all);
}
