using System.Globalization;

namespace Authress.Emulator;

/// <summary>The program's command line.</summary>
internal sealed record CommandLine(EmulatorOptions Options, bool AsksForHelp)
{
    public const string Usage =
        """
        Usage: dotnet run --project src/Authress.Emulator -- [--port PORT] [--data FILE] [--latency MS]

          --port PORT    listen on this loopback port; 0 (the default) picks a free one
          --data FILE    keep the account in this file across restarts
          --latency MS   hold every answer back for so many milliseconds
        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">They are wrong; the message says how.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        EmulatorOptions options = new();
        HashSet<string> seen = [];
        Queue<string> rest = new(arguments);
        while (rest.TryDequeue(out string? argument))
        {
            if (argument is "--help" or "-h" or "-?")
                return new(options, AsksForHelp: true);

            string[] parts = argument.Split('=', 2);
            string name = parts[0];
            if (name is not ("--port" or "--data" or "--latency"))
                throw new FormatException($"There is no argument '{name}'.");
            if (!seen.Add(name))
                throw new FormatException($"{name} is given twice.");
            string value = parts.Length == 2 ? parts[1] : rest.TryDequeue(out string? next) ? next : "";
            options = name switch
            {
                "--port" => options with { Port = Number(name, value, ushort.MaxValue) },
                "--latency" => options with { Latency = TimeSpan.FromMilliseconds(Number(name, value, int.MaxValue)) },
                _ => options with { DataFile = value.Length > 0 ? value : throw new FormatException("--data needs a file.") },
            };
        }

        return new(options, AsksForHelp: false);
    }

    private static int Number(string name, string value, int largest) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= largest
            ? number
            : throw new FormatException($"{name} needs a whole number from 0 to {largest.ToString(CultureInfo.InvariantCulture)}.");
}
