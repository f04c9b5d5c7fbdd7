using System.CommandLine;
using System.CommandLine.Parsing;
using Authress.Emulator.Faults;
using Authress.Emulator.Tokens;

namespace Authress.Emulator;

/// <summary>The program's command line.</summary>
internal static class CommandLine
{
    private static readonly string Description =
        $$"""
        A local Authress. When it is ready it prints one line of JSON: apiUrl, accountId and an administrator's accessKey.

        GET and DELETE /_emulator/requests list and clear the requests that arrived; POST /_emulator/reset restores the initial state.
        POST /_emulator/faults adds a rule, as in
          {"method":"POST","path":"/v1/clients/*","times":1,"skip":0,"fault":"actThenDrop"}
        Kinds of faults: {{string.Join(", ", FaultJson.AllKinds)}}.
        docs/emulator.md describes them with their members.
        """;

    /// <summary>Creates the command.</summary>
    /// <param name="run">Runs an emulator until the token is canceled, and returns the exit code.</param>
    public static RootCommand Create(Func<EmulatorOptions, CancellationToken, Task<int>> run)
    {
        Option<int> port = new("--port") { HelpName = "PORT", Description = "The loopback port to listen on; 0, the default, picks a free one." };
        Option<string?> data = new("--data") { HelpName = "FILE", Description = "Keep the account in this file across restarts. One emulator at a time can use it." };
        Option<int> latency = WholeNumber("--latency", "MS", "Delay every response by this many milliseconds.");
        Option<int> keyDelay = WholeNumber("--key-delay", "SECONDS", "A new access key does not work for this many seconds.");
        Option<int> keySetLag = WholeNumber("--key-set-lag", "SECONDS", "A client's public key set shows new and deleted keys this many seconds late.");
        Option<int> keysPerHour = WholeNumber("--keys-per-hour", "COUNT", "Respond with 429 to a client's next key once it got this many within an hour; 0, the default, for any number.");
        Option<TrustedIssuer[]> trust = new("--trust")
        {
            HelpName = "FILE",
            CustomParser = ReadIssuers,
            Description = "Accept the tokens of an OpenID Connect issuer: a JSON Web Key Set with a member 'issuer'. May be given more than once.",
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }] && !ushort.TryParse(text, out _))
                result.AddError($"--port needs a whole number from 0 to {ushort.MaxValue}.");
        });
        data.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError("--data needs a file.");
        });

        RootCommand root = new(Description) { port, data, latency, keyDelay, keySetLag, keysPerHour, trust };
        root.SetAction((arguments, cancellation) => run(
            new EmulatorOptions
            {
                Port = arguments.GetValue(port),
                DataFile = arguments.GetValue(data),
                Latency = TimeSpan.FromMilliseconds(arguments.GetValue(latency)),
                KeyDelay = TimeSpan.FromSeconds(arguments.GetValue(keyDelay)),
                KeySetLag = TimeSpan.FromSeconds(arguments.GetValue(keySetLag)),
                KeysPerHour = arguments.GetValue(keysPerHour),
                TrustedIssuers = arguments.GetValue(trust) ?? [],
            },
            cancellation));
        return root;
    }

    private static Option<int> WholeNumber(string name, string unit, string description)
    {
        Option<int> option = new(name) { HelpName = unit, Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }] && !(int.TryParse(text, out int number) && number >= 0))
                result.AddError($"{name} needs a whole number, 0 or more.");
        });
        return option;
    }

    private static TrustedIssuer[] ReadIssuers(ArgumentResult result)
    {
        List<TrustedIssuer> issuers = [];
        foreach (string file in result.Tokens.Select(token => token.Value))
        {
            try
            {
                issuers.Add(TrustedIssuer.Parse(File.ReadAllText(file)));
            }
            catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                result.AddError($"--trust {file}: {problem.Message}");
            }
        }

        return [.. issuers];
    }
}
