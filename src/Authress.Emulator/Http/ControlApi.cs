using System.Text.Json;
using Authress.Emulator.Faults;
using Authress.Emulator.Requests;

namespace Authress.Emulator.Http;

/// <summary>The routes that control the emulator, for tests and runbook authors. They need no token and are not logged.</summary>
internal sealed class ControlApi(RequestLog log, FaultSchedule faults, Func<CancellationToken, Task> resetAsync)
{
    public const string Prefix = "_emulator";

    private const string PlainJson = "application/json; charset=utf-8";

    public async Task<ApiResponse> RespondAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        switch (request.Method, request.Segments)
        {
            case ("GET", [Prefix, "requests"]):
                return Json(log.Snapshot());
            case ("DELETE", [Prefix, "requests"]):
                log.Clear();
                return ApiResponse.NoContent;
            case ("GET", [Prefix, "faults"]):
                return Json(faults.Remaining);
            case ("POST", [Prefix, "faults"]):
                return AddFaults(request);
            case ("DELETE", [Prefix, "faults"]):
                faults.Clear();
                return ApiResponse.NoContent;
            case ("POST", [Prefix, "reset"]):
                await resetAsync(cancellationToken);
                return ApiResponse.NoContent;
            default:
                return ApiResponse.Error(StatusCodes.Status404NotFound, "There is no such route.", "NotFound");
        }
    }

    private ApiResponse AddFaults(ApiRequest request)
    {
        try
        {
            faults.Add(FaultJson.ReadRules(request.Body.Span));
            return Json(faults.Remaining) with { Status = StatusCodes.Status201Created };
        }
        catch (JsonException problem)
        {
            return ApiResponse.Error(StatusCodes.Status400BadRequest, $"The fault rule is invalid: {problem.Message}", "InvalidFaultRule");
        }
    }

    private static ApiResponse Json<T>(T value) =>
        new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(value, FaultJson.Options), PlainJson);
}
