using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>Sorts the components of a picture into lines of digits, in reading order.</summary>
internal static class LineFinder
{
    /// <summary>Components lower than this share of the digits' height are small: dots, dashes, bars, fragments.</summary>
    private const double SmallShare = 0.42;

    /// <summary>Components higher than this many digits are none.</summary>
    private const double TallShare = 2.6;

    /// <summary>A component belongs to a line when this share of the lower one's height is common.</summary>
    private const double CommonShare = 0.45;

    /// <summary>Components lower than this share of the digits' height may hang below or stand above a line,</summary>
    private const double HangingShare = 0.75;

    /// <summary>when a digit is so near, as a share of that height.</summary>
    private const double BesideShare = 0.5;

    /// <summary>Components of less ink than this share of a digit's box are specks.</summary>
    private const double SpeckShare = 0.006;

    /// <summary>Ink at the border that fills so much of its box is an object's.</summary>
    private const double SolidShare = 0.5;

    /// <summary>What stands free of the border is a digit's, or part of one, from this share of the picture's height on.</summary>
    private const double LeastFreeShare = 0.04;

    /// <summary>More components than this are gravel; the largest are kept.</summary>
    private const int MostComponents = 3000;

    /// <summary>Finds the lines; empty without ink.</summary>
    public static List<TextLine> Find(InkMap ink)
    {
        var components = ink.Components;
        var known = components.All.OrderByDescending(component => component.Mass).Take(MostComponents).ToList();
        if (!ink.Visible.Any())
        {
            return [];
        }

        known = WithoutObjects(known, ink);
        var height = DigitHeight(known);
        var large = known.Where(component => component.Box.Height >= SmallShare * height && component.Box.Height <= TallShare * height).ToList();
        var small = known.Where(component => component.Box.Height < SmallShare * height && component.Mass >= SpeckShare * height * height).ToList();
        var lines = Chain(large);
        small.AddRange(TakeHanging(lines, height));
        foreach (var component in small)
        {
            Nearest(lines, component, height)?.Add(component);
        }

        return [.. lines
            .Select(line => Make(ink, components, line, height))
            .OfType<TextLine>()
            .OrderBy(line => line.Box.Y + (line.Box.Height / 2.0))];
    }

    /// <summary>
    /// Without what reaches into the picture from outside, such as a thumb, a shadow's corner or the edge of a table, where something stands
    /// free of the border beside it: strokes leave most of their box empty.
    /// </summary>
    private static List<InkComponent> WithoutObjects(List<InkComponent> components, InkMap ink)
    {
        if (!components.Exists(component => !Touches(component) && component.Box.Height >= LeastFreeShare * ink.Height))
        {
            return components;
        }

        return components.FindAll(component => !(Touches(component) && component.Mass >= SolidShare * component.Box.Width * component.Box.Height));

        bool Touches(InkComponent component) => DigitGroups.Touches(component, ink.Width, ink.Height);
    }

    /// <summary>The median height of components, each weighted by the square root of its ink: neither specks nor one blot decide.</summary>
    private static double DigitHeight(List<InkComponent> components)
    {
        var sorted = components.OrderBy(component => component.Box.Height).ToList();
        var half = sorted.Sum(component => Weight(component)) / 2;
        var seen = 0.0;
        foreach (var component in sorted)
        {
            seen += Weight(component);
            if (seen >= half)
            {
                return component.Box.Height;
            }
        }

        return sorted[^1].Box.Height;

        static double Weight(InkComponent component) => Math.Sqrt(component.Mass) * Math.Min(component.Box.Height, 3.0 * component.Box.Width);
    }

    /// <summary>From left to right, each component goes to the line whose last member shares most of its height; lines may rise or fall.</summary>
    private static List<List<InkComponent>> Chain(List<InkComponent> components)
    {
        var lines = new List<List<InkComponent>>();
        foreach (var component in components.OrderBy(component => component.Box.X))
        {
            List<InkComponent>? best = null;
            var most = CommonShare;
            foreach (var line in lines)
            {
                var common = line.TakeLast(3).Max(other => Common(other.Box, component.Box));
                if (common >= most)
                {
                    (best, most) = (line, common);
                }
            }

            if (best is null)
            {
                lines.Add([component]);
            }
            else
            {
                best.Add(component);
            }
        }

        return lines;
    }

    /// <summary>
    /// Takes lines away that are none: of pieces lower than a digit, each of which reaches into the height of a taller one beside it, as the commas of
    /// an amount do that hang below its digits.
    /// </summary>
    private static List<InkComponent> TakeHanging(List<List<InkComponent>> lines, double height)
    {
        var hanging = lines.FindAll(line => line.TrueForAll(component => component.Box.Height < HangingShare * height && lines.Exists(other => other != line && other.Exists(tall => IsBeside(component.Box, tall.Box)))));
        lines.RemoveAll(hanging.Contains);
        return [.. hanging.SelectMany(line => line)];

        bool IsBeside(PixelBox low, PixelBox tall) =>
            tall.Height >= HangingShare * height && Common(low, tall) > 0 && Math.Max(low.X, tall.X) - Math.Min(low.Right, tall.Right) < BesideShare * height;
    }

    private static double Common(PixelBox a, PixelBox b) =>
        (Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Y, b.Y)) / (double)Math.Min(a.Height, b.Height);

    /// <summary>The line in whose height, or close to it, a small component lies next to a larger one.</summary>
    private static List<InkComponent>? Nearest(List<List<InkComponent>> lines, InkComponent component, double height)
    {
        List<InkComponent>? best = null;
        var least = 0.8 * height;
        foreach (var line in lines)
        {
            foreach (var other in line)
            {
                var across = Math.Max(0, Math.Max(other.Box.X, component.Box.X) - Math.Min(other.Box.Right, component.Box.Right));
                var down = Math.Max(0, Math.Max(other.Box.Y, component.Box.Y) - Math.Min(other.Box.Bottom, component.Box.Bottom));
                var apart = across + (2.0 * down);
                if (apart < least && other.Box.Height >= SmallShare * height)
                {
                    (best, least) = (line, apart);
                }
            }
        }

        return best;
    }

    /// <summary>A line of few pieces does not tell how high its digits are; on a page with others they are hardly lower than those.</summary>
    private static TextLine? Make(InkMap ink, InkComponents components, List<InkComponent> line, double usualHeight)
    {
        var pieces = new List<InkPiece>();
        foreach (var component in line)
        {
            var box = component.Box;
            var part = DigitGroups.InkOf(ink, components, [component], box, isWhole: false);
            if (InkPiece.From(part, box.X - 1, box.Y - 1) is { } piece)
            {
                pieces.Add(piece);
            }
        }

        if (pieces.Count == 0)
        {
            return null;
        }

        pieces.Sort((a, b) => (a.Box.X + (a.Box.Width / 2.0)).CompareTo(b.Box.X + (b.Box.Width / 2.0)));
        return new TextLine(pieces, pieces.Count <= TextLine.FewPieces ? Math.Max(DigitHeight(line), usualHeight) : DigitHeight(line), pieces.Select(piece => piece.Box).Aggregate((a, b) => a.Union(b)));
    }
}

/// <summary>Pieces of ink that stand on one line.</summary>
/// <param name="Pieces">From left to right by their middles, small ones included.</param>
/// <param name="DigitHeight">The height of its digits, in pixels.</param>
/// <param name="Box">Around all its pieces.</param>
internal sealed record TextLine(IReadOnlyList<InkPiece> Pieces, double DigitHeight, PixelBox Box)
{
    /// <summary>So few pieces do not tell what is usual: the edge of an object or a hair is a line by itself. The page does.</summary>
    public const int FewPieces = 2;

    /// <summary>Whether the line has no more pieces than that.</summary>
    public bool IsShort => Pieces.Count <= FewPieces;
}
