using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Authress.Emulator.Hosting;

/// <summary>Kestrel on the loopback addresses, with nothing else: no configuration, no environment, no logging.</summary>
internal static class LoopbackHost
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(1);

    public static async Task<WebApplication> StartAsync(EmulatorOptions options, RequestDelegate handle, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));

        WebApplication app = builder.Build();
        app.Run(handle);
        try
        {
            await app.StartAsync(cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public static int PortOf(WebApplication app) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()).Port;

    private static void Listen(KestrelServerOptions kestrel, EmulatorOptions options)
    {
        kestrel.AddServerHeader = false;
        // A test may read a response as slowly as it likes.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        // Both loopback addresses, so that "localhost" needs no second attempt, except with port 0, which would
        // pick a different port for each.
        if (options.Port == 0)
            kestrel.Listen(IPAddress.Loopback, 0, Configure);
        else
            kestrel.ListenLocalhost(options.Port, Configure);

        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1;
            if (options.Certificate is not null)
                listen.UseHttps(options.Certificate);
        }
    }
}
