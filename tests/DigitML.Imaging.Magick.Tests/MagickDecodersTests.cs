using DigitML.IO;
using DigitML.Tests.Imaging.Fuzzing;
using ImageMagick;

namespace DigitML.Imaging.Magick.Tests;

public class MagickDecodersTests
{
    private static readonly DecodeOptions s_all = new() { Decoders = MagickDecoders.All };

    /// <summary>What ImageMagick is asked for, as messages name it, and how far its grey may be off after the format's own loss.</summary>
    public static TheoryData<string, MagickFormat, int> Kinds => new()
    {
        { "JPEG", MagickFormat.Jpeg, 12 }, { "WebP", MagickFormat.WebP, 12 }, { "GIF", MagickFormat.Gif, 0 }, { "TIFF", MagickFormat.Tiff, 0 },
        { "AVIF", MagickFormat.Avif, 12 }, { "BMP", MagickFormat.Bmp, 0 }, { "BMP", MagickFormat.Bmp2, 0 }, { "PNM", MagickFormat.Ppm, 0 }, { "PNM", MagickFormat.Pam, 0 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_EachFormat_GivesTheGreyOfItsPng(string format, MagickFormat coder, int tolerance)
    {
        using var image = MadePictures.Stroke();
        var expected = ImageFile.Decode(image.ToByteArray(MagickFormat.Png)).Image;
        if (format == "JPEG")
        {
            image.ColorSpace = ColorSpace.CMYK;
        }

        image.Quality = 95;
        var decoded = ImageFile.Decode(image.ToByteArray(coder), s_all);

        Assert.Equal((format, 60, 40), (decoded.Format, decoded.FullWidth, decoded.FullHeight));
        Assert.InRange(LargestDifference(expected.Pixels, decoded.Image.Pixels), 0, tolerance);
    }

    [Fact]
    public void Decode_Heic_ShowsItsStroke()
    {
        var decoded = ImageFile.Decode(MagickSeeds.Heic, s_all);

        Assert.Equal(("HEIC", 24, 30), (decoded.Format, decoded.FullWidth, decoded.FullHeight));
        Assert.InRange(decoded.Image.Pixels[(15 * 24) + 11], 0, 20);
        Assert.InRange(decoded.Image.Pixels[(15 * 24) + 20], 235, 255);
    }

    [Theory]
    [InlineData(MagickFormat.Tiff)]
    [InlineData(MagickFormat.WebP)]
    [InlineData(MagickFormat.Jpeg)]
    public void Decode_EveryOrientation_IsTurnedUprightOnce(MagickFormat coder)
    {
        for (var orientation = 1; orientation <= 8; orientation++)
        {
            using var image = MadePictures.Stroke();
            image.ColorSpace = coder == MagickFormat.Jpeg ? ColorSpace.CMYK : ColorSpace.sRGB;
            image.Quality = 100;
            image.Orientation = (ImageMagick.Orientation)orientation;
            var profile = new ExifProfile();
            profile.SetValue(ExifTag.Orientation, (ushort)orientation);
            image.SetProfile(profile);

            var upright = ImageFile.Decode(image.ToByteArray(coder), s_all).Image;

            // Where the stroke lies says which way it was turned: rows first, as TIFF 6.0 counts.
            var expected = orientation switch { 1 or 5 => (false, false), 2 or 6 => (true, false), 3 or 7 => (true, true), _ => (false, true) };
            Assert.Equal(orientation >= 5 ? (40, 60) : (60, 40), (upright.Width, upright.Height));
            Assert.Equal((orientation, expected), (orientation, (InkOf(upright).X > upright.Width / 2, InkOf(upright).Y > upright.Height / 2)));
        }
    }

    [Theory]
    [InlineData(255)]
    [InlineData(1023)]
    [InlineData(4095)]
    [InlineData(16_383)]
    [InlineData(65_535)]
    public void Decode_SamplesOfFewerBitsIn16_AreSpreadOverAllGreys(int most)
    {
        // A ramp with noise, 23 pixels a row, whose brightest sample shows how many bits there were.
        var random = new Random(most);
        var grey = new byte[23 * 12];
        random.NextBytes(grey);
        grey[5] = 255;
        var samples = Array.ConvertAll(grey, value => (ushort)((value * most) / 255));
        foreach (var channels in new[] { 1, 3 })
        {
            ushort[] all = [.. samples.SelectMany(sample => Enumerable.Repeat(sample, channels))];
            var inverted = Array.ConvertAll(all, sample => (ushort)~sample);
            var files = new List<(string Kind, byte[] File)>();
            foreach (var isLittle in new[] { true, false })
            {
                foreach (var (isPacked, predictor) in new[] { (false, 1), (true, 1), (true, 2) })
                {
                    files.Add(($"TIFF {isLittle} {isPacked} {predictor}", WidePictures.Tiff(all, 23, channels, isLittle, isPacked, predictor, channels == 1 ? 1 : 2)));
                }
            }

            if (channels == 1)
            {
                files.Add(("TIFF of white as 0", WidePictures.Tiff(inverted, 23, 1, isLittle: true, isPacked: false, 1, 0)));
            }

            files.Add(("PNM", WidePictures.Pnm(all, 23, channels, isText: false, 65_535)));
            files.Add(("PNM in digits", WidePictures.Pnm(all, 23, channels, isText: true, 65_535)));
            foreach (var (kind, file) in files)
            {
                var decoded = ImageFile.Decode(file, s_all).Image;
                Assert.True(LargestDifference(grey, decoded.Pixels) <= 1, $"{kind}, {channels} channels: {LargestDifference(grey, decoded.Pixels)}");
            }
        }
    }

    [Fact]
    public void Decode_DarkTiffOf16BitsInPlanes_IsRefusedInOneLine()
    {
        // The entry of the predictor becomes that of planes: 2, each channel by itself.
        var file = WidePictures.Tiff(new ushort[60], 10, 1, isLittle: true, isPacked: false, predictor: 2, photometric: 1);
        BitConverter.GetBytes((ushort)284).CopyTo(file.AsSpan(file.Length - 4 - 12));

        Assert.StartsWith("TIFF of 16 bits a sample uses the lower ones alone, and is tiled, in planes", Assert.Throws<DigitException>(() => ImageFile.Decode(file, s_all)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_BlackOf16Bits_StaysBlack()
    {
        Assert.All(ImageFile.Decode(WidePictures.Tiff(new ushort[60], 10, 1, isLittle: true, isPacked: false, 1, 1), s_all).Image.Pixels.ToArray(), value => Assert.Equal(0, value));
        Assert.All(ImageFile.Decode(WidePictures.Pnm(new ushort[60], 10, 1, isText: false, 65_535), s_all).Image.Pixels.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Decode_Transparency_IsLaidOverWhiteAsOfPng()
    {
        using var image = MadePictures.Noise(31, 17, seed: 7, hasAlpha: true);
        var expected = ImageFile.Decode(image.ToByteArray(MagickFormat.Png)).Image;
        image.Settings.Compression = CompressionMethod.NoCompression;

        Assert.InRange(LargestDifference(expected.Pixels, ImageFile.Decode(image.ToByteArray(MagickFormat.Tiff), s_all).Image.Pixels), 0, 1);
    }

    [Fact]
    public void Decode_FilmOfFrames_GivesTheFirst()
    {
        using var frames = new MagickImageCollection([MadePictures.Stroke(), new MagickImage(MagickColors.Black, 60, 40)]);
        foreach (var coder in new[] { MagickFormat.Gif, MagickFormat.Tiff, MagickFormat.WebP })
        {
            Assert.InRange(ImageFile.Decode(frames.ToByteArray(coder), s_all).Image.Pixels[^1], 250, 255);
        }
    }

    [Theory]
    [InlineData(MagickFormat.Gif)]
    [InlineData(MagickFormat.WebP)]
    [InlineData(MagickFormat.Tiff)]
    [InlineData(MagickFormat.Avif)]
    [InlineData(MagickFormat.Bmp)]
    [InlineData(MagickFormat.Ppm)]
    public void Decode_LargerThanTheLimits_IsRefusedByItsHeader(MagickFormat coder)
    {
        using var image = MadePictures.Stroke();
        var file = image.ToByteArray(coder);

        var pixels = Assert.Throws<DigitException>(() => ImageFile.Decode(file, s_all with { Limits = new ImageLimits { MaximumPixels = 2_399 } }, "x"));
        var side = Assert.Throws<DigitException>(() => ImageFile.Decode(file, s_all with { Limits = new ImageLimits { MaximumSide = 59 } }, "x"));

        Assert.Contains("header claims 60×40 pixels; expected at most 2,399 pixels", pixels.Message, StringComparison.Ordinal);
        Assert.Contains("59 a side", side.Message, StringComparison.Ordinal);
        Assert.Equal(60, ImageFile.Decode(file, s_all with { Limits = new ImageLimits { MaximumPixels = 2_400, MaximumSide = 60 } }).FullWidth);
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"/>")]
    [InlineData("push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'https://127.0.0.1/x.png'\npop graphic-context")]
    [InlineData("<?xml version=\"1.0\"?><image><read filename=\"/etc/passwd\"/></image>")]
    [InlineData("%!PS-Adobe-3.0\nshowpage")]
    [InlineData("%PDF-1.4")]
    [InlineData("/* XPM */ static char *x[] = {\"1 1 1 1\", \"a c red\", \"a\"};")]
    [InlineData("id=ImageMagick version=1.0\nclass=DirectClass columns=1 rows=1\n")]
    [InlineData("8BPS\0\u0001")]
    [InlineData("https://127.0.0.1/x.gif")]
    [InlineData("@/etc/passwd")]
    public void Decode_WhatImageMagickCouldButMustNotRead_IsRefused(string content)
    {
        var error = Assert.Throws<DigitException>(() => ImageFile.Decode(System.Text.Encoding.Latin1.GetBytes(content), s_all, "x"));

        Assert.StartsWith("x: expected a picture (PNG, JPEG, WebP, GIF, TIFF, HEIC, AVIF, BMP, PNM) but this is ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GIF89a")]
    [InlineData("II*\0")]
    [InlineData("RIFF\u0010\0\0\0WEBP")]
    public void Decode_AnotherFormatBehindASignature_StaysWithTheSignaturesCoder(string signature)
    {
        byte[] file = [.. System.Text.Encoding.Latin1.GetBytes(signature), .. "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"/etc/passwd\"/></svg>"u8];

        Assert.DoesNotContain('\n', Assert.Throws<DigitException>(() => ImageFile.Decode(file, s_all)).Message);
    }

    [Theory]
    [InlineData("JPEG")]
    [InlineData("WebP")]
    [InlineData("GIF")]
    [InlineData("TIFF")]
    [InlineData("AVIF")]
    [InlineData("BMP")]
    public void Decode_HalfOfAFile_IsRefusedOrWhole(string format)
    {
        foreach (var seed in MagickSeeds.For(format))
        {
            Assert.Throws<DigitException>(() => ImageFile.Decode(seed.Bytes.AsMemory(0, seed.Bytes.Length / 2), s_all));
        }
    }

    public static TheoryData<string> Formats => ["JPEG", "WebP", "GIF", "TIFF", "HEIC", "AVIF", "BMP", "PNM"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_DamagedFiles_GivesAPictureOrOneLine(string format)
    {
        const int share = 1_000;
        var decoder = MagickDecoders.All.First(candidate => candidate.Format == format && candidate is MagickImageDecoder);
        Assert.All(MagickSeeds.For(format), seed => decoder.Decode(seed.Bytes, s_all));

        var report = new FuzzRun(decoder, new FuzzMutator(MagickSeeds.For(format), 47)).Run(0, share, threads: 1);

        Assert.Empty(report.Findings);
        Assert.InRange(report.Read, 1, share - 1);
    }

    [Fact]
    public void BuiltIn_CmykJpeg_NamesThePackageToAdd()
    {
        var file = MagickSeeds.For("JPEG")[0].Bytes;

        Assert.Contains("DigitML.Imaging.Magick", Assert.Throws<DigitException>(() => ImageFile.Decode(file)).Message, StringComparison.Ordinal);
    }

    private static int LargestDifference(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found)
    {
        Assert.Equal(expected.Length, found.Length);
        var largest = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(expected[i] - found[i]));
        }

        return largest;
    }

    private static (double X, double Y) InkOf(Pixels.GreyImage image)
    {
        double x = 0, y = 0, ink = 0;
        for (var i = 0; i < image.Pixels.Length; i++)
        {
            var dark = 255 - image.Pixels[i];
            (x, y, ink) = (x + (dark * (i % image.Width)), y + (dark * (i / image.Width)), ink + dark);
        }

        return (x / ink, y / ink);
    }
}
