using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using DigitML.Models;
using DigitML.Notebooks;

namespace DigitML.Cultures.Tests;

/// <summary>The compiler writes a record's numbers under the current culture, so records that show any write them themselves.</summary>
public class RecordTests
{
    [Theory]
    [InlineData(typeof(Mlp))]
    [InlineData(typeof(NotebookRunner))]
    public void ToString_EveryPublicRecordWithNumbers_IsNotTheCompilers(Type inAssembly)
    {
        var records = inAssembly.Assembly.GetExportedTypes().Where(type => PrintMembers(type) is not null).ToArray();

        var left = records.Where(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Any(property => IsNumber(property.PropertyType)) && IsCompilers(type));

        Assert.NotEmpty(records);
        Assert.Equal("", string.Join(", ", left.Select(type => type.Name).Order()));
    }

    private static MethodInfo? PrintMembers(Type type) =>
        type.GetMethod(nameof(PrintMembers), BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly, [typeof(StringBuilder)]);

    private static bool IsCompilers(Type type) =>
        type.GetMethod(nameof(ToString), BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly, Type.EmptyTypes)?.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;

    private static bool IsNumber(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is { IsEnum: false } plain
        && plain.GetInterfaces().Any(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(System.Numerics.ISignedNumber<>));
}
