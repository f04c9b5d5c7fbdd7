<#
.SYNOPSIS
    Chooses the exit code of a runbook that rotates access keys.
.DESCRIPTION
    Returns 0 if all is well, 1 if the next run will try again, and 2 if a person must look. The rotation cmdlets give each
    error an id. The errors in the list below come from the network, a vault or another process, and may be gone tomorrow.
    All others, also those that are not known here, need a person.

    Invoke-NightlyRotation.ps1 and Invoke-DisklessRotation.ps1 end with it.
.PARAMETER ErrorRecord
    The errors of the run, as -ErrorVariable collects them.
.PARAMETER Rotation
    The rotations that are still open after the run.
.EXAMPLE
    $rows | Start-AuthressAccessKeyRotation -OlderThan 90 -ErrorAction SilentlyContinue -ErrorVariable problems
    exit (./Get-RotationExitCode.ps1 -ErrorRecord $problems)
#>
#Requires -Version 5.1
[CmdletBinding()]
[OutputType([int])]
param(
    [AllowNull()]
    [AllowEmptyCollection()]
    [object[]] $ErrorRecord = @(),

    [AllowNull()]
    [AllowEmptyCollection()]
    [object[]] $Rotation = @()
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$tryAgain = @(
    'TooManyRequests', 'ServerFailed', 'ConnectionFailed', 'TimedOut', 'InvalidResponse'
    'RotationLocked', 'RotationMayRun', 'RotationTakenOver', 'RotationKeyInUse', 'RotationKeyAwaited', 'RotationKeyNotWorking', 'RotationUndone', 'RotationDestinationFailed', 'RotationCopyNotWorking'
    'RotationContentChanged', 'RotationNotDelivered', 'RotationNotRetired'
)

$code = 0
foreach ($problem in @($ErrorRecord | Where-Object { $_ })) {
    # The id ends with the name of the cmdlet.
    $id = if ($problem.PSObject.Properties['FullyQualifiedErrorId']) { "$($problem.FullyQualifiedErrorId)" -replace ',.*' }
    $code = [math]::Max($code, $(if ($id -in $tryAgain) { 1 } else { 2 }))
}
foreach ($open in @($Rotation | Where-Object { $_ })) {
    $code = [math]::Max($code, $(switch ("$($open.State)") { 'NeedsAttention' { 2 } 'Interrupted' { 1 } default { 0 } }))
}
$code
