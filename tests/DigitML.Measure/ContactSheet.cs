using DigitML.Pixels;

namespace DigitML.Measure;

/// <summary>Many pictures on one, to look at: each brought to a cell, mid-grey between.</summary>
internal static class ContactSheet
{
    public static GreyImage Make(IReadOnlyList<GreyImage> pictures, int columns, int cell)
    {
        var rows = (pictures.Count + columns - 1) / columns;
        var pitch = cell + 4;
        var sheet = new byte[columns * pitch * rows * pitch];
        sheet.AsSpan().Fill(110);
        for (var i = 0; i < pictures.Count; i++)
        {
            var side = (double)Math.Max(pictures[i].Width, pictures[i].Height);
            var width = Math.Max(1, (int)(pictures[i].Width * cell / side));
            var height = Math.Max(1, (int)(pictures[i].Height * cell / side));
            var bytes = Resampling.Area(pictures[i], width, height).ToBytes();
            for (var y = 0; y < height; y++)
            {
                bytes.AsSpan(y * width, width).CopyTo(sheet.AsSpan((((i / columns * pitch) + y) * columns * pitch) + (i % columns * pitch)));
            }
        }

        return new GreyImage(columns * pitch, rows * pitch, sheet);
    }
}
