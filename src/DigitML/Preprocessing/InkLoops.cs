using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>The closed loops of a piece of ink: ground that is surrounded by it, as in a zero or an eight.</summary>
internal sealed class InkLoops
{
    /// <summary>From here on, of full ink, a pixel is ink.</summary>
    public const float Threshold = 0.35f;

    private const int Ground = -1;

    private readonly int[] _labels;
    private readonly int _width;

    private InkLoops(int[] labels, int width, int count) => (_labels, _width, Count) = (labels, width, count);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Finds the loops.</summary>
    /// <param name="ink">0 the ground to 1 full ink; what touches the border of the plane is open.</param>
    public static InkLoops Find(Plane ink)
    {
        var labels = new int[ink.Values.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = ink.Values[i] < Threshold ? Ground : 0;
        }

        // What can be reached from the border is no loop; what is left is one after the other.
        var stack = new Stack<int>();
        for (var x = 0; x < ink.Width; x++)
        {
            Flood(x, 0);
            Flood(labels.Length - ink.Width + x, 0);
        }

        for (var y = 0; y < ink.Height; y++)
        {
            Flood(y * ink.Width, 0);
            Flood((y * ink.Width) + ink.Width - 1, 0);
        }

        var count = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] == Ground)
            {
                Flood(i, ++count);
            }
        }

        return new InkLoops(labels, ink.Width, count);

        void Flood(int from, int label)
        {
            Take(from, label);
            while (stack.TryPop(out var at))
            {
                var x = at % ink.Width;
                if (x > 0)
                {
                    Take(at - 1, label);
                }

                if (x < ink.Width - 1)
                {
                    Take(at + 1, label);
                }

                if (at >= ink.Width)
                {
                    Take(at - ink.Width, label);
                }

                if (at < labels.Length - ink.Width)
                {
                    Take(at + ink.Width, label);
                }
            }
        }

        void Take(int at, int label)
        {
            if (labels[at] == Ground)
            {
                labels[at] = label;
                stack.Push(at);
            }
        }
    }

    /// <summary>The loop that a pixel is in, from 1; 0 for ink and for open ground.</summary>
    public int At(int x, int y) => _labels[(y * _width) + x];

    /// <summary>How many loops a path from top to bottom goes through.</summary>
    /// <param name="path">A column for each row.</param>
    public int Crossed(ReadOnlySpan<int> path)
    {
        var crossed = 0;
        var seen = Count <= 64 ? 0UL : ulong.MaxValue;
        for (var y = 0; y < path.Length; y++)
        {
            var label = _labels[(y * _width) + path[y]];
            if (label > 0 && (seen & (1UL << (label & 63))) == 0)
            {
                seen |= 1UL << (label & 63);
                crossed++;
            }
        }

        return crossed;
    }
}
