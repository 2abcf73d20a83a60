using System.Globalization;
using System.Net;
using System.Text;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;
using DigitML.Reading;

namespace DigitML.Reports;

/// <summary>What was read in a picture, as a table for notebooks: each piece of ink as the network saw it, and the verdict.</summary>
internal static class ReadingTable
{
    /// <summary>The steps' pictures are shown side by side, this many a row.</summary>
    private const int StepsAcross = 2;

    /// <summary>The reading in one line.</summary>
    public static string Line(ReadingResult reading) => Invariant(
        $"read {Digits(reading)}, verdict {reading.Verdict.ToName()}, {reading.Digits.Count} pieces of ink in a picture of {reading.Width}×{reading.Height}");

    /// <summary>The reading as HTML.</summary>
    public static string Write(ReadingResult reading)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<p>Read <b>{WebUtility.HtmlEncode(Digits(reading))}</b>, verdict <b>{reading.Verdict.ToName()}</b>, in a picture of {reading.Width}×{reading.Height}.</p>\n");
        if (reading.Digits.Count > 0)
        {
            html.Append("<table><thead><tr><th>Ink</th><th>Digit</th><th>Probability</th><th>Runner-up</th><th>Verdict</th><th>Box</th></tr></thead><tbody>\n");
            foreach (var digit in reading.Digits)
            {
                html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Image(digit.Image)}</td><td>{digit.Digit}</td><td>{WebUtility.HtmlEncode(Percent.Sureness(digit.Probability))}</td><td>{digit.RunnerUp} ({WebUtility.HtmlEncode(Percent.Sureness(digit.RunnerUpProbability))})</td><td>{digit.Verdict.ToName()}</td><td>{digit.Box.Width}×{digit.Box.Height} at {digit.Box.X}, {digit.Box.Y}</td></tr>\n");
            }

            html.Append("</tbody></table>\n");
        }

        if (reading.Steps.Count > 0)
        {
            html.Append("<table>\n");
            foreach (var row in reading.Steps.Chunk(StepsAcross))
            {
                html.Append("<tr>").AppendJoin("", row.Select(step => $"""<td style="text-align: left">{Image(step.Picture)}<br>{WebUtility.HtmlEncode(step.Name)}</td>""")).Append("</tr>\n");
            }

            html.Append("</table>\n");
        }

        return html.ToString();
    }

    private static string Digits(ReadingResult reading) => reading.Text.Length == 0 ? "nothing" : reading.Text.ReplaceLineEndings(" / ");

    /// <summary>A picture as an element that carries its own data; small ones are shown larger, pixel by pixel.</summary>
    public static string Image(GreyImage image)
    {
        var scale = Math.Max(image.Width, image.Height) <= 64 ? 2 : 1;
        return Invariant(
            $"""<img src="data:image/png;base64,{Convert.ToBase64String(PngEncoder.Encode(image))}" width="{image.Width * scale}" height="{image.Height * scale}" alt="picture of {image.Width}×{image.Height}" style="image-rendering: pixelated">""");
    }
}
