using System.Globalization;
using System.Management.Automation;
using System.Text;
using Authress.Client.Rotations;
using Authress.PowerShell.Binding;
using Authress.PowerShell.Display;

namespace Authress.PowerShell.Errors;

/// <summary>
/// Creates every ErrorRecord. Its text comes from the resource file, and its id is the name of that text, so the two
/// can't drift apart.
/// </summary>
internal static class ErrorFactory
{
    /// <summary>A request that failed.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="target">What the user passed.</param>
    public static ErrorRecord FromApi(AuthressApiException exception, object? target)
    {
        (string id, ErrorCategory category) = Classify(exception);
        StringBuilder text = new();
        string permission = exception.RequiredPermission is { } required ? string.Format(CultureInfo.CurrentCulture, Messages.NeededPermission, required) : Messages.RoutePermission;
        text.AppendFormat(CultureInfo.CurrentCulture, Text(id), Name(target), permission, exception.Message);

        // What is no name has no quotation marks.
        text.Replace($"'{Messages.TheService}'", Messages.TheService);
        if (exception.Failure == ApiFailure.Status && (exception.Title is { Length: > 0 } ? exception.Title : exception.ErrorCode) is { Length: > 0 } reason && id is not (nameof(Messages.UnexpectedStatus) or nameof(Messages.NotFound) or nameof(Messages.ServerFailed)))
            text.Append(' ').AppendFormat(CultureInfo.CurrentCulture, Messages.ServerSays, reason.TrimEnd('.'));
        if (id == nameof(Messages.AuthenticationFailed) && exception.ClockSkew is { } skew && skew.Duration() > TimeSpan.FromMinutes(1))
            text.Append(' ').AppendFormat(CultureInfo.CurrentCulture, skew > TimeSpan.Zero ? Messages.ClockAhead : Messages.ClockBehind, Math.Round(skew.Duration().TotalMinutes));
        if (exception.RetryAfter is { } wait && wait > TimeSpan.Zero)
            text.Append(' ').AppendFormat(CultureInfo.CurrentCulture, Messages.AskedToWait, Math.Ceiling(wait.TotalSeconds));
        if (exception.OutcomeUnknown)
            AppendUnknownOutcome(text, exception);
        string action = exception.OutcomeUnknown ? Messages.OutcomeUnknownAction : id == nameof(Messages.NotFound) && !HasClientId(exception.Path) ? Messages.NotAnIdAction : Text(id + "Action");
        return Named(new ErrorRecord(exception, id, category, Target(target))
        {
            ErrorDetails = new ErrorDetails(PrintableText.ForMessage(text.ToString()) + SupportIds(exception)) { RecommendedAction = PrintableText.ForMessage(string.Format(CultureInfo.CurrentCulture, action, Name(target), permission)) },
        });
    }

    /// <summary>No connection, neither in this session nor specified.</summary>
    public static ErrorRecord NotConnected() =>
        Make(nameof(Messages.NotConnected), ErrorCategory.ConnectionError, null);

    /// <summary>An invalid access key. The error has no target: it would be the key.</summary>
    public static ErrorRecord InvalidAccessKey(FormatException cause) =>
        Make(nameof(Messages.InvalidAccessKey), ErrorCategory.InvalidArgument, null, cause.Message);

    /// <summary>An API URL that can't be used. It is shown without what can be a credential.</summary>
    public static ErrorRecord InvalidApiUrl(string apiUrl, FormatException cause)
    {
        string shown = Redaction.HideUserInfo(apiUrl);
        return Make(nameof(Messages.InvalidApiUrl), ErrorCategory.InvalidArgument, shown, shown, cause.Message);
    }

    /// <summary>No API URL, neither specified nor in the environment.</summary>
    public static ErrorRecord ApiUrlMissing() =>
        Make(nameof(Messages.ApiUrlMissing), ErrorCategory.InvalidArgument, null);

    /// <summary>No credential, neither specified nor in the environment.</summary>
    public static ErrorRecord CredentialMissing() =>
        Make(nameof(Messages.CredentialMissing), ErrorCategory.InvalidArgument, null);

    /// <summary>Invalid values for a connection.</summary>
    public static ErrorRecord InvalidConnection(ArgumentException cause) =>
        Make(nameof(Messages.InvalidConnection), ErrorCategory.InvalidArgument, null, FirstSentence(cause));

    /// <summary>A key file that can't be read.</summary>
    public static ErrorRecord KeyFileUnreadable(string path, Exception cause) =>
        Make(nameof(Messages.KeyFileUnreadable), ErrorCategory.ReadError, path, path, cause.Message);

    /// <summary>A secret of a vault, or of a script, that can't be read.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="target">What the user specified.</param>
    /// <param name="cause">The failure.</param>
    public static ErrorRecord SecretUnreadable(string name, object? target, IOException cause) =>
        Make(nameof(Messages.SecretUnreadable), ErrorCategory.ReadError, target, name, cause.Message);

    /// <summary>A destination that can't take a secret. No key is created.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="target">What the user specified.</param>
    /// <param name="cause">The failure.</param>
    public static ErrorRecord DestinationUnusable(string name, object? target, IOException cause) =>
        Make(nameof(Messages.DestinationUnusable), ErrorCategory.WriteError, target, name, Sentence(cause));

    /// <summary>A second key for a destination, which holds one. It is not created.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="target">What the user specified.</param>
    public static ErrorRecord DestinationTaken(string name, object? target) =>
        Make(nameof(Messages.DestinationTaken), ErrorCategory.InvalidArgument, target, name);

    /// <summary>A piped row with a destination that the command line does not use. No key is created.</summary>
    public static ErrorRecord DestinationInRow(object? row) =>
        Make(nameof(Messages.DestinationInRow), ErrorCategory.InvalidArgument, row);

    /// <summary>A key was created, and its secret could not be saved.</summary>
    public static ErrorRecord SecretNotSaved(string name, AccessKey key, Exception cause) =>
        Make(nameof(Messages.SecretNotSaved), ErrorCategory.WriteError, key, name, key.KeyId, key.ClientId, Sentence(cause));

    /// <summary>An argument that is empty where that would choose something else.</summary>
    public static ErrorRecord EmptyArgument(string parameter) =>
        Make(nameof(Messages.EmptyArgument), ErrorCategory.InvalidArgument, parameter, parameter);

    /// <summary>A connection whose account is not known, for a key that has to name it.</summary>
    public static ErrorRecord AccountUnknown() =>
        Make(nameof(Messages.AccountUnknown), ErrorCategory.InvalidOperation, null);

    /// <summary>A piped public key without the client to register it for.</summary>
    public static ErrorRecord PublicKeyWithoutClient() =>
        Make(nameof(Messages.PublicKeyWithoutClient), ErrorCategory.InvalidArgument, null);

    /// <summary>A connection with a ready token, which can't sign another.</summary>
    public static ErrorRecord NoSigningKey() =>
        Make(nameof(Messages.NoSigningKey), ErrorCategory.InvalidOperation, null);

    /// <summary>A piped object of one client and the id of another on the command line.</summary>
    public static ErrorRecord ContradictoryClientId(string given, string piped, object? target) =>
        Make(nameof(Messages.ContradictoryClientId), ErrorCategory.InvalidArgument, target, given, piped);

    /// <summary>Piped input that is not used. PowerShell's own error has the same id.</summary>
    public static ErrorRecord InputObjectNotBound(object? target) =>
        Make(nameof(Messages.InputObjectNotBound), ErrorCategory.InvalidArgument, target);

    /// <summary>A piped access key, and the id of another on the command line.</summary>
    public static ErrorRecord ContradictoryKeyId(string given, string piped, object? target) =>
        Make(nameof(Messages.ContradictoryKeyId), ErrorCategory.InvalidArgument, target, given, piped);

    /// <summary>A new client without any value, such as a piped row in which all cells are empty.</summary>
    public static ErrorRecord NothingGiven(object? row) =>
        Make(nameof(Messages.NothingGiven), ErrorCategory.InvalidArgument, row);

    /// <summary>A wildcard in an id.</summary>
    public static ErrorRecord WildcardInClientId(string clientId) =>
        Make(nameof(Messages.WildcardInClientId), ErrorCategory.InvalidArgument, clientId, clientId);

    /// <summary>A wildcard in the id of a key to delete.</summary>
    public static ErrorRecord WildcardInKeyId(string clientId, string keyId) =>
        Make(nameof(Messages.WildcardInKeyId), ErrorCategory.InvalidArgument, keyId, keyId, clientId);

    /// <summary>An invalid pattern.</summary>
    public static ErrorRecord InvalidWildcard(WildcardPatternException cause) =>
        Make(nameof(Messages.InvalidWildcard), ErrorCategory.InvalidArgument, null, cause.Message);

    /// <summary>A file or folder to search that does not exist.</summary>
    public static ErrorRecord SearchPathNotFound(string path) =>
        Make(nameof(Messages.SearchPathNotFound), ErrorCategory.ObjectNotFound, path, path);

    /// <summary>A path that can't be searched.</summary>
    public static ErrorRecord SearchPathUnusable(string path, IOException cause) =>
        Make(nameof(Messages.SearchPathUnusable), ErrorCategory.InvalidArgument, path, path, cause.Message);

    /// <summary>A text instead of a sighting. The error has no target: it may be a secret.</summary>
    public static ErrorRecord NotASighting() =>
        Make(nameof(Messages.NotASighting), ErrorCategory.InvalidArgument, null);

    /// <summary>A sighting whose access key can't be read again.</summary>
    public static ErrorRecord SightingUnreadable(AccessKeySighting sighting, IOException cause) =>
        Make(nameof(Messages.SightingUnreadable), ErrorCategory.ReadError, sighting, sighting, cause.Message);

    /// <summary>A plain string for a secret. The error has no target: it would be the secret.</summary>
    public static ErrorRecord PlainStringGiven() =>
        Make(nameof(Messages.PlainStringGiven), ErrorCategory.InvalidArgument, null);

    /// <summary>A text that is not a public key. The error has no target, because it may be a private key.</summary>
    public static ErrorRecord InvalidPublicKey(FormatException cause) =>
        Make(nameof(Messages.InvalidPublicKey), ErrorCategory.InvalidArgument, null, cause.Message);

    /// <summary>-First together with a cursor, which refers to whole pages.</summary>
    public static ErrorRecord FirstWithNextCursor() =>
        Make(nameof(Messages.FirstWithNextCursor), ErrorCategory.InvalidArgument, null);

    /// <summary>An access key, piped to a cmdlet that deletes service clients.</summary>
    public static ErrorRecord AccessKeyPiped(string clientId, string keyId, object? target) =>
        Make(nameof(Messages.AccessKeyPiped), ErrorCategory.InvalidArgument, target, clientId, keyId);

    /// <summary>An access key whose test was inconclusive.</summary>
    public static ErrorRecord AccessKeyNotTested(string keyId, string? why) =>
        Make(nameof(Messages.AccessKeyNotTested), ErrorCategory.ResourceUnavailable, keyId, keyId, why);

    /// <summary>A value that Authress would reject. Nothing is sent.</summary>
    public static ErrorRecord InvalidValue(ArgumentException cause, object? target) =>
        Make(nameof(Messages.InvalidValue), ErrorCategory.InvalidArgument, target, FirstSentence(cause));

    /// <summary>A change that needs confirmation, in a session that can't ask.</summary>
    public static ErrorRecord ConfirmationImpossible(string action) =>
        Make(nameof(Messages.ConfirmationImpossible), ErrorCategory.InvalidOperation, null, action);

    /// <summary>The service client that this connection signs in as, and no -Force.</summary>
    public static ErrorRecord OwnServiceClient(string clientId) =>
        Make(nameof(Messages.OwnServiceClient), ErrorCategory.InvalidOperation, clientId, clientId);

    /// <summary>The access key that signs for this connection, and no -Force.</summary>
    public static ErrorRecord OwnAccessKey(string clientId, string keyId) =>
        Make(nameof(Messages.OwnAccessKey), ErrorCategory.InvalidOperation, keyId, keyId, clientId);

    /// <summary>A key that was found in a text under the ids of another one.</summary>
    public static ErrorRecord SightedKeyDiffers(string clientId, string keyId, string place, object? target) =>
        Make(nameof(Messages.SightedKeyDiffers), ErrorCategory.InvalidData, target, keyId, clientId, place);

    /// <summary>A test result that does not say that Authress has the key.</summary>
    public static ErrorRecord TestedKeyNotRegistered(string clientId, string keyId, object? target) =>
        Make(nameof(Messages.TestedKeyNotRegistered), ErrorCategory.InvalidData, target, keyId, clientId);

    /// <summary>What is piped to a search, and is neither text nor a file.</summary>
    public static ErrorRecord NotSearchable() =>
        Make(nameof(Messages.NotSearchable), ErrorCategory.InvalidArgument, null);

    /// <summary>A key that the client does not have.</summary>
    public static ErrorRecord AccessKeyNotFound(string clientId, string keyId) =>
        Make(nameof(Messages.AccessKeyNotFound), ErrorCategory.ObjectNotFound, keyId, keyId, clientId);

    /// <summary>A field that is both set and cleared.</summary>
    public static ErrorRecord ClearedAndSet(string field, object? target) =>
        Make(nameof(Messages.ClearedAndSet), ErrorCategory.InvalidArgument, target, field);

    /// <summary>A rotation that can't begin, go on or end.</summary>
    /// <param name="failure">The failure: of the rotation, its destination or its journal.</param>
    /// <param name="target">What the user passed. If the destination may not hold the new key, the error's target is that key.</param>
    public static ErrorRecord FromRotation(Exception failure, object? target) => failure switch
    {
        RotationException rotation => Make(rotation.ErrorId, Classify(rotation.ErrorId), rotation.NewKey ?? target, [.. rotation.Values.Select(Moment.InText)]),
        JournalException journal => Make(nameof(Messages.JournalUnusable), ErrorCategory.OpenError, target, journal.Place, journal.Reason),
        _ => RotationDestinationFailed(Name(target), (failure as DestinationException)?.Name ?? Messages.ItsDestination, failure),
    };

    /// <summary>A destination of a rotation that can't be used.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="cause">The failure.</param>
    public static ErrorRecord RotationDestinationFailed(string clientId, string name, Exception cause) =>
        Make(nameof(Messages.RotationDestinationFailed), ErrorCategory.WriteError, clientId, clientId, name, cause.Message);

    /// <summary>A destination that is another client's in the same command.</summary>
    public static ErrorRecord RotationDestinationTaken(string clientId, string name, string otherClientId) =>
        Make(nameof(Messages.RotationDestinationTaken), ErrorCategory.InvalidArgument, clientId, clientId, name, otherClientId);

    /// <summary>A rotation without a destination, or with more than one.</summary>
    public static ErrorRecord RotationDestination(string clientId, bool isMissing) => isMissing
        ? Make(nameof(Messages.RotationDestinationMissing), ErrorCategory.InvalidArgument, clientId, clientId)
        : Make(nameof(Messages.RotationDestinationUnclear), ErrorCategory.InvalidArgument, clientId, clientId);

    /// <summary>A destination whose rotation is to be read, and no client.</summary>
    public static ErrorRecord RotationClientMissing() =>
        Make(nameof(Messages.RotationClientMissing), ErrorCategory.InvalidArgument, null);

    /// <summary>A report with findings of the severity on which it is to fail.</summary>
    public static ErrorRecord ReportFailed(int count, FindingSeverity severity) =>
        Make(nameof(Messages.ReportFailed), ErrorCategory.InvalidResult, null, count, severity);

    /// <summary>A file that a report can't be written to.</summary>
    public static ErrorRecord ReportNotWritten(string path, IOException cause) =>
        Make(nameof(Messages.ReportNotWritten), ErrorCategory.WriteError, path, path, cause.Message);

    /// <summary>A file of exceptions that can't be read.</summary>
    public static ErrorRecord InvalidExceptions(string path, Exception cause) =>
        Make(nameof(Messages.InvalidExceptions), ErrorCategory.InvalidData, path, path, cause.Message);

    private static ErrorCategory Classify(string rotationErrorId) => rotationErrorId switch
    {
        nameof(Messages.RotationLocked) or nameof(Messages.RotationMayRun) => ErrorCategory.ResourceBusy,
        nameof(Messages.RotationNoRoom) => ErrorCategory.LimitsExceeded,
        nameof(Messages.RotationKeyMissing) or nameof(Messages.RotationUnknown) or nameof(Messages.RotationRecordMissing) => ErrorCategory.ObjectNotFound,
        nameof(Messages.RotationUndone) or nameof(Messages.RotationDeliveryUncertain) => ErrorCategory.WriteError,
        nameof(Messages.RotationKeyNotWorking) or nameof(Messages.RotationCopyNotWorking) or nameof(Messages.RotationNotRetired) => ErrorCategory.ResourceUnavailable,
        nameof(Messages.JournalDamaged) or nameof(Messages.JournalNewer) => ErrorCategory.InvalidData,
        _ => ErrorCategory.InvalidOperation,
    };

    private static ErrorRecord Make(string id, ErrorCategory category, object? target, params object?[] values)
    {
        string text = PrintableText.ForMessage(string.Format(CultureInfo.CurrentCulture, Text(id), values));
        Exception exception = category == ErrorCategory.InvalidArgument ? new ArgumentException(text) : new InvalidOperationException(text);
        ErrorRecord record = Named(new(exception, id, category, Target(target)));
        string? action = Messages.ResourceManager.GetString(id + "Action", CultureInfo.CurrentUICulture);
        if (action is not null)
            record.ErrorDetails = new ErrorDetails(text) { RecommendedAction = PrintableText.ForMessage(string.Format(CultureInfo.CurrentCulture, action, values)) };
        return record;
    }

    // The target is what the user passed, unless that looks like a credential: it is shown with the error.
    private static object? Target(object? target)
    {
        string? text = target switch
        {
            string given => given,
            PSObject row => row.ToString(),
            _ => null,
        };

        // An id may have the form user:password@host too, and stays.
        return text is not null && (Redaction.Finds(text) || text.Contains("//")) && Redaction.Hide(text) is var shown && shown != text ? shown : target;
    }

    // Windows PowerShell shows a target's name beside every error.
    private static ErrorRecord Named(ErrorRecord record)
    {
        record.CategoryInfo.TargetName = PrintableText.ForMessage(record.CategoryInfo.TargetName);
        return record;
    }

    private static (string Id, ErrorCategory Category) Classify(AuthressApiException exception) => exception.Failure switch
    {
        ApiFailure.ConnectionFailed => (nameof(Messages.ConnectionFailed), ErrorCategory.ConnectionError),
        ApiFailure.TimedOut => (nameof(Messages.TimedOut), ErrorCategory.OperationTimeout),
        ApiFailure.InvalidResponse => (nameof(Messages.InvalidResponse), ErrorCategory.InvalidData),
        ApiFailure.ResponseTooLarge => (nameof(Messages.ResponseTooLarge), ErrorCategory.LimitsExceeded),
        ApiFailure.CursorRepeated => (nameof(Messages.CursorRepeated), ErrorCategory.InvalidResult),
        ApiFailure.ReadOnlyConnection => (nameof(Messages.ReadOnlyConnection), ErrorCategory.PermissionDenied),
        ApiFailure.EditConflict => (nameof(Messages.EditConflict), ErrorCategory.InvalidOperation),
        _ => exception.StatusCode switch
        {
            400 or 422 => (nameof(Messages.InvalidRequest), ErrorCategory.InvalidArgument),
            401 => (nameof(Messages.AuthenticationFailed), ErrorCategory.AuthenticationError),
            402 => (nameof(Messages.PlanLimitReached), ErrorCategory.LimitsExceeded),
            403 => (nameof(Messages.PermissionDenied), ErrorCategory.PermissionDenied),
            404 => (nameof(Messages.NotFound), ErrorCategory.ObjectNotFound),
            409 => (nameof(Messages.AlreadyExists), ErrorCategory.ResourceExists),
            429 => (nameof(Messages.TooManyRequests), ErrorCategory.LimitsExceeded),
            >= 500 => (nameof(Messages.ServerFailed), ErrorCategory.ResourceUnavailable),
            408 => (nameof(Messages.TimedOut), ErrorCategory.OperationTimeout),
            _ => (nameof(Messages.UnexpectedStatus), ErrorCategory.InvalidResult),
        },
    };

    // A client's name, or an id with spaces around it, is what people and spreadsheets give for an id.
    private static bool HasClientId(string? path)
    {
        string[] segments = path?.Split('/') ?? [];
        return segments is not ["", "v1", "clients", var id, ..] || (id.Contains('_') && !Uri.UnescapeDataString(id).Any(char.IsWhiteSpace));
    }

    // Names what the request may have created, and the command that removes it.
    private static void AppendUnknownOutcome(StringBuilder text, AuthressApiException exception)
    {
        text.Append(' ').Append(Messages.OutcomeUnknown);
        if (exception.CandidatesKnown && exception.Candidates.Count == 0)
            text.Append(' ').Append(Messages.CandidatesNone);
        foreach (object candidate in exception.Candidates)
        {
            text.Append(' ');
            if (candidate is AccessKey key)
                text.AppendFormat(CultureInfo.CurrentCulture, Messages.CandidatesKey, key.KeyId, key.ClientId);
            else
                text.AppendFormat(CultureInfo.CurrentCulture, Messages.CandidatesClient, candidate);
        }

        if (exception is { PublicKey: { } publicKey, ClientId: { } clientId })
            text.Append(' ').AppendFormat(CultureInfo.CurrentCulture, Messages.UnknownPublicKey, publicKey, clientId);
    }

    // What support asks for, each id on a line after the sentence, in line with PowerShell's recommendation.
    private static string SupportIds(AuthressApiException exception)
    {
        StringBuilder lines = new();
        if (exception.RequestId is { Length: > 0 } requestId)
            AppendLine(Messages.RequestId, requestId);
        if (exception.ErrorId is { Length: > 0 } errorId)
            AppendLine(Messages.ErrorId, errorId);
        return lines.ToString();

        void AppendLine(string label, string id) =>
            lines.Append(Environment.NewLine).Append("  ").Append(PrintableText.ForMessage(string.Format(CultureInfo.CurrentCulture, label, id)));
    }

    private static string Text(string id) => Messages.ResourceManager.GetString(id, CultureInfo.CurrentUICulture)!;

    /// <summary>The name of an input in a message.</summary>
    public static string Name(object? target) => target switch
    {
        null => Messages.TheService,
        ServiceClient { Name.Length: > 0 } client => $"{client.Name} ({client.ClientId})",
        PSObject { BaseObject: ServiceClient client } => Name(client),
        PSObject row when PipedProperty.Value(row, nameof(ServiceClient.ClientId))?.ToString() is { Length: > 0 } id => id,
        PSObject row when PipedProperty.Value(row, nameof(ServiceClient.Name))?.ToString() is { Length: > 0 } name => name,
        _ => target.ToString() ?? string.Empty,
    };

    // Some of the system's messages have no full stop.
    private static string Sentence(Exception cause) => cause.Message.TrimEnd() is [.., '.'] text ? text : cause.Message.TrimEnd() + ".";

    // .NET Framework appends the parameter's name to an argument exception's text on a line of its own.
    private static string FirstSentence(ArgumentException cause) => cause.Message.Split('\r', '\n')[0];
}
