using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// The walls that closed loops of a piece of ink share side by side: a path along a wall's middle parts two digits and leaves both closed, where one
/// across it opens them.
/// </summary>
internal sealed class LoopWalls
{
    /// <summary>A wall is at most so many strokes thick: two strokes side by side, and what they leave between.</summary>
    private const double MostStrokes = 2.6;

    /// <summary>What a pixel of a wall's middle costs a path.</summary>
    private const float MiddleCost = 0.05f;

    /// <summary>What a pixel of a loop costs, so that a path follows the wall rather than open one.</summary>
    private const float LoopCost = 0.5f;

    private readonly Plane _ink;
    private readonly bool[] _isMiddle;

    private LoopWalls(Plane ink, Plane costs, bool[] isMiddle, IReadOnlyList<int> columns) => (_ink, Costs, _isMiddle, Columns) = (ink, costs, isMiddle, columns);

    /// <summary>What each pixel costs a path that wants to part the loops.</summary>
    public Plane Costs { get; }

    /// <summary>The mean column of each wall, from the longest to the shortest.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>Finds them.</summary>
    /// <param name="ink">0 the ground to 1 full ink.</param>
    /// <param name="loops">Its loops.</param>
    /// <param name="stroke">The width of its strokes, in pixels.</param>
    public static LoopWalls Find(Plane ink, InkLoops loops, double stroke)
    {
        var costs = new Plane(ink.Width, ink.Height);
        var isMiddle = new bool[ink.Values.Length];
        var walls = new SortedDictionary<(int Left, int Right), (int Rows, int Sum)>();
        for (var y = 0; y < ink.Height; y++)
        {
            // The loop that was left last in this row, and where.
            var (left, end) = (0, 0);
            for (var x = 0; x < ink.Width; x++)
            {
                var label = loops.At(x, y);
                costs.Row(y)[x] = label > 0 ? LoopCost : ink[x, y];
                if (label > 0)
                {
                    if (left > 0 && left != label && x - end - 1 <= MostStrokes * stroke)
                    {
                        var middle = (end + x) / 2;
                        costs.Row(y)[middle] = MiddleCost;
                        isMiddle[(y * ink.Width) + middle] = true;
                        var (rows, sum) = walls.GetValueOrDefault((left, label));
                        walls[(left, label)] = (rows + 1, sum + middle);
                    }

                    (left, end) = (label, x);
                }
                else if (ink[x, y] < InkLoops.Threshold)
                {
                    left = 0;
                }
            }
        }

        return new LoopWalls(ink, costs, isMiddle, [.. walls.Values.OrderByDescending(wall => wall.Rows).Select(wall => wall.Sum / wall.Rows)]);
    }

    /// <summary>How many rows of a path follow a wall.</summary>
    /// <param name="path">A column for each row.</param>
    public int LengthOn(int[] path)
    {
        var length = 0;
        for (var y = 0; y < path.Length; y++)
        {
            length += _isMiddle[(y * _ink.Width) + path[y]] ? 1 : 0;
        }

        return length;
    }

    /// <summary>The ink that a path crosses where it follows no wall.</summary>
    public double InkOn(int[] path)
    {
        var sum = 0.0;
        for (var y = 0; y < path.Length; y++)
        {
            sum += _isMiddle[(y * _ink.Width) + path[y]] ? 0 : _ink[path[y], y];
        }

        return sum;
    }
}
