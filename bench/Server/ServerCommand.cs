using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Authress.Bench.Server;

/// <summary>The canned server as a program: prints its URL, and ends with its standard input.</summary>
internal static class ServerCommand
{
    public static Command Create()
    {
        Command command = new("server", "The canned server: a fixed response to each operation, without authentication. Loopback only.") { Hidden = true };
        command.SetAction((_, cancellation) => RunAsync(cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using WebApplication app = builder.Build();
        app.Run(new CannedApi().HandleAsync);
        await app.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(app.Urls.Single());

        // The parent process holds the other end, so the server ends with it.
        await Console.In.ReadToEndAsync(cancellationToken);
        return 0;
    }
}
