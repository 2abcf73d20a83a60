using DigitML.Models;
using DigitML.Numerics;

namespace DigitML.Training;

/// <summary>Has a teacher answer to the images that train, as they are in an epoch.</summary>
/// <param name="teacher">Of as many inputs and classes.</param>
/// <param name="rows">Where the images are and the answers go.</param>
/// <param name="temperature">What softens the answers.</param>
/// <param name="isOnce">Whether the images are the same in every epoch.</param>
internal sealed class Teaching(Mlp teacher, ImageRows rows, float temperature, bool isOnce)
{
    private const int Piece = 256;
    private bool _isAsked;

    /// <summary>Asks. Cancelled, it leaves answers out: the epoch ends after its first batch.</summary>
    /// <param name="order">The images; those of no class are passed over.</param>
    /// <param name="team">Who asks.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public void Ask(int[] order, ThreadTeam team, CancellationToken cancellationToken)
    {
        if (_isAsked && isOnce)
        {
            return;
        }

        _isAsked = true;
        var (size, classes) = (rows.RowLength, rows.ClassCount);
        var pixels = Enumerable.Range(0, team.Size).Select(_ => new byte[Piece * size]).ToArray();
        var answers = Enumerable.Range(0, team.Size).Select(_ => new float[Piece * classes]).ToArray();
        team.RunPieces(order.Length, Piece, (member, start, count) =>
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            var images = order.AsSpan(start, count);
            var asked = 0;
            foreach (var image in images)
            {
                if (image < rows.FirstOutlier)
                {
                    rows.Images.Image(image).CopyTo(pixels[member].AsSpan(asked++ * size));
                }
            }

            // Each image's answer is the same whatever it is asked with, so that the order and the threads change nothing.
            var probabilities = answers[member].AsSpan(0, asked * classes);
            teacher.PredictBatch(pixels[member].AsSpan(0, asked * size), probabilities, threads: 1);
            foreach (var image in images)
            {
                if (image < rows.FirstOutlier)
                {
                    var answer = rows.Answers.AsSpan(image * classes, classes);
                    probabilities[..classes].CopyTo(answer);
                    TemperatureScaling.Apply(answer, temperature);
                    probabilities = probabilities[classes..];
                }
            }
        });
    }
}
