using System.Text.Json;
using System.Text.Json.Serialization;

namespace DigitML.IO;

/// <summary>An enumeration as JSON: its name in camel case, never a number, which would change meaning with the order.</summary>
internal sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
