using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// Finds where touching digits may be parted: paths from top to bottom that cross as little ink as they can and give way
/// sideways to follow contours, as seams do (Avidan and Shamir 2007). Where two closed loops share a wall, as zeros that are written into one another
/// do, a path follows the wall's middle, so that both stay closed.
/// </summary>
internal static class CutFinder
{
    /// <summary>Paths start this share of the digits' height apart.</summary>
    private const double StepShare = 0.06;

    /// <summary>A path stays within this share of the digits' height on both sides of its start.</summary>
    private const double BandShare = 0.22;

    /// <summary>Two cuts are at least this share of the digits' height apart.</summary>
    private const double ApartShare = 0.16;

    /// <summary>Cuts through more strokes than this are not made.</summary>
    private const double MostInk = 2.2;

    /// <summary>Cuts along a wall may cross this many strokes before it begins and after it ends: a bar that joins zeros, and both their rims.</summary>
    private const double MostInkBesideWall = 3.3;

    /// <summary>A wall shorter than this share of the digits' height is a crossing.</summary>
    private const double LeastWallShare = 0.1;

    /// <summary>What a step sideways costs, in pixels of ink.</summary>
    private const float Sideways = 0.12f;

    /// <summary>Parts a piece at its best cuts.</summary>
    /// <param name="piece">Ink that may be several digits.</param>
    /// <param name="digitHeight">The height of digits on its line.</param>
    /// <param name="stroke">The width of strokes: cuts through much more are not made.</param>
    /// <returns>The parts from left to right, and what each cut between them does.</returns>
    public static (List<InkPiece> Parts, List<Cut> Cuts) Split(InkPiece piece, double digitHeight, double stroke)
    {
        var step = Math.Max(1, (int)(StepShare * digitHeight));
        var loops = InkLoops.Find(piece.Ink);
        var walls = loops.Count > 1 ? LoopWalls.Find(piece.Ink, loops, stroke) : null;
        var chosen = new List<(double Cost, int[] Path)>();
        foreach (var column in walls?.Columns ?? [])
        {
            var path = Seam(walls!.Costs, column, Math.Max(2, (int)(BandShare * digitHeight)));
            if (walls.InkOn(path) / stroke is var cost && cost <= MostInkBesideWall && walls.LengthOn(path) >= LeastWallShare * digitHeight && chosen.All(other => IsApart(other.Path, path, ApartShare * digitHeight)))
            {
                chosen.Add((cost, path));
            }
        }

        var paths = new List<(double Cost, int[] Path)>();
        for (var x = Math.Max(2, step); x < piece.Ink.Width - Math.Max(2, step); x += step)
        {
            var path = Seam(piece.Ink, x, Math.Max(2, (int)(BandShare * digitHeight)));
            var cost = CostOf(piece.Ink, path) / stroke;
            if (cost <= MostInk)
            {
                paths.Add((cost, path));
            }
        }

        foreach (var candidate in paths.OrderBy(path => path.Cost))
        {
            if (chosen.All(other => IsApart(other.Path, candidate.Path, ApartShare * digitHeight)))
            {
                chosen.Add(candidate);
            }
        }

        chosen.Sort((a, b) => a.Path.Sum().CompareTo(b.Path.Sum()));
        return Apply(piece, chosen, loops, walls, digitHeight);
    }

    private static (List<InkPiece> Parts, List<Cut> Cuts) Apply(InkPiece piece, List<(double Cost, int[] Path)> cuts, InkLoops loops, LoopWalls? walls, double digitHeight)
    {
        var parts = new List<InkPiece>();
        var made = new List<Cut>();
        Cut? pending = null;
        for (var k = 0; k <= cuts.Count; k++)
        {
            var part = new Plane(piece.Ink.Width, piece.Ink.Height);
            for (var y = 0; y < part.Height; y++)
            {
                var from = k == 0 ? 0 : cuts[k - 1].Path[y];
                var to = k == cuts.Count ? part.Width : cuts[k].Path[y];
                if (from < to)
                {
                    piece.Ink.Row(y)[from..to].CopyTo(part.Row(y)[from..to]);
                }
            }

            if (InkPiece.From(part, piece.Box.X - 1, piece.Box.Y - 1) is { } taken)
            {
                if (parts.Count > 0 && pending is not null)
                {
                    made.Add(pending);
                }

                parts.Add(taken);
            }

            pending = k < cuts.Count ? Describe(piece.Ink, loops, walls, cuts[k].Path, cuts[k].Cost, digitHeight) : null;
        }

        return (parts, made);
    }

    private static Cut Describe(Plane ink, InkLoops loops, LoopWalls? walls, int[] path, double cost, double digitHeight)
    {
        var crossings = 0;
        var wasInk = false;
        for (var y = 0; y < path.Length; y++)
        {
            var isInk = ink[path[y], y] >= InkLoops.Threshold;
            crossings += isInk && !wasInk ? 1 : 0;
            wasInk = isInk;
        }

        var middle = path.Average();
        return new Cut(cost, crossings, loops.Crossed(path), path.Average(x => Math.Abs(x - middle)) / digitHeight, (walls?.LengthOn(path) ?? 0) / digitHeight);
    }

    private static bool IsApart(int[] a, int[] b, double least)
    {
        var sum = 0.0;
        for (var y = 0; y < a.Length; y++)
        {
            sum += Math.Abs(a[y] - b[y]);
        }

        return sum / a.Length >= least;
    }

    /// <summary>The cheapest path within a band around a column, by dynamic programming from the top.</summary>
    private static int[] Seam(Plane ink, int column, int band)
    {
        var left = Math.Max(0, column - band);
        var right = Math.Min(ink.Width - 1, column + band);
        var width = right - left + 1;
        var costs = new float[width];
        var next = new float[width];
        var from = new sbyte[ink.Height * width];
        for (var i = 0; i < width; i++)
        {
            // Paths that stay near their column are preferred: others belong to its neighbours.
            costs[i] = Sideways * Math.Abs(left + i - column) * 0.5f;
        }

        for (var y = 0; y < ink.Height; y++)
        {
            var row = ink.Row(y);
            for (var i = 0; i < width; i++)
            {
                var best = costs[i];
                sbyte move = 0;
                if (i > 0 && costs[i - 1] + Sideways < best)
                {
                    (best, move) = (costs[i - 1] + Sideways, -1);
                }

                if (i < width - 1 && costs[i + 1] + Sideways < best)
                {
                    (best, move) = (costs[i + 1] + Sideways, 1);
                }

                next[i] = best + row[left + i];
                from[(y * width) + i] = move;
            }

            (costs, next) = (next, costs);
        }

        var at = 0;
        for (var i = 1; i < width; i++)
        {
            at = costs[i] < costs[at] || (costs[i] == costs[at] && Math.Abs(left + i - column) < Math.Abs(left + at - column)) ? i : at;
        }

        var path = new int[ink.Height];
        for (var y = ink.Height - 1; y >= 0; y--)
        {
            path[y] = left + at;
            at += from[(y * width) + at];
        }

        return path;
    }

    private static double CostOf(Plane ink, int[] path)
    {
        var sum = 0.0;
        for (var y = 0; y < path.Length; y++)
        {
            sum += ink[path[y], y];
        }

        return sum;
    }
}

/// <summary>What a cut through a piece of ink does.</summary>
/// <param name="Ink">The ink that it crosses, in strokes.</param>
/// <param name="Crossings">How many strokes it crosses.</param>
/// <param name="Loops">How many closed loops it opens.</param>
/// <param name="Bend">How far it strays from an upright line on average, as a share of the digits' height.</param>
/// <param name="Wall">How much of it follows a wall between two loops, as a share of the digits' height.</param>
internal sealed record Cut(double Ink, int Crossings, int Loops, double Bend, double Wall);
