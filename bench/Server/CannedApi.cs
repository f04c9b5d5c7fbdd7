using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Authress.Bench.Server;

/// <summary>
/// Returns a fixed response to each operation of the contract, without authentication.
/// <c>POST /_bench/settings</c> changes the settings and resets the counts; <c>GET /_bench/counts</c> returns them.
/// </summary>
internal sealed class CannedApi
{
    private readonly CannedResponses _responses = new();
    private volatile Traffic _traffic = new(new ServerSettings());

    public async Task HandleAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        switch (path)
        {
            case "/_bench/settings":
                _traffic = new Traffic((await context.Request.ReadFromJsonAsync<ServerSettings>())!);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            case "/_bench/counts":
                await context.Response.WriteAsJsonAsync(_traffic.Counts);
                return;
            default:
                await RespondAsync(context, Target.Of(context.Request.Method, path), _traffic);
                return;
        }
    }

    private async Task RespondAsync(HttpContext context, Target target, Traffic traffic)
    {
        bool refused = traffic.Arrive(target.Route);
        if (traffic.Settings.LatencyMilliseconds > 0)
            await Task.Delay(traffic.Settings.LatencyMilliseconds);
        if (refused)
        {
            await WriteAsync(context.Response, StatusCodes.Status429TooManyRequests, _responses.Refused);
            return;
        }

        if (traffic.Ledger is not null)
            await NoteAsync(context.Request, target, traffic.Ledger);
        await (target.Route switch
        {
            Route.List => WriteAsync(context.Response, StatusCodes.Status200OK, _responses.Page(context.Request.Query["cursor"], traffic.Settings.ListedClients)),
            Route.Get or Route.Update => WriteAsync(context.Response, StatusCodes.Status200OK, _responses.Client(target.ClientId)),
            Route.Create => WriteAsync(context.Response, StatusCodes.Status201Created, _responses.Created),
            Route.CreateKey => WriteAsync(context.Response, StatusCodes.Status201Created, _responses.CreatedKey),
            Route.Delete or Route.DeleteKey => WriteAsync(context.Response, StatusCodes.Status204NoContent, null),
            _ => WriteAsync(context.Response, StatusCodes.Status404NotFound, null),
        });
    }

    private static Task WriteAsync(HttpResponse response, int status, byte[]? body)
    {
        response.StatusCode = status;
        response.Headers["x-amzn-requestid"] = "bench";
        if (body is null)
            return Task.CompletedTask;
        response.ContentType = "application/links+json";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }

    // A new client is identified by its name, because the server assigns the id.
    private static async Task NoteAsync(HttpRequest request, Target target, Ledger ledger)
    {
        if (target.Route == Route.Create)
        {
            using JsonDocument body = await JsonDocument.ParseAsync(request.Body);
            ledger.Note(body.RootElement.GetProperty("name").GetString()!);
        }
        else if (target.Route is Route.Delete)
        {
            ledger.Note(target.ClientId);
        }
    }
}
