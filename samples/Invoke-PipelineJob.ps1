<#
.SYNOPSIS
    Checks the service clients of an account in a CI pipeline, and fails the job if a rule is broken.
.DESCRIPTION
    Connects with the pipeline's environment variables AUTHRESS_API_URL and AUTHRESS_KEY, read-only, so that it
    can't change anything. The rules: every client has the required tag; only the clients that you allow may create tokens
    for any user; no key is older than a number of days.

    Every finding is a line of text, because 'exit' drops a table that PowerShell has not written yet. The exit code is 0
    without findings, 1 with findings, and 2 if the check failed. A client whose keys can't be read, for example because it
    was deleted after it was listed, also causes exit code 2, after the other clients were checked.
.PARAMETER RequiredTag
    The tag that every client must have.
.PARAMETER MaximumKeyAgeDays
    The age in days that a key must not reach.
.PARAMETER AllowTokenGeneration
    The ids of the clients that may create tokens for any user.
.PARAMETER Exclude
    Names of clients to skip. Wildcards are allowed.
.EXAMPLE
    pwsh -NonInteractive -File ./Invoke-PipelineJob.ps1 -RequiredTag team -MaximumKeyAgeDays 180
.EXAMPLE
    pwsh -NonInteractive -Command "./Invoke-PipelineJob.ps1 -Exclude 'demo*', 'sandbox*'; exit `$LASTEXITCODE"

    Passes several values, which -File would read as one.
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding()]
[OutputType([string])]
param(
    [ValidateNotNullOrEmpty()]
    [string] $RequiredTag = 'team',

    [ValidateRange(0, 36500)]
    [int] $MaximumKeyAgeDays = 365,

    [string[]] $AllowTokenGeneration = @(),

    [string[]] $Exclude = @()
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

try {
    Connect-Authress -ReadOnly
    $connection = Test-AuthressConnection
    if (-not $connection.Success) {
        throw $connection.Message
    }

    # -like follows the machine's language: in Turkish, 'import*' does not match 'Importer'.
    $excluded = @($Exclude | ForEach-Object { New-Object System.Management.Automation.WildcardPattern $_, 'IgnoreCase, CultureInvariant' })
    $problems = @()
    $findings = foreach ($client in Get-AuthressServiceClient) {
        if ($excluded | Where-Object { $_.IsMatch([string] $client.Name) }) {
            continue
        }
        if (-not $client.Tag.ContainsKey($RequiredTag)) {
            "$($client.ClientId) ($($client.Name)) has no tag '$RequiredTag'."
        }
        if ($client.GrantTokenGeneration -and $client.ClientId -cnotin $AllowTokenGeneration) {
            "$($client.ClientId) ($($client.Name)) may create tokens for any user."
        }
        foreach ($key in $client | Get-AuthressAccessKey -OlderThan $MaximumKeyAgeDays -ErrorAction SilentlyContinue -ErrorVariable +problems) {
            "$($client.ClientId) ($($client.Name)) has the key '$($key.KeyId)', which is $([math]::Floor($key.Age.TotalDays)) days old."
        }
    }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    exit 2
}

$findings
if ($problems) {
    foreach ($problem in $problems) {
        Write-Error -ErrorRecord $problem -ErrorAction Continue
    }
    exit 2
}
exit [int] [bool] $findings
