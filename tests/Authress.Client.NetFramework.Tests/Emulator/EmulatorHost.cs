using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Authress.Emulator;

/// <summary>
/// The process that the tests' emulators live in. It reads calls as lines of JSON and writes a line for each; it ends
/// with this process, which closes its input.
/// </summary>
internal sealed class EmulatorHost
{
    private static readonly Lazy<EmulatorHost> Started = new(() => new EmulatorHost());

    private readonly Lock _gate = new();
    private readonly Process _process;

    private EmulatorHost()
    {
        string program = typeof(EmulatorHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == nameof(EmulatorHost)).Value!;
        _process = Process.Start(new ProcessStartInfo("dotnet", $"\"{program}\"")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public static EmulatorHost Running => Started.Value;

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Asks for a member of one of the emulators there, by its number.</summary>
    public JsonNode? Ask(int server, string member, params object?[] arguments)
    {
        string question = JsonSerializer.Serialize(new { server, member, arguments });
        string? line;
        lock (_gate)
        {
            _process.StandardInput.WriteLine(question);
            _process.StandardInput.Flush();
            line = _process.StandardOutput.ReadLine();
        }

        JsonNode answer = JsonNode.Parse(line ?? throw new InvalidOperationException("The emulators' _process has ended."))!;
        return answer["error"] is { } error ? throw new InvalidOperationException(error.GetValue<string>()) : answer["value"];
    }
}
