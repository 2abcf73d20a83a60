namespace DigitML.Numerics;

/// <summary>Which rule an update kernel applies.</summary>
internal enum UpdateKind
{
    /// <summary>Adam or, with decay, AdamW.</summary>
    Adam,

    /// <summary>SGD with Nesterov momentum.</summary>
    Nesterov,

    /// <summary>Nothing moves; the gradient is stored where the first moment would be. For checks.</summary>
    Capture,
}

/// <summary>The numbers of one update, the same for every weight.</summary>
internal readonly record struct UpdateStep
{
    /// <summary>The rule.</summary>
    public required UpdateKind Kind { get; init; }

    /// <summary>Adam: learning rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ). Nesterov: learning rate.</summary>
    public float Rate { get; init; }

    /// <summary>Adam's β₁, or Nesterov's momentum.</summary>
    public float Beta1 { get; init; }

    /// <summary>Adam's β₂.</summary>
    public float Beta2 { get; init; }

    /// <summary>Adam's ε.</summary>
    public float Epsilon { get; init; }

    /// <summary>1 − learning rate · weight decay: what is left of a weight before its step; 1 for none.</summary>
    public float Keep { get; init; }

    /// <summary>What the moving average takes of each new weight, where a layer has one.</summary>
    public float AverageShare { get; init; }
}
