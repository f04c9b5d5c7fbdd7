using System.Globalization;
using System.Security.Cryptography;
using Authress.Emulator.Faults;
using Authress.Emulator.Requests;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Tokens;

namespace Authress.Emulator.Http;

/// <summary>The way of every request: read, logged, befallen by a fault or not, answered.</summary>
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
    /// <summary>Asked for a fault where no rule has one.</summary>
    public Func<string, string, Fault?>? FaultSource { get; set; }

    public async Task HandleAsync(HttpContext context)
    {
        Stamp(context.Response.Headers);
        using CancellationTokenSource gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            ApiRequest request = await ApiRequest.ReadAsync(context, tokens);
            if (request.Segments is [ControlApi.Prefix, ..])
                await AnswerWriter.WriteAsync(context, await control.AnswerAsync(request, stopping), gone.Token);
            else
                await HandleAsync(context, request, gone.Token);
        }
        catch (BadHttpRequestException problem) when (!context.Response.HasStarted)
        {
            await AnswerWriter.WriteAsync(context, ApiAnswer.Error(problem.StatusCode, problem.Message, "BadRequest"), gone.Token);
        }
        catch (Exception) when (gone.IsCancellationRequested)
        {
            // The caller has hung up or the emulator is stopping: there is nobody to answer.
            context.Abort();
        }
        catch (Exception problem) when (!context.Response.HasStarted)
        {
            // The emulator's own failure, a full disk under the data file for one. It is told, so that no test takes it for a fault of its own.
            await AnswerWriter.WriteAsync(
                context,
                ApiAnswer.Error(StatusCodes.Status500InternalServerError, $"The emulator failed: {problem.GetType().Name}: {problem.Message}", "EmulatorFailure"),
                gone.Token);
        }
    }

    private async Task HandleAsync(HttpContext context, ApiRequest request, CancellationToken gone)
    {
        Fault? fault = faults.Next(request.Method, request.RawPath) ?? FaultSource?.Invoke(request.Method, request.RawPath);
        RequestLog.Entry entry = log.Add(request, fault?.Kind);
        int? status = null;
        ApiAnswer? answer = null;
        try
        {
            // Whether the caller still listens must not decide whether a request that has arrived is carried out.
            if (options.Latency > TimeSpan.Zero)
                await Task.Delay(options.Latency, stopping);
            answer = fault is null ? await api.AnswerAsync(request, stopping) : await BefallAsync(fault, request);
            status = answer?.Status;
        }
        finally
        {
            // Before the answer is sent, so that who has the answer finds it in the log.
            log.Complete(entry, status);
        }

        if (answer is null)
            context.Abort();
        else if (fault is null)
            await AnswerWriter.WriteAsync(context, answer, gone);
        else
            await fault.SendAsync(context, answer, gone);

        if (fault?.CarriesOutAfter is { } later)
        {
            await Task.Delay(later, stopping);
            await api.AnswerAsync(request, stopping);
        }
    }

    private async Task<ApiAnswer?> BefallAsync(Fault fault, ApiRequest request)
    {
        await fault.BeforeAsync(request, stopping);
        ApiAnswer? carriedOut = fault.CarriesOut ? await api.AnswerAsync(request, stopping) : null;
        await fault.AfterAsync(stopping);
        return fault.Shape(carriedOut, new FaultContext(request, activation, options.Clock));
    }

    private void Stamp(IHeaderDictionary headers)
    {
        DateTimeOffset now = options.Clock.GetUtcNow();
        headers["x-amzn-requestid"] = Guid.NewGuid().ToString();
        headers["x-amzn-trace-id"] =
            $"Root=1-{now.ToUnixTimeSeconds().ToString("x8", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
        // Kestrel's date is the machine's; with a clock of its own the emulator's answers must tell that clock's time.
        if (options.Clock != TimeProvider.System)
            headers.Date = now.ToString("R", CultureInfo.InvariantCulture);
    }
}
