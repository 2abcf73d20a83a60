using System.Diagnostics.CodeAnalysis;

namespace DigitML;

/// <summary>
/// Names what renders a type in notebooks. .NET Interactive and <c>digitml notebook</c> look for an attribute of this name
/// with these properties, whoever declares it, so no package is needed.
/// </summary>
/// <param name="formatterSourceType">Has a public constructor without parameters and <c>CreateTypeFormatters()</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = true)]
internal sealed class TypeFormatterSourceAttribute(
    [DynamicallyAccessedMembers(TypeFormatterSourceAttribute.Needed)] Type formatterSourceType) : Attribute
{
    private const DynamicallyAccessedMemberTypes Needed = DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods;

    /// <summary>What renders the type.</summary>
    [DynamicallyAccessedMembers(Needed)]
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>What a notebook shows when nothing else is asked for, best first.</summary>
    public string[]? PreferredMimeTypes { get; set; }
}
