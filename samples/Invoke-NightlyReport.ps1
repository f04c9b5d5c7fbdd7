<#
.SYNOPSIS
    Writes the report of the account's access keys into a folder, and fails on an error that is new since the last run.
.DESCRIPTION
    Run it once a night. It writes report.html, a page to look at, and report.sarif, for a code-scanning page, into -Path, and
    replaces those of the last run. It sends nothing to anybody: the job that runs it does that when it fails.

    Each line of the output is one new error. An error is new if the report.sarif of the last run does not have it, by its
    fingerprint, or has it as accepted. Without a last run, every error is new. After a run that could not read everything,
    errors may be new that an earlier run had.

    The exit code is 0 if there is no new error, and 1 if there is one. It is also 1 if something could not be read, every
    night until it can, and if the report could not be made. Warnings and notes don't change it.

    It changes nothing in Authress. It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY. Run
    it as the user that rotates the keys, because the journal of rotations belongs to a user.
.PARAMETER Path
    The folder for the report. It is created if it does not exist. Keep it from run to run.
.PARAMETER ExceptionFile
    A JSON file of accepted findings: see about_Authress_Report.
.PARAMETER MaximumAge
    The age in days beyond which a key is too old.
.PARAMETER RequiredTag
    Tags that every client must have. For several, run the script with pwsh -Command: pwsh -File takes a list for one text.
.PARAMETER KnownDestination
    The path of a key file, which can be a pattern, or a list of them. Any other key is a finding.
.PARAMETER JournalPath
    The folder of the journal, if not the default one of this user.
.EXAMPLE
    ./Invoke-NightlyReport.ps1 ./report -ExceptionFile ./accepted.json
.EXAMPLE
    pwsh -NonInteractive -File ./Invoke-NightlyReport.ps1 /var/lib/authress-report -MaximumAge 30

    As a nightly job.
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [ValidateNotNullOrEmpty()]
    [string] $ExceptionFile,

    [ValidateRange(0, 36500)]
    [int] $MaximumAge = 90,

    [ValidateNotNullOrEmpty()]
    [string[]] $RequiredTag,

    [ValidateNotNullOrEmpty()]
    [string[]] $KnownDestination,

    [ValidateNotNullOrEmpty()]
    [string] $JournalPath
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

# The errors of a SARIF file that no exception accepts.
function Get-SarifError {
    param([string] $File)
    $log = Get-Content -LiteralPath $File -Raw -Encoding UTF8 | ConvertFrom-Json
    foreach ($result in $log.runs[0].results) {
        if ($result.level -eq 'error' -and -not $result.PSObject.Properties['suppressions']) {
            [pscustomobject] @{
                Rule        = $result.ruleId
                Message     = $result.message.text
                Fingerprint = $result.partialFingerprints.'authressFinding/v1'
            }
        }
    }
}

if (-not (Test-Path -LiteralPath $Path)) {
    $null = New-Item -ItemType Directory -Path $Path
}
$folder = (Resolve-Path -LiteralPath $Path).ProviderPath
$sarif = Join-Path $folder 'report.sarif'

$known = @()
if (Test-Path -LiteralPath $sarif) {
    try {
        $known = @(Get-SarifError $sarif | ForEach-Object { $_.Fingerprint })
    }
    catch {
        Write-Warning "The report of the last run can't be read, so every error counts as new. $_"
    }
}

if (-not (Get-AuthressConnection)) {
    Connect-Authress -ReadOnly
}
$options = @{ MaximumAge = $MaximumAge; OutFile = (Join-Path $folder 'report.html'), $sarif }
foreach ($name in 'ExceptionFile', 'RequiredTag', 'KnownDestination', 'JournalPath') {
    if ($PSBoundParameters.ContainsKey($name)) {
        $options[$name] = $PSBoundParameters[$name]
    }
}
$null = Get-AuthressAccessKeyReport @options

# What can't be read may hide an error, so it never counts as known.
$new = @(Get-SarifError $sarif | Where-Object { $_.Rule -eq 'NotRead' -or $_.Fingerprint -notin $known })
foreach ($one in $new) {
    "$($one.Rule): $($one.Message)"
}
exit [int] ($new.Count -gt 0)
