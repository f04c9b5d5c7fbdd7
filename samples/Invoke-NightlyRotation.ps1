<#
.SYNOPSIS
    Rotates the access keys of a list of destinations, unattended, on a machine that keeps its disk.
.DESCRIPTION
    Run it once a night. It begins a rotation wherever the key in a destination is older than -MaximumAge, continues what a
    failure or a kill interrupted, and deletes the keys whose overlap has passed. At every moment, each destination holds a key
    that works. Keys of other destinations are not touched. A client with a destination that fails loses no key that night,
    since that destination may still hold it. List all destinations of a client, if they share a key.

    The columns of the CSV file are ClientId, and OutFile or SecretName, with VaultName if the secret is not in the default
    vault. A relative OutFile starts from the current folder. A destination that is empty gets a key. If its client has
    several keys, run Start-AuthressAccessKeyRotation with -KeyId once, to say which of them it replaces.

    Every line of the output is one rotation; errors go to the error stream. Neither contains a secret. The exit code is 0 if
    all is well, 1 if something failed and the next run tries again, and 2 if a person must look. Exit code 1 on several
    nights in a row also needs a person.

    Run it always as the same user, because the journal belongs to a user. A vault must open without a prompt. It needs
    Import-CheckedCsv.ps1 and Get-RotationExitCode.ps1 in its folder.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY.
.PARAMETER Path
    The CSV file, in UTF-8.
.PARAMETER MaximumAge
    The age in days beyond which a key is replaced.
.PARAMETER OverlapHours
    For how many hours the replaced key goes on working. A service must read its key again within this time.
.PARAMETER WaitSec
    How many seconds to wait until a new key works.
.PARAMETER JournalPath
    The folder of the journal, if not the default one of this user.
.PARAMETER Delimiter
    The character between two cells of the file.
.EXAMPLE
    ./Invoke-NightlyRotation.ps1 ./destinations.csv -WhatIf

    Shows which keys would be replaced and deleted.
.EXAMPLE
    pwsh -NonInteractive -File ./Invoke-NightlyRotation.ps1 ./destinations.csv -MaximumAge 30

    As a nightly job.
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding(SupportsShouldProcess)]
[OutputType([string])]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [ValidateRange(0, 36500)]
    [int] $MaximumAge = 90,

    [ValidateRange(0, 8760)]
    [int] $OverlapHours = 24,

    [ValidateRange(0, 3600)]
    [int] $WaitSec = 600,

    [ValidateNotNullOrEmpty()]
    [string] $JournalPath,

    [char] $Delimiter = ','
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

function Format-Rotation {
    param([Parameter(ValueFromPipeline)] $Rotation)
    process {
        $due = if ($Rotation.DueTime) { $Rotation.DueTime.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", [cultureinfo]::InvariantCulture) }
        $parts = "$($Rotation.ClientId): $($Rotation.State)", $Rotation.Destination
        if ($Rotation.NewKeyId) { $parts += "new key '$($Rotation.NewKeyId)'" }
        if ($Rotation.ReplacedKeyId) { $parts += "replaced key '$($Rotation.ReplacedKeyId)'" }
        if ($due) { $parts += "due $due" }
        $parts -join ', '
    }
}

$problems = @()
$open = @()
try {
    $rows = & (Join-Path $PSScriptRoot 'Import-CheckedCsv.ps1') $Path -Column ClientId -Delimiter $Delimiter
    if (-not (Get-AuthressConnection)) {
        Connect-Authress
    }

    $journal = @{}
    if ($JournalPath) {
        $journal.JournalPath = $JournalPath
    }
    $start = @{ OlderThan = $MaximumAge; OverlapPeriod = New-TimeSpan -Hours $OverlapHours; WaitSec = $WaitSec }
    $quietly = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = '+problems' }

    $due = @(Get-AuthressAccessKeyRotation -State Due @journal @quietly)

    # Without other columns: a KeyId would be the key to replace.
    $destinations = $rows | Select-Object -Property ClientId, OutFile, SecretName, VaultName
    $destinations | Start-AuthressAccessKeyRotation @start @journal -ErrorAction SilentlyContinue -ErrorVariable failures | Format-Rotation
    $withoutRoom = @($failures | Where-Object FullyQualifiedErrorId -Like 'RotationNoRoom,*' | ForEach-Object TargetObject)
    $problems += @($failures | Where-Object FullyQualifiedErrorId -NotLike 'RotationNoRoom,*')

    # A destination that failed may still hold the key that another one has replaced, so its client loses none tonight.
    $failed = @($problems | ForEach-Object { if ($_.TargetObject -is [string]) { $_.TargetObject } else { $_.TargetObject.ClientId } })
    $due | Where-Object { $_.ClientId -cnotin $failed } |
        Complete-AuthressAccessKeyRotation -Confirm:$false @journal @quietly |
        Format-Rotation

    # That may have made room.
    $destinations | Where-Object { $_.ClientId -cin $withoutRoom } |
        Start-AuthressAccessKeyRotation @start @journal @quietly |
        Format-Rotation

    # Also those of destinations that are no longer in the file.
    $open = @(Get-AuthressAccessKeyRotation -State Interrupted, NeedsAttention @journal -ErrorAction SilentlyContinue)
    $open | Format-Rotation
}
catch {
    $problems = @($problems) + $_
}

foreach ($problem in $problems) {
    Write-Error -ErrorRecord $problem -ErrorAction Continue
}
exit (& (Join-Path $PSScriptRoot 'Get-RotationExitCode.ps1') -ErrorRecord $problems -Rotation $open)
