using DigitML.Charts.Drawing;
using DigitML.Data;
using DigitML.Imaging;
using DigitML.IO;
using DigitML.Pixels;

namespace DigitML.Charts;

/// <summary>One picture of a gallery.</summary>
/// <param name="Png">A PNG file.</param>
/// <param name="Width">Of the picture it shows, in that picture's pixels.</param>
/// <param name="Height">Of the picture it shows, in that picture's pixels.</param>
/// <param name="Caption">Written below.</param>
/// <param name="Hover">Shown on pointing, one line each.</param>
/// <param name="IsWrong">Whether it is framed.</param>
internal sealed record PictureTile(byte[] Png, int Width, int Height, string Caption, string Hover, bool IsWrong);

/// <summary>Sets small pictures in rows, each with its caption.</summary>
internal static class PictureGrid
{
    private const int PicturesARow = 10;
    private const int LongestName = 11;
    private const int LongestPart = 5;

    /// <summary>How many times as large a small picture is stored, each pixel a square, so that no viewer blurs it.</summary>
    private const int Magnification = 4;

    public static Figure Draw(string title, string subtitle, PictureTile[] tiles)
    {
        const int cell = 78;
        const int caption = 22;
        var rows = (tiles.Length + PicturesARow - 1) / PicturesARow;
        var marks = new List<Mark>();
        for (var i = 0; i < tiles.Length; i++)
        {
            var (column, row, tile) = (i % PicturesARow, i / PicturesARow, tiles[i]);
            // The longer side takes the tile's width; the other one is centred.
            var scale = 68.0 / Math.Max(tile.Width, tile.Height);
            var (width, height) = (tile.Width * scale, tile.Height * scale);
            var left = (column * cell) + ((cell - width) / 2);
            var top = (row * (cell + caption)) + ((cell - height) / 2);
            marks.Add(new Picture { Png = tile.Png, X = left, Y = top, Width = width, Height = height, Hover = tile.Hover, Frame = tile.IsWrong ? Palette.Vermilion : null });
            marks.Add(new Label((column * cell) + (cell / 2.0), (row * (cell + caption)) + cell + 6, tile.Caption, tile.IsWrong ? Palette.Vermilion : Palette.Muted, 12, tile.IsWrong));
        }

        var (areaWidth, areaHeight) = (PicturesARow * cell, Math.Max(1, rows) * (cell + caption));
        var panel = new Panel(12, 62, areaWidth, areaHeight, Axis.Hidden(0, areaWidth), Axis.Hidden(areaHeight, 0), marks);
        return new Figure(title, subtitle, areaWidth + 24, areaHeight + 72, [panel]);
    }

    public static PictureTile Tile(LabelledImages images, int index, int? label, int? predicted, float? probability)
    {
        var isWrong = label is not null && predicted is not null && label != predicted;
        var (labelName, predictedName) = (NameOf(label), NameOf(predicted));
        var caption = isWrong ? $"{Short(labelName)} → {Short(predictedName)}" : Short(label is null ? predictedName : labelName);
        var hover = Invariant($"Image {index}")
            + (label is null ? "" : $"\ntrue {labelName}")
            + (predicted is null ? "" : Invariant($"\npredicted {predictedName}, {Percent.Sureness(probability ?? double.NaN)}"));
        return new PictureTile(InkPicture(images.Image(index), images.Width, images.Height), images.Width, images.Height, caption, hover, isWrong);

        string NameOf(int? @class) => @class is not { } number ? "" : number < images.ClassNames.Count ? images.ClassNames[number] : Invariant($"{number}");

        // A caption is as wide as its picture; pointing shows the whole name.
        string Short(string name) => name.Length <= (isWrong ? LongestPart : LongestName) ? name : $"{name[..((isWrong ? LongestPart : LongestName) - 1)]}…";
    }

    private static byte[] InkPicture(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var zoom = Zoom(width, height);
        var magnified = new byte[checked(width * height * zoom * zoom)];
        for (var i = 0; i < magnified.Length; i++)
        {
            var (x, y) = (i % (width * zoom) / zoom, i / (width * zoom) / zoom);
            magnified[i] = (byte)(255 - pixels[(y * width) + x]);
        }

        return PngEncoder.Encode(new GreyImage(width * zoom, height * zoom, magnified));
    }

    public static byte[] WeightPicture(ReadOnlySpan<float> weights, int width, int height)
    {
        var strongest = 0f;
        foreach (var weight in weights)
        {
            strongest = Math.Max(strongest, Math.Abs(weight));
        }

        var zoom = Zoom(width, height);
        var rgb = new byte[checked(width * height * zoom * zoom * 3)];
        for (var i = 0; i < rgb.Length / 3; i++)
        {
            var weight = weights[(i / (width * zoom) / zoom * width) + (i % (width * zoom) / zoom)];
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = Palette.Diverging(strongest > 0 ? weight / strongest : 0);
        }

        return PngEncoder.EncodeRgb(width * zoom, height * zoom, rgb);
    }

    private static int Zoom(int width, int height) => Math.Max(width, height) <= 64 ? Magnification : 1;
}
