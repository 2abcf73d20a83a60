using DigitML.Pixels;

namespace DigitML.Preprocessing;

/// <summary>
/// Finds what lies on the paper or beside it and reaches in from the picture's border, dark as ink and far broader than strokes: a thumb, a cup,
/// the edge of a table. A shadow is told from them by what is written in it.
/// </summary>
internal static class BorderObjects
{
    /// <summary>Smaller areas, as a share of the picture, are the ends of strokes.</summary>
    private const double LeastShare = 0.002;

    /// <summary>Paper that is darker by less than this is in the shade.</summary>
    private const float LeastDarkness = 0.25f;

    /// <summary>How far an object's edge is soft, in pixels.</summary>
    private const int Edge = 2;

    /// <summary>Where more than this share of the inside is ink, something is written on it.</summary>
    private const double MostInk = 0.005;

    /// <summary>How far corners reach beyond, as a share of the shorter side.</summary>
    private const double CornerShare = 0.12;

    /// <summary>Finds them.</summary>
    /// <param name="rest">The picture over the paper's brightness as it falls off: 1 for paper.</param>
    /// <param name="ground">The ground of that, strokes stepped over.</param>
    /// <param name="dark">From which darkness on ground is as dark as ink.</param>
    /// <returns>1 where an object or its edge is, else 0; null when there is none.</returns>
    public static Plane? Find(Plane rest, Plane ground, float dark)
    {
        var least = Math.Max(dark, LeastDarkness);
        var isDark = Array.ConvertAll(ground.Values, value => 1 - value >= least);
        if (!isDark.Contains(true))
        {
            return null;
        }

        var components = InkComponents.Find(isDark, ground.Width, ground.Height);
        var objects = components.All
            .Where(component => component.Area >= LeastShare * isDark.Length && DigitGroups.Touches(component, ground.Width, ground.Height))
            .Where(component => !IsWrittenOn(component, components, rest, ground, least))
            .Select(component => component.Label)
            .ToHashSet();
        return objects.Count == 0 ? null
            : Filters.Maximum(WithCorners(new Plane(ground.Width, ground.Height, Array.ConvertAll(components.Labels, label => objects.Contains(label) ? 1f : 0f)), rest, least), Edge);
    }

    /// <summary>With the dark places that hang on the objects: a ground that steps over strokes steps over corners too.</summary>
    private static Plane WithCorners(Plane objects, Plane rest, float least)
    {
        var dark = InkComponents.Find(Array.ConvertAll(rest.Values, value => 1 - value >= least), rest.Width, rest.Height);
        var held = dark.Labels.Where((label, i) => label != 0 && objects.Values[i] > 0).ToHashSet();
        var near = Filters.Maximum(objects, Math.Max(2, (int)(CornerShare * Math.Min(rest.Width, rest.Height))));
        return new Plane(rest.Width, rest.Height, [.. objects.Values.Select((value, i) => value > 0 || (near.Values[i] > 0 && held.Contains(dark.Labels[i])) ? 1f : 0f)]);
    }

    /// <summary>Whether there is ink within, away from the edge.</summary>
    private static bool IsWrittenOn(InkComponent component, InkComponents components, Plane rest, Plane ground, float dark)
    {
        var outside = new Plane(rest.Width, rest.Height, Array.ConvertAll(components.Labels, label => label == component.Label ? 0f : 1f));
        var near = Filters.Maximum(outside, Edge);
        int inside = 0, ink = 0;
        for (var i = 0; i < near.Values.Length; i++)
        {
            if (near.Values[i] == 0)
            {
                inside++;
                ink += 1 - (rest.Values[i] / Math.Max(ground.Values[i], 1e-3f)) >= dark / 2 ? 1 : 0;
            }
        }

        return ink > MostInk * inside;
    }
}
