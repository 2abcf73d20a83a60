using DigitML.Pixels;

namespace DigitML.Synthesis;

/// <summary>What is left wrong with ink after the steps before the frame: ragged edges, remains of lines, gaps, specks, lost parts.</summary>
internal static class Wear
{
    /// <summary>Makes edges ragged and strokes patchy, in place: smooth noise is added before a soft threshold.</summary>
    public static void Roughen(Plane ink, float depth, SeededRandom random)
    {
        var fine = new NoiseField(random, Math.Max(2, ink.Width / 2), Math.Max(2, ink.Height / 2));
        for (var y = 0; y < ink.Height; y++)
        {
            for (var x = 0; x < ink.Width; x++)
            {
                ref var value = ref ink.Values[(y * ink.Width) + x];
                if (value > 0.05f)
                {
                    var noisy = value + (depth * fine.At(x / (float)ink.Width, y / (float)ink.Height));
                    value = Math.Clamp(((noisy - 0.5f) * 2.5f) + 0.5f, 0f, 1f);
                }
            }
        }
    }

    /// <summary>A piece of a level or upright line, in place.</summary>
    public static void AddLine(Plane ink, SeededRandom random)
    {
        var isLevel = random.Chance(0.6);
        var along = isLevel ? ink.Width : ink.Height;
        var across = isLevel ? ink.Height : ink.Width;
        var length = (int)(along * random.Between(0.15f, 1f));
        var start = random.Next(along - length + 1);
        var place = random.Chance(0.7) ? (random.Chance(0.5) ? random.Next(3) : across - 1 - random.Next(3)) : random.Next(across);
        var thickness = Math.Max(1, (int)(across * random.Between(0.02f, 0.06f)));
        var strength = random.Between(0.3f, 1f);
        for (var i = start; i < start + length; i++)
        {
            for (var k = place; k < Math.Min(across, Math.Max(0, place) + thickness); k++)
            {
                ref var value = ref ink.Values[isLevel ? (Math.Max(0, k) * ink.Width) + i : (i * ink.Width) + Math.Max(0, k)];
                value = Math.Max(value, strength);
            }
        }
    }

    /// <summary>A zigzag across, as a crossing-out or a scratch leaves it, in place.</summary>
    public static void AddZigzag(Plane ink, SeededRandom random)
    {
        var corners = random.Next(3, 9);
        var width = Math.Max(0.8f, ink.Height * random.Between(0.02f, 0.06f));
        var strength = random.Between(0.4f, 1f);
        var middle = ink.Height * random.Between(0.25f, 0.75f);
        var swing = ink.Height * random.Between(0.03f, 0.15f);
        var slope = random.Between(-0.4f, 0.4f);
        for (var i = 0; i < corners; i++)
        {
            float X(int corner) => ink.Width * corner / (float)corners;
            float Y(int corner) => middle + (corner % 2 == 0 ? swing : -swing) + (slope * (X(corner) - (ink.Width / 2f)));
            PenStrokes.Line(ink, X(i), Y(i), X(i + 1), Y(i + 1), width, strength);
        }
    }

    /// <summary>A gap where a line was taken out, in place.</summary>
    public static void Erase(Plane ink, SeededRandom random)
    {
        var isLevel = random.Chance(0.7);
        var across = isLevel ? ink.Height : ink.Width;
        var thickness = Math.Max(1, (int)(across * random.Between(0.02f, 0.06f)));
        var place = random.Next(across - thickness + 1);
        for (var y = isLevel ? place : 0; y < (isLevel ? place + thickness : ink.Height); y++)
        {
            ink.Row(y)[(isLevel ? 0 : place)..(isLevel ? ink.Width : place + thickness)].Clear();
        }
    }

    /// <summary>A few spots near the digit, in place.</summary>
    public static void AddSpecks(Plane ink, SeededRandom random)
    {
        var count = random.Next(1, 5);
        for (var k = 0; k < count; k++)
        {
            var size = Math.Max(1, (int)(ink.Height * random.Between(0.02f, 0.08f)));
            var left = random.Next(ink.Width);
            var top = random.Next(ink.Height);
            for (var y = top; y < Math.Min(ink.Height, top + size); y++)
            {
                ink.Row(y)[left..Math.Min(ink.Width, left + size)].Fill(random.Between(0.4f, 1f));
            }
        }
    }

    /// <summary>Without a strip at one side.</summary>
    public static Plane CutOff(Plane ink, SeededRandom random)
    {
        var across = (int)(ink.Width * random.Between(0.05f, 0.14f));
        var down = (int)(ink.Height * random.Between(0.05f, 0.14f));
        return random.Next(4) switch
        {
            0 => ink.Crop(new PixelBox(across + 2, 0, ink.Width - across - 2, ink.Height)),
            1 => ink.Crop(new PixelBox(0, 0, ink.Width - across - 2, ink.Height)),
            2 => ink.Crop(new PixelBox(0, down + 2, ink.Width, ink.Height - down - 2)),
            _ => ink.Crop(new PixelBox(0, 0, ink.Width, ink.Height - down - 2)),
        };
    }
}
