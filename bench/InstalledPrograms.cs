namespace Authress.Bench;

/// <summary>InstalledPrograms that may be installed.</summary>
internal static class InstalledPrograms
{
    public static string? Node { get; } = Find("node");

    /// <summary>Whether AUTHRESS_JS names a folder in which Authress's JavaScript client is installed.</summary>
    public static bool HasJavaScriptClient { get; } =
        Environment.GetEnvironmentVariable("AUTHRESS_JS") is { Length: > 0 } folder && Directory.Exists(Path.Combine(folder, "node_modules", "@authress", "sdk"));

    private static string? Find(string name)
    {
        string file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }
}
