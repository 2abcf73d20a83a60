using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>Ink that is taken together: a component, a part of one, or several of either.</summary>
/// <param name="Box">Where it is in the picture, its seam not counted.</param>
/// <param name="Ink">The box and one pixel more on each side, 0 the ground to 1 full ink.</param>
/// <param name="Mass">The sum of its ink.</param>
internal sealed record InkPiece(PixelBox Box, Plane Ink, double Mass)
{
    /// <summary>A piece from ink somewhere on a plane; null when there is none darker than a tenth.</summary>
    /// <param name="ink">0 the ground to 1 full ink.</param>
    /// <param name="left">Where the plane begins in the picture.</param>
    /// <param name="top">Where the plane begins in the picture.</param>
    public static InkPiece? From(Plane ink, int left, int top)
    {
        if (MnistFrame.TightBox(ink) is not { } box)
        {
            return null;
        }

        var mass = 0.0;
        foreach (var value in ink.Values)
        {
            mass += value;
        }

        var roomy = new PixelBox(box.X - 1, box.Y - 1, box.Width + 2, box.Height + 2);
        return new InkPiece(new PixelBox(box.X + left, box.Y + top, box.Width, box.Height), ink.Crop(roomy), mass);
    }

    /// <summary>Several pieces as one.</summary>
    public static InkPiece Join(IReadOnlyList<InkPiece> pieces)
    {
        if (pieces.Count == 1)
        {
            return pieces[0];
        }

        var box = pieces.Select(piece => piece.Box).Aggregate((a, b) => a.Union(b));
        var ink = new Plane(box.Width + 2, box.Height + 2);
        foreach (var piece in pieces)
        {
            for (var y = 0; y < piece.Ink.Height; y++)
            {
                var source = piece.Ink.Row(y);
                var target = ink.Row(y + piece.Box.Y - box.Y)[(piece.Box.X - box.X)..];
                for (var x = 0; x < source.Length; x++)
                {
                    target[x] = Math.Max(target[x], source[x]);
                }
            }
        }

        return new InkPiece(box, ink, pieces.Sum(piece => piece.Mass));
    }
}
