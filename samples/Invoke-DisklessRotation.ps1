<#
.SYNOPSIS
    Rotates the access keys of a vault, unattended, on a machine whose disk does not last.
.DESCRIPTION
    For a container or a build agent, which starts anew each night. Nothing is kept on its disk: the vault keeps a record
    beside each secret, as NAME-rotation, without a key. Any later run, on any machine, continues from there.

    It rotates every secret of the vault that was saved by this module, for the account that it is connected to: the vault
    keeps the client's id beside it, as metadata. Other secrets are not touched, and neither are keys in other places. A
    vault that keeps no metadata can't be used in this way; pipe rows of ClientId and SecretName instead.

    It deletes the keys whose overlap has passed, begins a rotation wherever a key is older than -MaximumAge, and continues
    what a failure or a kill interrupted. Let one run at a time do this: there is no lock between machines.

    Every line of the output is one rotation; errors go to the error stream. Neither contains a secret. The exit code is 0 if
    all is well, 1 if something failed and the next run tries again, and 2 if a person must look. Exit code 1 on several
    nights in a row also needs a person.

    It needs the module Microsoft.PowerShell.SecretManagement, a registered vault that opens without a prompt, and
    Get-RotationExitCode.ps1 in its folder.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY. The key of that connection is not
    deleted. To rotate it too, keep it in the vault and run Connect-Authress -SecretName before this script.
.PARAMETER VaultName
    The vault.
.PARAMETER SecretName
    The names of the secrets. Wildcards are allowed.
.PARAMETER MaximumAge
    The age in days beyond which a key is replaced.
.PARAMETER OverlapHours
    For how many hours the replaced key goes on working. A service must read its key again within this time.
.PARAMETER WaitSec
    How many seconds to wait until a new key works.
.EXAMPLE
    ./Invoke-DisklessRotation.ps1 -VaultName ops -WhatIf

    Shows which keys would be replaced and deleted.
.EXAMPLE
    pwsh -NonInteractive -File ./Invoke-DisklessRotation.ps1 -VaultName ops -SecretName 'authress-*' -MaximumAge 30

    As a nightly job.
#>
#Requires -Version 5.1
#Requires -Modules Authress, Microsoft.PowerShell.SecretManagement
[CmdletBinding(SupportsShouldProcess)]
[OutputType([string])]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $VaultName,

    [ValidateNotNullOrEmpty()]
    [string] $SecretName = '*',

    [ValidateRange(0, 36500)]
    [int] $MaximumAge = 90,

    [ValidateRange(0, 8760)]
    [int] $OverlapHours = 24,

    [ValidateRange(0, 3600)]
    [int] $WaitSec = 600
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$problems = @()
$kept = [System.Collections.Generic.List[object]]::new()
$open = @()
try {
    if (-not (Get-AuthressConnection)) {
        Connect-Authress
    }
    $account = (Get-AuthressConnection).AccountId
    $all = @(foreach ($secret in Get-SecretInfo -Vault $VaultName) {
        $metadata = $secret.Metadata
        if ($metadata.ContainsKey('clientId') -and $metadata.ContainsKey('accountId') -and $metadata['accountId'] -ceq $account) {
            [pscustomobject] @{ ClientId = $metadata['clientId']; SecretName = $secret.Name; VaultName = $VaultName }
        }
    })
    # The names of a vault's secrets follow no culture.
    $pattern = [System.Management.Automation.WildcardPattern]::new($SecretName, 'IgnoreCase, CultureInvariant')
    $secrets = @($all | Where-Object { $pattern.IsMatch($_.SecretName) })
    if (-not $secrets) {
        throw "No secret '$SecretName' of the vault '$VaultName' has the id of a service client of the account '$account' beside it."
    }

    $start = @{ OlderThan = $MaximumAge; OverlapPeriod = New-TimeSpan -Hours $OverlapHours; WaitSec = $WaitSec }
    $quietly = @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = '+problems' }

    # Of all secrets, also of those that are not rotated: each keeps the key that it held for its overlap.
    $rotations = @($all | Get-AuthressAccessKeyRotation -WithoutJournal -ErrorAction SilentlyContinue -ErrorVariable unread)
    $unread = @($unread | Where-Object { $_ })
    $unreadId = @($unread | ForEach-Object { $_.TargetObject })
    $problems += @($unread | Where-Object { $_.TargetObject -cin $secrets.ClientId })

    # A key is kept that another secret of the vault still holds, may hold, or keeps.
    $due = @($rotations | Where-Object { $_.State -eq 'Due' -and $pattern.IsMatch($_.SecretName) -and $_.ClientId -cnotin $unreadId } | Where-Object {
        $rotation = $_
        $keeper = $rotations | Where-Object { $rotation.ReplacedKeyId -and $_.State -ne 'Due' -and $_.ClientId -ceq $rotation.ClientId -and $_.ReplacedKeyId -ceq $rotation.ReplacedKeyId } |
            Select-Object -First 1
        $holder = $all | Where-Object { $rotation.ReplacedKeyId -and $_.ClientId -ceq $rotation.ClientId -and $_.SecretName -ne $rotation.SecretName } |
            Where-Object {
                try {
                    $reason = 'still holds it.'
                    (Test-AuthressAccessKey -SecretName $_.SecretName -VaultName $VaultName).KeyId -ceq $rotation.ReplacedKeyId
                }
                catch {
                    $reason = "may hold it and can't be read: $_"
                    $true
                }
            } |
            Select-Object -First 1
        if ($keeper -and $keeper.State -ne 'Delivered') {
            $holder = $keeper
            $reason = "may still be used with it: its rotation is $($keeper.State)."
        }
        if ($holder) {
            $text = "The key '$($rotation.ReplacedKeyId)' of '$($rotation.ClientId)' is kept, because the secret '$($holder.SecretName)' $reason"
            $kept.Add([System.Management.Automation.ErrorRecord]::new([System.InvalidOperationException]::new($text), 'RotationKeyInUse', 'InvalidOperation', $rotation.ClientId))
        }
        -not ($holder -or $keeper)
    })

    # First, because this makes room for new keys.
    $due | Complete-AuthressAccessKeyRotation -WithoutJournal -Confirm:$false @quietly |
        Where-Object State -EQ Completed |
        ForEach-Object { "$($_.SecretName): deleted the key '$($_.ReplacedKeyId)' of $($_.ClientId), which '$($_.NewKeyId)' replaced" }

    $secrets | Start-AuthressAccessKeyRotation -WithoutJournal @start @quietly |
        ForEach-Object { "$($_.SecretName): the key '$($_.NewKeyId)' of $($_.ClientId) replaces '$($_.ReplacedKeyId)' ($($_.State))" }

    $open = @($secrets | Get-AuthressAccessKeyRotation -State Interrupted, NeedsAttention -WithoutJournal -ErrorAction SilentlyContinue)
    $open | ForEach-Object { "$($_.SecretName): $($_.State) since $($_.StepTime.UtcDateTime.ToString('u'))" }
}
catch {
    $problems = @($problems) + $_
}

$problems = @($problems) + $kept
foreach ($problem in $problems) {
    Write-Error -ErrorRecord $problem -ErrorAction Continue
}
exit (& (Join-Path $PSScriptRoot 'Get-RotationExitCode.ps1') -ErrorRecord $problems -Rotation $open)
