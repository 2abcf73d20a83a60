using DigitML.Pixels;
using DigitML.Preprocessing;

namespace DigitML.Reading;

/// <summary>Finds the ink that a reading leaves out, and takes in again what its caller knows to be a digit's. Boxes are of the picture that is worked on.</summary>
internal static class LeftOut
{
    /// <summary>So many pieces are told, the largest.</summary>
    private const int Most = 100;

    /// <summary>What is smaller than this share of the digits' height, both ways, is dirt.</summary>
    private const double SmallShare = 0.42;

    /// <summary>Specks smaller than this share of the digits' height, both ways, are not told: they are crumbs of strokes.</summary>
    private const double CrumbShare = 0.06;

    /// <summary>What a reading of lines leaves out.</summary>
    /// <param name="ink">The ink that was read.</param>
    /// <param name="lines">How it was taken.</param>
    public static List<LeftOutInk> Of(InkMap ink, List<List<Segment>> lines)
    {
        List<InkPiece> taken = [.. lines.SelectMany(line => line).Where(segment => !segment.IsSkipped).Select(segment => segment.Piece)];
        return Of(ink, component => taken.Exists(piece => Holds(piece, component, ink.Components)), taken.ConvertAll(piece => piece.Box));
    }

    /// <summary>What a reading of one digit leaves out.</summary>
    /// <param name="candidate">What was taken.</param>
    public static List<LeftOutInk> Of(DigitCandidate candidate) => Of(candidate.Ink, candidate.Group.Contains, [candidate.Box]);

    /// <summary>Joins what is wanted and was left out to the nearest piece that was taken; without any it becomes one.</summary>
    /// <param name="classifier">Asked about what is joined.</param>
    /// <param name="ink">The ink that was read.</param>
    /// <param name="lines">How it was taken; left as it is.</param>
    /// <param name="isWanted">Whether what lies in a box is wanted.</param>
    public static List<List<Segment>> TakeIn(DigitClassifier classifier, InkMap ink, List<List<Segment>> lines, Predicate<PixelBox> isWanted)
    {
        List<List<Segment>> all = lines.ConvertAll(line => line.FindAll(segment => !(segment.IsSkipped && isWanted(segment.Piece.Box))));
        List<InkPiece> taken = [.. all.SelectMany(line => line).Select(segment => segment.Piece)];
        foreach (var component in ink.Components.All.Where(component => isWanted(component.Box) && !taken.Exists(piece => Holds(piece, component, ink.Components))))
        {
            var part = DigitGroups.InkOf(ink, ink.Components, [component], component.Box, isWhole: false);
            if (InkPiece.From(part, component.Box.X - 1, component.Box.Y - 1) is not { } piece)
            {
                continue;
            }

            var nearest = all.SelectMany((line, at) => line.Select((segment, i) => (Line: at, Index: i, segment.IsSkipped, Gap: Gap(segment.Piece.Box, piece.Box))))
                .Where(taking => !taking.IsSkipped)
                .OrderBy(taking => taking.Gap)
                .Cast<(int Line, int Index, bool IsSkipped, int Gap)?>()
                .FirstOrDefault();
            if (nearest is { } place)
            {
                all[place.Line][place.Index] = ToSegment(InkPiece.Join([all[place.Line][place.Index].Piece, piece]));
            }
            else
            {
                all.Add([ToSegment(piece)]);
            }
        }

        return all;

        Segment ToSegment(InkPiece piece) => new(piece, classifier.Classify(DigitFrame.Put(piece.Ink)), IsSkipped: false);
    }

    private static List<LeftOutInk> Of(InkMap ink, Func<InkComponent, bool> isTaken, List<PixelBox> taken)
    {
        var height = taken.Count == 0 ? 0 : taken.Select(box => box.Height).Order().ElementAt(taken.Count / 2);
        return
        [
            .. ink.Lines.Take(Most).Select(line => new LeftOutInk(line, LeftOutReason.Line)),
            .. ink.Visible.Where(component => Math.Max(component.Box.Width, component.Box.Height) >= CrumbShare * height && !isTaken(component)).OrderByDescending(component => component.Mass).Take(Math.Max(0, Most - ink.Lines.Count)).Select(component => new LeftOutInk(
                component.Box, Math.Max(component.Box.Width, component.Box.Height) < SmallShare * height ? LeftOutReason.Dirt : LeftOutReason.Other)),
        ];
    }

    /// <summary>Whether a piece has ink where a component has.</summary>
    private static bool Holds(InkPiece piece, InkComponent component, InkComponents components)
    {
        var (box, own) = (component.Box, piece.Box);
        for (var y = Math.Max(box.Y, own.Y); y < Math.Min(box.Bottom, own.Bottom); y++)
        {
            var row = piece.Ink.Row(y - own.Y + 1);
            for (var x = Math.Max(box.X, own.X); x < Math.Min(box.Right, own.Right); x++)
            {
                if (row[x - own.X + 1] > 0 && components.Labels[(y * components.Width) + x] == component.Label)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static int Gap(PixelBox a, PixelBox b) =>
        Math.Max(0, Math.Max(a.X, b.X) - Math.Min(a.Right, b.Right)) + Math.Max(0, Math.Max(a.Y, b.Y) - Math.Min(a.Bottom, b.Bottom));
}
