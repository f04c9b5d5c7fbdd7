using System.Globalization;
using System.Runtime.InteropServices;

namespace Authress.Bench.Reports;

/// <summary>The machine of the measurements.</summary>
internal static class MachineDescription
{
    public static string Text { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores of {Processor()}, {Memory()} GB of memory, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}");

    private static double Memory() => Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9);

    private static string Processor()
    {
        const string linuxFile = "/proc/cpuinfo";
        string? name = File.Exists(linuxFile)
            ? File.ReadLines(linuxFile).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return name ?? "an unnamed processor";
    }
}
