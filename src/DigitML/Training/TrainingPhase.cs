namespace DigitML.Training;

/// <summary>What a training run spends its time on, in the order it happens.</summary>
public enum TrainingPhase
{
    /// <summary>Splitting the images, finding the normalisation, allocating, initial weights.</summary>
    Setup,

    /// <summary>Drawing an epoch's order.</summary>
    Shuffle,

    /// <summary>Changing an epoch's images.</summary>
    Augmentation,

    /// <summary>Taking a batch's pictures in.</summary>
    Gather,

    /// <summary>Forward through all layers, ReLU and dropout included.</summary>
    Forward,

    /// <summary>Softmax, cross-entropy and its gradient.</summary>
    Loss,

    /// <summary>The gradients of all layers' inputs.</summary>
    InputGradient,

    /// <summary>The gradients of all weights and the optimizer's step.</summary>
    WeightUpdate,

    /// <summary>Waiting for the other threads.</summary>
    Waiting,

    /// <summary>Validating after an epoch.</summary>
    Validation,

    /// <summary>Progress reports, keeping the best weights, handing the model over.</summary>
    Other,
}
