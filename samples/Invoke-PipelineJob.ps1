<#
.SYNOPSIS
    Checks the service clients of an account in a CI pipeline, and fails the job where a rule is broken.
.DESCRIPTION
    Connects with the pipeline's environment variables AUTHRESS_API_URL and AUTHRESS_KEY, read-only, so that not even a
    mistake could change something. The rules: every client has the required tag; none may create tokens for any user,
    unless it is allowed to by its id; no key is older than a number of days.

    Every finding is an object. The exit code is 0 where there is none, 1 where there are some, and 2 where nothing could be
    checked.
.PARAMETER RequiredTag
    The tag that every client must have.
.PARAMETER MaximumKeyAgeDays
    The age in days that no key may reach.
.PARAMETER AllowTokenGeneration
    The ids of the clients that may create tokens for any user.
.PARAMETER Exclude
    Names of clients that are not checked, with wildcards.
.EXAMPLE
    pwsh -NonInteractive -File ./Invoke-PipelineJob.ps1 -RequiredTag team -MaximumKeyAgeDays 180
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding()]
[OutputType([pscustomobject])]
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

    $findings = foreach ($client in Get-AuthressServiceClient) {
        if ($Exclude | Where-Object { $client.Name -like $_ }) {
            continue
        }
        if (-not $client.Tag.ContainsKey($RequiredTag)) {
            [pscustomobject] @{ ClientId = $client.ClientId; Name = $client.Name; Finding = "has no tag '$RequiredTag'" }
        }
        if ($client.GrantTokenGeneration -and $client.ClientId -notin $AllowTokenGeneration) {
            [pscustomobject] @{ ClientId = $client.ClientId; Name = $client.Name; Finding = 'may create tokens for any user' }
        }
        foreach ($key in $client | Get-AuthressAccessKey -OlderThan $MaximumKeyAgeDays) {
            [pscustomobject] @{ ClientId = $client.ClientId; Name = $client.Name; Finding = "has the key '$($key.KeyId)', which is $([math]::Floor($key.Age.TotalDays)) days old" }
        }
    }
}
catch {
    Write-Error -ErrorRecord $_ -ErrorAction Continue
    exit 2
}

$findings
exit [int] [bool] $findings
