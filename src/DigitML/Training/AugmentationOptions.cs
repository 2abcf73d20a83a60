using System.Text.Json.Serialization;
using DigitML.IO;

namespace DigitML.Training;

/// <summary>
/// How far training images are changed, each time anew, so that a network learns the digit and not one hand's or one
/// camera's way of showing it. All zero changes nothing.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Greatest turn either way.</summary>
    /// <value>0. Degrees, 0 to 180.</value>
    public float RotationDegrees { get; init; }

    /// <summary>Greatest horizontal shear either way: pixels sideways for each pixel up.</summary>
    /// <value>0. 0 to 1.</value>
    public float Slant { get; init; }

    /// <summary>Greatest change of size either way, as a share of the size; drawn for width and height apart.</summary>
    /// <value>0. 0 to below 1.</value>
    public float Scale { get; init; }

    /// <summary>Greatest move either way, in pixels; drawn for both directions apart.</summary>
    /// <value>0. 0 to 1,000.</value>
    public float Shift { get; init; }

    /// <summary>
    /// Elastic deformation (Simard, Steinkraus and Platt 2003): the deviation in pixels of a smooth field of random displacements.
    /// </summary>
    /// <value>0. 0 to 100.</value>
    public float Elastic { get; init; }

    /// <summary>
    /// Elastic deformation as Simard, Steinkraus and Platt 2003 have it: random displacements of each pixel, uniform in ±1, smoothed by a Gaussian
    /// of <see cref="ElasticSigma"/> and multiplied by this; 34 in their paper. The field's deviation is about alpha / (6.1 sigma) pixels.
    /// </summary>
    /// <value>0. 0 to 10,000.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float ElasticAlpha { get; init; }

    /// <summary>The deviation in pixels of the Gaussian that smooths <see cref="ElasticAlpha"/>'s displacements; 4 in their paper.</summary>
    /// <value>0. 0.5 to 50 with <see cref="ElasticAlpha"/>, else 0.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float ElasticSigma { get; init; }

    /// <summary>
    /// Mixes each image and its label with another's (Zhang et al. 2018); the shares are drawn from the beta distribution with both parameters this,
    /// and the greater is the image's own. 0.2 to 0.4 in their paper. Images of no class stay as they are.
    /// </summary>
    /// <value>0: nothing is mixed. 0 to 100.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float Mixup { get; init; }

    /// <summary>Greatest change of stroke width either way: 1 takes or adds about a pixel on every side.</summary>
    /// <value>0. 0 to 4.</value>
    public float StrokeWidth { get; init; }

    /// <summary>Greatest blur, in passes of a 3×3 binomial filter; a third of the images get some.</summary>
    /// <value>0. 0 to 8.</value>
    public float Blur { get; init; }

    /// <summary>Greatest loss of ink's brightness, as a share; a third of the images get some.</summary>
    /// <value>0. 0 to 1.</value>
    public float Fading { get; init; }

    /// <summary>Deviation of grey noise around the strokes, in grey values; a fifth of the images get some.</summary>
    /// <value>0. 0 to 255.</value>
    public float Noise { get; init; }

    /// <summary>Share of images with what is left of a ruled line or a frame, or with a few specks.</summary>
    /// <value>0. 0 to 1.</value>
    public float Remains { get; init; }

    /// <summary>Throws when an option is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the option, its range and what was given.</exception>
    public void Validate()
    {
        Require(RotationDegrees, 180, nameof(RotationDegrees));
        Require(Slant, 1, nameof(Slant));
        Require(Scale, 0.99f, nameof(Scale));
        Require(Shift, 1_000, nameof(Shift));
        Require(Elastic, 100, nameof(Elastic));
        Require(ElasticAlpha, 10_000, nameof(ElasticAlpha));
        if (ElasticAlpha > 0 ? !(ElasticSigma is >= 0.5f and <= 50) : ElasticSigma != 0)
        {
            throw new ArgumentException(FormattableString.Invariant($"Augmentation.{nameof(ElasticSigma)} must be {(ElasticAlpha > 0 ? "0.5 to 50" : $"0 without {nameof(ElasticAlpha)}")}; got {ElasticSigma}."));
        }

        Require(Mixup, 100, nameof(Mixup));
        Require(StrokeWidth, 4, nameof(StrokeWidth));
        Require(Blur, 8, nameof(Blur));
        Require(Fading, 1, nameof(Fading));
        Require(Noise, 255, nameof(Noise));
        Require(Remains, 1, nameof(Remains));
    }

    private static void Require(float value, float highest, string option)
    {
        // Written so that NaN fails as well.
        if (!(value >= 0 && value <= highest))
        {
            throw new ArgumentException(FormattableString.Invariant($"Augmentation.{option} must be 0 to {highest}; got {value}."));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => InvariantText.OfRecord(nameof(AugmentationOptions), PrintMembers);
}
