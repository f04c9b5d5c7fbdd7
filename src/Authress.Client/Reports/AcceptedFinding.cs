using System.Globalization;
using System.Text.Json;

namespace Authress.Client.Reports;

/// <summary>A finding that is accepted for a time.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="ClientId">The client, or <c>*</c> for all.</param>
/// <param name="KeyId">The key; null for all.</param>
/// <param name="Reason">Why it is accepted.</param>
/// <param name="Until">The last day on which it is.</param>
public sealed record AcceptedFinding(string Rule, string ClientId, string? KeyId, string Reason, DateTimeOffset Until)
{
    private const string AllClients = "*";
    private const string DateFormat = "yyyy-MM-dd";

    private static readonly string[] Members = ["rule", "clientId", "keyId", "reason", "until"];

    /// <summary>The last day as the file has it.</summary>
    public string UntilText => Until.ToString(DateFormat, CultureInfo.InvariantCulture);

    /// <summary>What distinguishes it from the other entries of its file.</summary>
    internal string Identity => string.Join("\n", Rule, ClientId, KeyId, UntilText);

    /// <summary>Reads a file of exceptions: a JSON array of objects with rule, clientId, reason, until and perhaps keyId.</summary>
    /// <param name="json">The file's text.</param>
    /// <exception cref="FormatException">It is no such file. The message says which entry is wrong, and how.</exception>
    public static IReadOnlyList<AcceptedFinding> Read(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select((entry, index) => ReadEntry(entry, index + 1))]
                : throw new FormatException(Messages.ExceptionsNoArray);
        }
        catch (JsonException e)
        {
            throw new FormatException(InvariantText.Format(Messages.ExceptionsNoJson, e.LineNumber + 1), e);
        }
    }

    /// <summary>Whether it accepts a finding, whatever the day.</summary>
    public bool Covers(AccessKeyFinding finding) =>
        finding.Rule == Rule && (ClientId == AllClients || finding.ClientId == ClientId) && (KeyId is null || finding.KeyId == KeyId);

    /// <summary>Whether it has ended. It holds to the end of its last day, in UTC.</summary>
    public bool HasEnded(DateTimeOffset time) => time.UtcDateTime.Date > Until.UtcDateTime.Date;

    private static AcceptedFinding ReadEntry(JsonElement entry, int number)
    {
        try
        {
            return Read(entry, number);
        }
        catch (InvalidOperationException e)
        {
            // What the JSON reader throws for half of a surrogate pair.
            throw new FormatException(InvariantText.Format(Messages.ExceptionNotUnicode, number), e);
        }
    }

    private static AcceptedFinding Read(JsonElement entry, int number)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            throw new FormatException(InvariantText.Format(Messages.ExceptionNoObject, number));
        if (entry.EnumerateObject().FirstOrDefault(member => !Members.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
            throw new FormatException(InvariantText.Format(Messages.ExceptionUnknownMember, number, PrintableText.ForMessage(unknown.Name), string.Join(", ", Members)));
        if (entry.EnumerateObject().GroupBy(member => member.Name).FirstOrDefault(members => members.Skip(1).Any()) is { } repeated)
            throw new FormatException(InvariantText.Format(Messages.ExceptionRepeatedMember, number, repeated.Key));
        string rule = Text("rule");
        if (ReportRule.Find(rule) is null)
            throw new FormatException(InvariantText.Format(Messages.ExceptionUnknownRule, number, PrintableText.ForMessage(rule), string.Join(", ", ReportRule.All.Select(known => known.Id))));
        string until = Text("until");
        return DateTimeOffset.TryParseExact(until, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset day)
            ? new AcceptedFinding(rule, Text("clientId"), entry.TryGetProperty("keyId", out _) ? Text("keyId") : null, Text("reason"), day)
            : throw new FormatException(InvariantText.Format(Messages.ExceptionNoDate, number, PrintableText.ForMessage(until)));

        string Text(string member) => entry.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw new FormatException(InvariantText.Format(Messages.ExceptionIncomplete, number, member));
    }
}
