namespace Authress.Playground;

/// <summary>The playground's entry point.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        PlaygroundOptions options;
        try
        {
            options = PlaygroundOptions.Parse(arguments);
        }
        catch (UsageException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}{Environment.NewLine}{Environment.NewLine}{PlaygroundOptions.Usage}");
            return ExitCode.Usage;
        }

        if (options.ShowUsage)
        {
            Console.WriteLine(PlaygroundOptions.Usage);
            return ExitCode.Success;
        }

        return await new Playground(options).RunAsync();
    }
}
