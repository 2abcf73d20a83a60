using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>Which pieces of ink are the one digit that a picture shows.</summary>
internal static class DigitGroups
{
    /// <summary>Pieces of less ink than this share of the main one's are specks.</summary>
    private const double SpeckShare = 0.015;

    /// <summary>Pieces that touch the border count this much when the main one is sought: shadows, neighbours, boxes.</summary>
    private const double BorderShare = 0.3;

    /// <summary>A second main piece is tried when it has this share of the first one's weight.</summary>
    private const double RivalShare = 0.15;

    /// <summary>Pieces nearer than this share of the main one's longer side are taken to belong to it.</summary>
    private const double NearShare = 0.2;

    /// <summary>A digit that falls into more pieces is none; bounds the time that gravel and grass take.</summary>
    private const int MostPieces = 40;

    private const double AlonePrior = -0.2;

    /// <summary>Beside a digit's main piece what reaches the border is a box's or a neighbour's rather than another piece of it: it has to make the digit plainer.</summary>
    private const double BorderPiecePrior = -0.3;

    private const double LeftOverWeight = 3;

    private const double AllPrior = -0.8;

    /// <summary>The groups worth trying, each with its prior log-odds and what of them the ink costs that it leaves over.</summary>
    public static List<(List<InkComponent> Group, double Prior, double LeftOver)> Of(InkMap ink)
    {
        var (width, height) = (ink.Width, ink.Height);
        var groups = new List<(List<InkComponent> Group, double Prior, double LeftOver)>();
        var ranked = ink.Visible.OrderByDescending(component => Weight(component, width, height)).Take(2).ToList();
        if (ranked.Count == 0)
        {
            return groups;
        }

        foreach (var main in ranked)
        {
            var ratio = Weight(main, width, height) / Weight(ranked[0], width, height);
            if (ratio < RivalShare)
            {
                continue;
            }

            var prior = Math.Log(ratio);
            var large = ink.Components.All.Where(component => component.Mass >= SpeckShare * main.Mass).OrderByDescending(component => component.Mass).Take(MostPieces).ToList();
            var inner = large.Where(component => component == main || !Touches(component, width, height)).Sum(component => component.Mass);
            Add(Near(main, large), prior);
            Add([main], prior + AlonePrior);
            Add(large, prior + AllPrior);

            void Add(List<InkComponent> group, double ofGroup) =>
                AddNew(groups, group, ofGroup + (group.Exists(piece => piece != main && Touches(piece, width, height)) ? BorderPiecePrior : 0), inner);
        }

        return groups;
    }

    /// <summary>The tight box around a group.</summary>
    public static PixelBox BoxOf(List<InkComponent> group) => group.Select(component => component.Box).Aggregate((a, b) => a.Union(b));

    /// <summary>The ink of a group and its soft seam, without that of others; the whole picture when it has MNIST's size.</summary>
    /// <param name="ink">The ink of the picture.</param>
    /// <param name="components">Its pieces.</param>
    /// <param name="group">Those that are wanted.</param>
    /// <param name="box">Around them.</param>
    /// <param name="isWhole">Whether a picture of MNIST's size is given whole rather than the box and a pixel around it.</param>
    public static Plane InkOf(InkMap ink, InkComponents components, List<InkComponent> group, PixelBox box, bool isWhole = true)
    {
        var isWanted = new bool[components.All.Max(component => component.Label) + 1];
        foreach (var component in group)
        {
            isWanted[component.Label] = true;
        }

        var roomy = isWhole && ink.Width == MnistFrame.Side && ink.Height == MnistFrame.Side
            ? new PixelBox(0, 0, ink.Width, ink.Height)
            : new PixelBox(box.X - 1, box.Y - 1, box.Width + 2, box.Height + 2);
        var part = ink.Ink.Crop(roomy);
        for (var y = 0; y < part.Height; y++)
        {
            for (var x = 0; x < part.Width; x++)
            {
                var (px, py) = (x + roomy.X, y + roomy.Y);
                if (px >= 0 && py >= 0 && px < ink.Width && py < ink.Height && !Belongs(components, isWanted, px, py, ink.Height))
                {
                    part.Values[(y * part.Width) + x] = 0;
                }
            }
        }

        return part;
    }

    /// <summary>A pixel of the group, or of its seam: beside it and in no other piece.</summary>
    private static bool Belongs(InkComponents components, bool[] isWanted, int x, int y, int height)
    {
        var width = components.Width;
        var label = components.Labels[(y * width) + x];
        if (label != 0)
        {
            return isWanted[label];
        }

        for (var ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
        {
            for (var nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
            {
                if (isWanted[components.Labels[(ny * width) + nx]])
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static double Weight(InkComponent component, int width, int height) =>
        component.Mass * (Touches(component, width, height) ? BorderShare : 1);

    /// <summary>Whether a piece reaches the border of its picture.</summary>
    public static bool Touches(InkComponent component, int width, int height)
    {
        var box = component.Box;
        return box.X == 0 || box.Y == 0 || box.Right == width || box.Bottom == height;
    }

    /// <summary>The main piece and, again and again, what lies near the group so far.</summary>
    private static List<InkComponent> Near(InkComponent main, List<InkComponent> pieces)
    {
        var reach = NearShare * Math.Max(main.Box.Width, main.Box.Height);
        var group = new List<InkComponent> { main };
        var rest = pieces.Where(piece => piece != main).ToList();
        for (var i = 0; i < rest.Count;)
        {
            if (group.Any(member => Gap(member.Box, rest[i].Box) <= reach))
            {
                group.Add(rest[i]);
                rest.RemoveAt(i);
                i = 0;
            }
            else
            {
                i++;
            }
        }

        return group;
    }

    private static double Gap(PixelBox a, PixelBox b)
    {
        var across = Math.Max(0, Math.Max(a.X, b.X) - Math.Min(a.Right, b.Right));
        var down = Math.Max(0, Math.Max(a.Y, b.Y) - Math.Min(a.Bottom, b.Bottom));
        return Math.Sqrt(((double)across * across) + ((double)down * down));
    }

    /// <summary>Ink that the group leaves over counts against it, but for what touches the border.</summary>
    private static void AddNew(List<(List<InkComponent> Group, double Prior, double LeftOver)> groups, List<InkComponent> group, double prior, double mass)
    {
        var leftOver = LeftOverWeight * Math.Max(0, 1 - (group.Sum(component => component.Mass) / mass));
        if (!groups.Any(other => other.Group.Count == group.Count && other.Group.All(group.Contains)))
        {
            groups.Add((group, prior - leftOver, leftOver));
        }
    }
}
