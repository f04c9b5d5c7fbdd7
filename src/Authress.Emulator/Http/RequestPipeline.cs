using System.Globalization;
using System.Security.Cryptography;
using Authress.Emulator.Faults;
using Authress.Emulator.Requests;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Tokens;

namespace Authress.Emulator.Http;

/// <summary>Handles every request: reads it, logs it, injects a fault if one is due, and responds.</summary>
internal sealed class RequestPipeline(
    EmulatorOptions options,
    ServiceClientApi api,
    ControlApi control,
    BearerTokenVerifier tokens,
    KeyActivation activation,
    FaultSchedule faults,
    RequestLog log,
    CancellationToken stopping)
{
    /// <summary>Returns a fault if no rule applies.</summary>
    public Func<string, string, Fault?>? FaultSource { get; set; }

    public async Task HandleAsync(HttpContext context)
    {
        Stamp(context.Response.Headers);
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            ApiRequest request = await ApiRequest.ReadAsync(context, tokens);
            if (request.Segments is [ControlApi.Prefix, ..])
                await ResponseWriter.WriteAsync(context, await control.RespondAsync(request, stopping), gone.Token);
            else
                await HandleAsync(context, request, gone.Token);
        }
        catch (BadHttpRequestException problem) when (!context.Response.HasStarted)
        {
            await ResponseWriter.WriteAsync(context, ApiResponse.Error(problem.StatusCode, problem.Message, "BadRequest"), gone.Token);
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            // The client has disconnected or the emulator is stopping: no response can be sent.
            context.Abort();
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            // The emulator's own failure, such as a full disk. Reported as such, so that a test can distinguish it from an injected fault.
            await ResponseWriter.WriteAsync(
                context,
                ApiResponse.Error(StatusCodes.Status500InternalServerError, $"The emulator failed: {problem.GetType().Name}: {problem.Message}", "EmulatorFailure"),
                gone.Token);
        }
    }

    private async Task HandleAsync(HttpContext context, ApiRequest request, CancellationToken gone)
    {
        Fault? fault = faults.Next(request.Method, request.RawPath) ?? FaultSource?.Invoke(request.Method, request.RawPath);
        RequestLog.Entry entry = log.Add(request, fault?.Kind);
        int? status = null;
        ApiResponse? response = null;
        try
        {
            // A request that has arrived is carried out even if the client has disconnected.
            if (options.Latency > TimeSpan.Zero)
                await Task.Delay(options.Latency, stopping);
            response = fault is null ? await api.RespondAsync(request, stopping) : await InjectAsync(fault, request);
            status = response?.Status;
        }
        finally
        {
            // Logged before the response is sent, so that its receiver finds the request in the log.
            log.Complete(entry, status);
        }

        if (response is null)
            context.Abort();
        else if (fault is null)
            await ResponseWriter.WriteAsync(context, response, gone);
        else
            await fault.SendAsync(context, response, gone);

        if (fault?.CarriesOutAfter is { } later)
        {
            await Task.Delay(later, stopping);
            await api.RespondAsync(request, stopping);
        }
    }

    private async Task<ApiResponse?> InjectAsync(Fault fault, ApiRequest request)
    {
        await fault.BeforeAsync(request, stopping);
        ApiResponse? carriedOut = fault.CarriesOut ? await api.RespondAsync(request, stopping) : null;
        await fault.AfterAsync(stopping);
        return fault.Shape(carriedOut, new FaultContext(request, activation, options.Clock));
    }

    private void Stamp(IHeaderDictionary headers)
    {
        DateTimeOffset now = options.Clock.GetUtcNow();
        headers["x-amzn-requestid"] = Guid.NewGuid().ToString();
        headers["x-amzn-trace-id"] =
            $"Root=1-{now.ToUnixTimeSeconds().ToString("x8", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
        // Kestrel would send the machine's date instead of the emulator's.
        if (options.Clock != TimeProvider.System)
            headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
    }
}
