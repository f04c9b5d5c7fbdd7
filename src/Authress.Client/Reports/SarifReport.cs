using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Authress.Client.Reports;

/// <summary>The findings in the Static Analysis Results Interchange Format, version 2.1.0, for a code-scanning page.</summary>
public static class SarifReport
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private const string Help = "https://github.com/Authress/authress-sdk.powershell/blob/main/docs/Get-AuthressAccessKeyReport.md";
    private const int FingerprintLength = 32;

    /// <summary>Writes the findings. Accepted ones are suppressed, with their reasons.</summary>
    public static void Write(ReportDocument document, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json);
        json.WriteStartArray("invocations");
        json.WriteStartObject();

        // An account that was not read completely is not clean.
        json.WriteBoolean("executionSuccessful", document.Accounts.All(account => account.IsComplete));
        json.WriteString("endTimeUtc", document.Time.UtcDateTime);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("results");
        foreach (AccessKeyFinding finding in document.Findings.Concat(document.Accepted))
            WriteResult(json, finding);
        json.WriteEndArray();
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTool(Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "Authress.PowerShell");
        json.WriteString("version", AuthressApiOptions.Version);
        json.WriteString("informationUri", Help);
        json.WriteStartArray("rules");
        foreach (ReportRule rule in ReportRule.All)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("name", rule.Id);
            WriteText(json, "shortDescription", rule.Description);
            json.WriteString("helpUri", Help);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", Level(rule.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, AccessKeyFinding finding)
    {
        string account = finding.AccountId ?? finding.ApiUrl?.Host ?? Messages.None;
        string place = string.Join("/", new[] { account, finding.ClientId, finding.KeyId }.OfType<string>());
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteNumber("ruleIndex", ReportRule.All.TakeWhile(rule => rule.Id != finding.Rule).Count());
        json.WriteString("level", Level(finding.Severity));
        WriteText(json, "message", finding.Fix is null ? finding.Message : $"{finding.Message} {finding.Fix}");
        json.WriteStartArray("locations");
        json.WriteStartObject();

        // A code-scanning page requires a file. There is none, so it is the path of the client.
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", "authress/" + string.Join("/", place.Split('/').Select(Uri.EscapeDataString)));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", 1);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("logicalLocations");
        json.WriteStartObject();
        json.WriteString("fullyQualifiedName", place);
        json.WriteString("kind", finding.KeyId is not null ? "resource" : "module");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("authressFinding/v1", Fingerprint($"{finding.Rule}\n{finding.AccountId}\n{finding.ApiUrl?.Host}\n{finding.ClientId}\n{finding.Subject ?? finding.KeyId}"));
        json.WriteEndObject();
        if (finding.AcceptedReason is { } reason)
        {
            json.WriteStartArray("suppressions");
            json.WriteStartObject();
            json.WriteString("kind", "external");
            json.WriteString("justification", reason);
            if (finding.AcceptedUntil is { } until)
            {
                json.WriteStartObject("properties");
                json.WriteString("until", until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string member, string text)
    {
        json.WriteStartObject(member);
        json.WriteString("text", PrintableText.Escape(text));
        json.WriteEndObject();
    }

    private static string Level(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        _ => "note",
    };

    // Of what it is about alone: a finding stays the same while its age grows.
    private static string Fingerprint(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
#if NET
        string hash = Convert.ToHexString(SHA256.HashData(bytes));
#else
        using SHA256 algorithm = SHA256.Create();
        string hash = BitConverter.ToString(algorithm.ComputeHash(bytes)).Replace("-", string.Empty);
#endif
        return hash.Substring(0, FingerprintLength).ToLowerInvariant();
    }
}
