using System.Management.Automation.Language;
using Authress.Client.Reports;
using Authress.Client.Rotations;

namespace Authress.PowerShell.Reports;

/// <summary>The module's commands that correct what a report finds. Every value is quoted, since names and tags may come from anybody.</summary>
internal sealed class ReportFixes : IReportFixes
{
    // To be replaced by the one who knows, and enough to be found again.
    private const string TagToFillIn = "FILL-IN";

    private const string CommonRateLimit = "PT5M:1000";

    public string Rotate(string clientId, string keyId, RotationPlace? place) =>
        $"Start-AuthressAccessKeyRotation -ClientId {Quote(clientId)} -KeyId {Quote(keyId)} {(place is null ? NewFile(clientId) : Destination(place))}";

    public string MakeKey(string clientId) => $"New-AuthressAccessKey -ClientId {Quote(clientId)} {NewFile(clientId)}";

    public string RemoveKey(string clientId, string keyId) => $"Remove-AuthressAccessKey -ClientId {Quote(clientId)} -KeyId {Quote(keyId)}";

    public string ForbidTokens(string clientId) => $"Set-AuthressServiceClient -ClientId {Quote(clientId)} -GrantTokenGeneration $false";

    public string LimitRate(string clientId) => $"Set-AuthressServiceClient -ClientId {Quote(clientId)} -RateLimit {CommonRateLimit}";

    public string AddTags(string clientId, TagMap? present, IEnumerable<string> missing)
    {
        IEnumerable<string> pairs = (present ?? []).Cast<KeyValuePair<string, string>>().Where(tag => !missing.Contains(tag.Key)).Select(tag => $"{Quote(tag.Key)} = {Quote(tag.Value)}")
            .Concat(missing.Select(tag => $"{Quote(tag)} = {Quote(TagToFillIn)}"));
        return $"Set-AuthressServiceClient -ClientId {Quote(clientId)} -Tag @{{ {string.Join("; ", pairs)} }}";
    }

    public string CarryOn(Rotation rotation) => $"Start-AuthressAccessKeyRotation -ClientId {Quote(rotation.ClientId)} {Destination(rotation.Place)}{Force(rotation)}";

    public string Complete(Rotation rotation) => $"Complete-AuthressAccessKeyRotation -ClientId {Quote(rotation.ClientId)} {Destination(rotation.Place)}{Force(rotation)}";

    public string RemoveException(string file, AcceptedFinding exception) =>
        $"@(Get-Content -LiteralPath {Quote(file)} -Raw | ConvertFrom-Json) | Where-Object {{ -not ($_.rule -eq {Quote(exception.Rule)} -and $_.clientId -eq {Quote(exception.ClientId)} -and $_.until -eq {Quote(exception.Until.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))}) }} | ForEach-Object -Begin {{ $kept = @() }} -Process {{ $kept += $_ }} -End {{ ConvertTo-Json $kept | Set-Content -LiteralPath {Quote(file)} }}";

    private static string NewFile(string clientId) => $"-OutFile {Quote($"./{string.Concat(clientId.Split(Path.GetInvalidFileNameChars()))}.key")}";

    private static string Force(Rotation rotation) => rotation.NeedsAttention ? " -Force" : string.Empty;

    // The journal does not keep a script.
    private static string Destination(RotationPlace place) =>
        place.OutFile is { } file ? $"-OutFile {Quote(file)}"
        : place.SecretName is { } secret ? $"-SecretName {Quote(secret)} -VaultName {Quote(place.VaultName ?? string.Empty)}"
        : "-SaveScript $save -ReadScript $read";

    private static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
