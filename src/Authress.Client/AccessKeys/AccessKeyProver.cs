using System.Net;
using Authress.Client.Transport;

namespace Authress.Client.AccessKeys;

/// <summary>
/// Proves that an access key works: a request that it signs is accepted, and a control request is refused, whose token names
/// the same key and is signed by a random one. Without the control, a proxy's page or a gateway that lets everything
/// through would prove a key.
/// </summary>
/// <param name="probe">Sends the request that the key signs.</param>
/// <param name="control">Sends the control request.</param>
/// <param name="findRegistration">Reads whether Authress has the key's public half; null if it can't be read.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class AccessKeyProver(
    Func<CancellationToken, Task<ApiProbeResult>> probe, Func<CancellationToken, Task<ApiProbeResult>> control, Func<CancellationToken, Task<bool?>> findRegistration, TimeProvider time)
{
    // A new key can take up to 5 minutes to work.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NotableSkew = TimeSpan.FromMinutes(1);

    /// <summary>Tests the key until it works, or the time is over.</summary>
    /// <param name="wait">How long to go on testing; zero to test once.</param>
    /// <param name="cancellationToken">Cancels the test.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled or stopped.</exception>
    public async Task<AccessKeyProof> RunAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        TimeSpan pause = FirstPause;
        while (true)
        {
            AccessKeyProof proof = await TestAsync(cancellationToken).ConfigureAwait(false);
            TimeSpan left = wait - time.GetElapsedTime(began);
            if (proof.Works is true || left <= TimeSpan.Zero)
                return proof;
            await Pause.ForAsync(time, left < pause ? left : pause, cancellationToken).ConfigureAwait(false);
            pause = pause + pause < LongestPause ? pause + pause : LongestPause;
        }
    }

    private async Task<AccessKeyProof> TestAsync(CancellationToken cancellationToken)
    {
        bool? isRegistered = await findRegistration(cancellationToken).ConfigureAwait(false);
        int? status;
        string? message = null;
        try
        {
            ApiProbeResult result = await probe(cancellationToken).ConfigureAwait(false);
            status = result.StatusCode;
            if (!result.IsJson)
                return new AccessKeyProof(Works: null, status, isRegistered, Messages.ProbeNotFromApi);
            if (status != (int)HttpStatusCode.OK)
                return new AccessKeyProof(Works: null, status, isRegistered, InvariantText.Format(Messages.StatusProvesNothing, status));
        }
        catch (AuthressApiException e)
        {
            status = e.StatusCode;
            if (IsRefusal(e))
                return new AccessKeyProof(IsClockOff(e) && isRegistered is not false ? null : false, status, isRegistered, WhyRefused(e, isRegistered));
            if (status != (int)HttpStatusCode.NoContent)
            {
                if (!IsFromApi(e))
                    return new AccessKeyProof(Works: null, status, isRegistered, e.Message);

                // A client without permission to list has still been authenticated.
                message = Messages.KeyWithoutAccess;
            }
        }

        try
        {
            await control(cancellationToken).ConfigureAwait(false);
            return new AccessKeyProof(Works: null, status, isRegistered, Messages.ControlAccepted);
        }
        catch (AuthressApiException e)
        {
            return IsRefusal(e)
                ? new AccessKeyProof(Works: true, status, isRegistered, message)
                : new AccessKeyProof(Works: null, status, isRegistered, IsFromApi(e) ? Messages.ControlAccepted : InvariantText.Format(Messages.ControlFailed, e.Message));
        }
    }

    private static string WhyRefused(AuthressApiException refusal, bool? isRegistered)
    {
        string why = isRegistered is true ? Messages.KeyNotYetUsable : Messages.KeyRefused;
        return IsClockOff(refusal)
            ? why + " " + InvariantText.Format(refusal.ClockSkew > TimeSpan.Zero ? Messages.ClockAhead : Messages.ClockBehind, Math.Round(refusal.ClockSkew!.Value.Duration().TotalMinutes))
            : why;
    }

    // Text, a page or XML comes from a proxy, a gateway or a website.
    private static bool IsRefusal(AuthressApiException failure) =>
        failure.StatusCode == (int)HttpStatusCode.Unauthorized && (MediaType.IsJson(failure.ResponseHeaders) || MediaType.IsMissing(failure.ResponseHeaders));

    // A token whose times are wrong is refused, whatever key signed it.
    private static bool IsClockOff(AuthressApiException refusal) => refusal.ClockSkew is { } skew && skew.Duration() > NotableSkew;

    private static bool IsFromApi(AuthressApiException failure) =>
        failure.StatusCode is (int)HttpStatusCode.Forbidden or (int)HttpStatusCode.NotFound && MediaType.IsJson(failure.ResponseHeaders);
}
