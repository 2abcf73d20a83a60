namespace DigitML.Preprocessing;

/// <summary>One way to take a picture's ink as a digit.</summary>
/// <param name="Ink">The ink of the whole picture under the same assumptions.</param>
/// <param name="Box">The tight box around the pieces that are taken.</param>
/// <param name="Frame">[28, 28] as MNIST has it, 0 to 255.</param>
/// <param name="Prior">Log-odds of the assumptions, before the network has seen the frame.</param>
internal sealed record DigitCandidate(InkMap Ink, PixelBox Box, byte[] Frame, double Prior);
