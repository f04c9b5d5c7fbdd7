using System.Globalization;
using System.Management.Automation.Language;
using System.Text;
using Authress.Client.Reports;
using Authress.Client.Rotations;

namespace Authress.PowerShell.Reports;

/// <summary>The module's commands that correct what a report finds. Every value is quoted, since names and tags may come from anybody.</summary>
/// <param name="account">
/// The account that the commands are for, which then take its connection from <c>$connections</c>. Where nobody has set that, they fail
/// and send nothing. Null for the session's own.
/// </param>
/// <param name="journalPath">The folder of the journal; null for the default one.</param>
internal sealed class ReportFixes(string? account, string? journalPath) : IReportFixes
{
    // To be replaced by the one who knows, and enough to be found again.
    private const string TagToFillIn = "FILL-IN";

    private const string CommonRateLimit = "PT5M:1000";

    // Within double quotes. PowerShell takes the curly ones for straight ones.
    private const string ActiveInQuotes = "\"`$\u201C\u201D\u201E";

    // Of these, a quoted text has two in a row.
    private static readonly char[] SingleQuotes = ['\'', '\u2018', '\u2019', '\u201A', '\u201B'];

    private static readonly char[] NotInFileNames = Path.GetInvalidFileNameChars();

    public string Rotate(string clientId, string keyId, RotationPlace? place) =>
        $"Start-AuthressAccessKeyRotation -ClientId {Quote(clientId)} -KeyId {Quote(keyId)} {(place is null ? NewFile(clientId, keyId) : Destination(place))}{Journal}{Connection}";

    public string MakeKey(string clientId) => $"New-AuthressAccessKey -ClientId {Quote(clientId)} {NewFile(clientId)}{Connection}";

    public string RemoveKey(string clientId, string keyId) => $"Remove-AuthressAccessKey -ClientId {Quote(clientId)} -KeyId {Quote(keyId)}{Connection}";

    public string ForbidTokens(string clientId) => $"Set-AuthressServiceClient -ClientId {Quote(clientId)} -GrantTokenGeneration $false{Connection}";

    public string LimitRate(string clientId) => $"Set-AuthressServiceClient -ClientId {Quote(clientId)} -RateLimit {CommonRateLimit}{Connection}";

    // Set-AuthressServiceClient replaces all tags, so one that the command can't contain would be lost.
    public string? AddTags(string clientId, TagMap? present, IEnumerable<string> missing)
    {
        TagMap tags = new(present ?? []);
        foreach (string tag in missing)
            tags[tag] = TagToFillIn;
        return tags.Keys.Any(tag => tag.Length == 0) || tags.Keys.Concat(tags.Values).Any(text => Redaction.Hide(text) != text)
            ? null
            : $"Set-AuthressServiceClient -ClientId {Quote(clientId)} -Tag {(CanBeKeys(tags) ? Hashtable(tags) : Quote(tags.ToString()))}{Connection}";
    }

    public string CarryOn(Rotation rotation) => $"Start-AuthressAccessKeyRotation -ClientId {Quote(rotation.ClientId)} {Destination(rotation.Place)}{Force(rotation)}{Journal}{Connection}";

    public string Complete(Rotation rotation) => $"Complete-AuthressAccessKeyRotation -ClientId {Quote(rotation.ClientId)} {Destination(rotation.Place)}{Journal}{Connection}";

    public string RemoveException(string file, AcceptedFinding exception) =>
        $"(Get-Content -LiteralPath {Quote(file)} -Raw -Encoding utf8 | ConvertFrom-Json) | Where-Object {{ -not ($_.rule -ceq {Quote(exception.Rule)} -and $_.clientId -ceq {Quote(exception.ClientId)} -and {IsKey(exception.KeyId)} -and $_.until -eq {Quote(exception.UntilText)}) }} | ForEach-Object -Begin {{ $kept = @() }} -Process {{ $kept += $_ }} -End {{ ConvertTo-Json $kept | Set-Content -LiteralPath {Quote(file)} -Encoding utf8 }}";

    private string Connection => account is null ? string.Empty : $" -Connection $connections[{Quote(account)}]";

    private string Journal => journalPath is null ? string.Empty : $" -JournalPath {Quote(journalPath)}";

    // Selected, because strict mode refuses to read a property that an entry lacks.
    private static string IsKey(string? keyId) => $"{(keyId is null ? "$null" : Quote(keyId))} -ceq ($_ | Select-Object keyId).keyId";

    // One file for each key, so that the second key of a client does not replace the first.
    private static string NewFile(params string[] ids) => $"-OutFile {Quote($"./{string.Concat(string.Join(".", ids).Split(NotInFileNames))}.key")}";

    // A hashtable of PowerShell compares keys without case, and by the rules of a language.
    private static bool CanBeKeys(TagMap tags) =>
        tags.Keys.Distinct(StringComparer.OrdinalIgnoreCase).Count() == tags.Count && tags.Keys.All(tag => tag.All(c => c is >= ' ' and <= '~'));

    private static string Hashtable(TagMap tags) => $"@{{ {string.Join("; ", tags.Keys.Select(tag => $"{Quote(tag)} = {Quote((string)tags[tag]!)}"))} }}";

    private static string Force(Rotation rotation) => rotation.NeedsAttention ? " -Force" : string.Empty;

    // The journal does not keep a script.
    private static string Destination(RotationPlace place) =>
        place.OutFile is { } file ? $"-OutFile {Quote(file)}"
        : place.SecretName is { } secret ? $"-SecretName {Quote(secret)} -VaultName {Quote(place.VaultName ?? string.Empty)}"
        : "-SaveScript $save -ReadScript $read";

    // What a terminal, a page or a table would obey, change or leave out is written as its number. Windows PowerShell knows no
    // shorter form.
    private static string Quote(string text)
    {
        if (IsPlain(text))
            return $"'{(text.IndexOfAny(SingleQuotes) < 0 ? text : CodeGeneration.EscapeSingleQuotedStringContent(text))}'";
        StringBuilder quoted = new("\"");
        for (int i = 0; i < text.Length; i++)
        {
            if (NeedsNumber(text, i))
                quoted.Append("$([char]").Append(((int)text[i]).ToString(CultureInfo.InvariantCulture)).Append(')');
            else if (ActiveInQuotes.Contains(text[i]))
                quoted.Append('`').Append(text[i]);
            else
                quoted.Append(text[i]);
        }

        return quoted.Append('"').ToString();
    }

    private static bool IsPlain(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (NeedsNumber(text, i))
                return false;
        }

        return true;
    }

    private static bool NeedsNumber(string text, int index)
    {
        char c = text[index];
        bool isHalf = char.IsSurrogate(c) && !char.IsSurrogatePair(text, index) && (index == 0 || !char.IsSurrogatePair(text, index - 1));
        return isHalf || PrintableText.IsObeyed(c) || (char.IsWhiteSpace(c) && c != ' ') || c is '\uFFFE' or '\uFFFF';
    }
}
