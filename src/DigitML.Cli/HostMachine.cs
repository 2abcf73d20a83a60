using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DigitML.Cli;

/// <summary>What a report says of where its figures were made.</summary>
internal static class HostMachine
{
    /// <summary>The commit that the command was built of; null when it does not say.</summary>
    public static string? Commit => typeof(HostMachine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : null;

    /// <summary>Processors, the widest vectors that are used, system and runtime.</summary>
    public static string Describe() => FormattableString.Invariant(
        $"{Environment.ProcessorCount} {(Environment.ProcessorCount == 1 ? "processor" : "processors")} ({RuntimeInformation.ProcessArchitecture}, vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
}
