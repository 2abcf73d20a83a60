using System.Text;
using DigitML.Tests.Imaging.Fuzzing;
using ImageMagick;

namespace DigitML.Imaging.Magick.Tests;

/// <summary>The small sound files that fuzzing starts from; all are made here, but for HEIC, which ImageMagick only reads.</summary>
internal static class MagickSeeds
{
    /// <summary>A stroke on white of 24×30 pixels, drawn and packed as HEIC for this file.</summary>
    public static readonly byte[] Heic = Convert.FromBase64String(
        "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAa1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAACAAAA" +
        "EGlkYXQAAAAAABgAHgAAADhpbG9jAQAAAERAAAIAAQAAAAAAAAHRAAEAAAAAAAAAZgACAAEAAAAAAAAAAQAAAAAAAAAIAAAAOGlpbmYAAAAAAAIAAAAVaW5m" +
        "ZQIAAAEAAQAAaHZjMQAAAAAVaW5mZQIAAAAAAgAAZ3JpZAAAAADYaXBycAAAALZpcGNvAAAAdmh2Y0MBA3AAAAAAAAAAAAAe8AD8/fj4AAAPAyAAAQAYQAEM" +
        "Af//A3AAAAMAkAAAAwAAAwAeugJAIQABACpCAQEDcAAAAwCQAAADAAADAB6gIIEFluqumubgQEDAgAAAAwCAAAADAIQiAAEABkQBwXPBiQAAABRpc3BlAAAA" +
        "AAAAAEAAAABAAAAAFGlzcGUAAAAAAAAAGAAAAB4AAAAQcGl4aQAAAAADCAgIAAAAGmlwbWEAAAAAAAAAAgABAoECAAICA4QAAAAaaXJlZgAAAAAAAAAOZGlt" +
        "ZwACAAEAAQAAAG5tZGF0AAAAYigBrxMhrHiI5fqHp/nAKGjCqHMNP8aXyXaAeDoJhj3EbczZKs4JV0Y4eWUW5ZDVja6aFjDQrypvuXDaU40OyXKqXRzYljla" +
        "tu2+Ma9NtC5icrx4LJNqbADQMNaPwOnZwbZv");

    /// <summary>The seeds of a format.</summary>
    /// <param name="format">As the decoder names it.</param>
    public static FuzzSeed[] For(string format) => format switch
    {
        "JPEG" => [.. Written([(MagickFormat.Jpeg, CompressionMethod.JPEG), (MagickFormat.Pjpeg, CompressionMethod.JPEG)], ColorSpace.CMYK)],
        "WebP" => [.. Written([(MagickFormat.WebP, CompressionMethod.WebP), (MagickFormat.WebP, CompressionMethod.Undefined)])],
        "GIF" => [.. Written([(MagickFormat.Gif, CompressionMethod.LZW), (MagickFormat.Gif87, CompressionMethod.LZW)])],
        "TIFF" => [.. Written([(MagickFormat.Tiff, CompressionMethod.NoCompression), (MagickFormat.Tiff, CompressionMethod.LZW), (MagickFormat.Tiff, CompressionMethod.Zip), (MagickFormat.Tiff, CompressionMethod.JPEG), (MagickFormat.Tiff, CompressionMethod.RLE), (MagickFormat.Tiff64, CompressionMethod.NoCompression)]), .. WideTiffs()],
        "HEIC" => [Cut(Heic)],
        "AVIF" => [.. Written([(MagickFormat.Avif, CompressionMethod.Undefined)])],
        "BMP" => [.. Bmp()],
        "PNM" => [.. Pnm()],
        _ => throw new ArgumentException($"No seeds for {format}.", nameof(format)),
    };

    private static IEnumerable<FuzzSeed> Written((MagickFormat Format, CompressionMethod Compression)[] kinds, ColorSpace colors = ColorSpace.sRGB)
    {
        for (var i = 0; i < 2 * kinds.Length; i++)
        {
            using var image = MadePictures.Noise(17 + i, 11, 500 + i, hasAlpha: i % 2 == 0 && colors != ColorSpace.CMYK);
            image.ColorSpace = colors;
            image.Quality = i % 2 == 0 ? 100u : 60u;
            image.Settings.Compression = kinds[i / 2].Compression;
            yield return Cut(image.ToByteArray(kinds[i / 2].Format));
        }
    }

    /// <summary>In eight parts, so that headers and pixels are met alike.</summary>
    private static FuzzSeed Cut(byte[] file) => new(file, [0, .. new[] { 1, 2, 4, 8, 16, 32, 64 }.Select(part => file.Length * part / 100), file.Length]);

    private static IEnumerable<FuzzSeed> WideTiffs()
    {
        ushort[] dark = [.. Enumerable.Range(0, 9 * 7 * 3).Select(i => (ushort)(i % 256))];
        yield return Cut(WidePictures.Tiff(dark[..63], 9, 1, isLittle: true, isPacked: false, predictor: 1, photometric: 1));
        yield return Cut(WidePictures.Tiff(dark, 9, 3, isLittle: false, isPacked: true, predictor: 2, photometric: 2));
    }

    private static IEnumerable<FuzzSeed> Bmp()
    {
        var random = new Random(300);
        (int Header, int Depth, int Compression, uint[]? Masks)[] kinds =
        [
            (12, 1, 0, null), (12, 4, 0, null), (12, 8, 0, null), (12, 24, 0, null),
            (40, 1, 0, null), (40, 4, 0, null), (40, 8, 0, null), (40, 16, 0, null), (40, 24, 0, null), (40, 32, 0, null),
            (40, 16, 3, [0xF800, 0x07E0, 0x001F]), (52, 16, 3, [0x0F00, 0x00F0, 0x000F]),
            (56, 32, 3, [0xFF, 0xFF00, 0xFF0000, 0xFF000000]), (64, 8, 0, null), (108, 32, 3, [0x3FF00000, 0xFFC00, 0x3FF, 0xC0000000]), (124, 4, 0, null),
        ];
        foreach (var (header, depth, compression, masks) in kinds)
        {
            var palette = new byte[depth > 8 ? 0 : Math.Min(20, 1 << depth) * (header == 12 ? 3 : 4)];
            if (header == 12 && depth <= 8)
            {
                palette = new byte[3 << depth];
            }

            var pixels = new byte[((7 * depth) + 31) / 32 * 4 * 5];
            random.NextBytes(palette);
            if (depth > 8)
            {
                random.NextBytes(pixels);
            }

            var file = TestBmp.Build(header, 7, header > 12 && depth % 3 == 0 ? -5 : 5, depth, compression, palette, pixels, masks);
            yield return new FuzzSeed(file, [0, 14, 18, 26, 14 + header, file.Length - pixels.Length, file.Length]);
        }

        foreach (var (depth, compression, hex) in new[] { (4, 2, "0512000000051234500001340000069900000001") })
        {
            var palette = new byte[4 << depth];
            random.NextBytes(palette);
            var pixels = Convert.FromHexString(hex);
            var file = TestBmp.Build(40, 6, 3, depth, compression, palette, pixels);
            yield return new FuzzSeed(file, [0, 14, 18, 26, 54, file.Length - pixels.Length, file.Length]);
        }
    }

    private static IEnumerable<FuzzSeed> Pnm()
    {
        string[] files =
        [
            "P1\n# a comment\n7 3\n010101010101010101010\n", "P2 5 2 255\n1 2 3 4 5 6 77 88 99 255\n", "P2\n3 2\n65535\n0 1 9 500 65535 30000\n",
            "P3 2 2 255 255 0 0  0 255 0  0 0 255  9 9 9\n", "P3 1 2 1000 1 2 3 999 1000 500", "P4 9 2\n\u00AA\u0080\u0055\u0000",
            "P5 5 2 255\nabcdefghij", "P5\n#x\n2 3 400\n\u0000a\u0001b\u0000c\u0001d\u0000e\u0000f", "P6 2 2 255\nabcdefghijkl", "P6 1 2 65535\nabcdefghijkl", "P5 3 2 65535\n\0a\0b\0c\0d\0e\0f", "P3 1 2 65535 1 2 3 255 100 50",
        ];
        foreach (var text in files)
        {
            var file = Encoding.Latin1.GetBytes(text);

            // Half of the parts within the header, half within the pixels.
            var header = file.Length / 2;
            yield return new FuzzSeed(file, [0, 2, header / 2, header, header + ((file.Length - header) / 3), header + ((file.Length - header) / 2), file.Length]);
        }
    }
}
