using System.Globalization;
using System.Net;
using System.Text;
using DigitML.Imaging;
using DigitML.Reading;

namespace DigitML.Reports;

/// <summary>What was read in a picture, as a table for notebooks: each piece of ink as the network saw it, and the verdict.</summary>
internal static class ReadingTable
{
    public static string Write(Reading.Reading reading)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<p>Read <b>{WebUtility.HtmlEncode(reading.Text.Length == 0 ? "nothing" : reading.Text.ReplaceLineEndings(" / "))}</b>, verdict {reading.Verdict.ToName()}, in a picture of {reading.Width}×{reading.Height}.</p>\n");
        if (reading.Digits.Count > 0)
        {
            html.Append("<table><thead><tr><th>Ink</th><th>Digit</th><th>Probability</th><th>Runner-up</th><th>Verdict</th><th>Box</th></tr></thead><tbody>\n");
            foreach (var digit in reading.Digits)
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Image(digit.Image)}</td><td>{digit.Digit}</td><td>{100 * digit.Probability:0.0} %</td><td>{digit.RunnerUp} ({100 * digit.RunnerUpProbability:0.0} %)</td><td>{digit.Verdict.ToName()}</td><td>{digit.Box.Width}×{digit.Box.Height} at {digit.Box.X}, {digit.Box.Y}</td></tr>\n");
            }

            html.Append("</tbody></table>\n");
        }

        foreach (var step in reading.Steps)
        {
            html.Append($"<figure>{Image(step.Picture)}<figcaption>{WebUtility.HtmlEncode(step.Name)}</figcaption></figure>\n");
        }

        return html.ToString();
    }

    /// <summary>A picture as an element that carries its own data; small ones are shown larger, pixel by pixel.</summary>
    public static string Image(GreyImage image)
    {
        var scale = Math.Max(image.Width, image.Height) <= 64 ? 2 : 1;
        return FormattableString.Invariant(
            $"""<img src="data:image/png;base64,{Convert.ToBase64String(PngEncoder.Encode(image))}" width="{image.Width * scale}" height="{image.Height * scale}" alt="picture of {image.Width}×{image.Height}" style="image-rendering: pixelated">""");
    }
}
