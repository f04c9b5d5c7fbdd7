<#
.SYNOPSIS
    Replaces a leaked access key where it is used, and deletes it at once.
.DESCRIPTION
    Finds the destinations that hold the leaked key, delivers a new key to each of them, deletes the leaked key without an
    overlap, and proves that Authress no longer accepts it. A destination holds a key that works at every moment. The
    client's other keys, and other destinations, are not touched. If a delivery fails, the leaked key is not deleted.

    A destination of the client that can't be read is an error, and nothing is changed, because it may hold the leaked key.
    With -IgnoreUnread, the others go on, and the exit code is 1.

    The destinations are those of the CSV file of Invoke-NightlyRotation.ps1: ClientId, and OutFile or SecretName, with or
    without VaultName. If a rotation is replacing the leaked key already, it is completed without waiting for its overlap.

    It asks before it deletes the key, unless you specify -Confirm:$false. If a service reads its key only when it starts,
    restart it before you answer.

    Tokens that were signed with the key stop working with it. What was done with it before is another question: look at the
    account's audit trail.

    It needs Import-CheckedCsv.ps1 in its folder. It uses the session's connection or, without one, AUTHRESS_API_URL and
    AUTHRESS_KEY. If the leaked key signs for this connection, it goes on with the new one.
.PARAMETER AccessKey
    The leaked access key. Omit it to be asked for it, so that it does not stay in the history.
.PARAMETER Path
    The CSV file, in UTF-8.
.PARAMETER JournalPath
    The folder of the journal, if not the default one of this user.
.PARAMETER WithoutJournal
    For destinations that are rotated with -WithoutJournal, such as those of Invoke-DisklessRotation.ps1.
.PARAMETER IgnoreUnread
    Replaces and deletes the leaked key although destinations of the client can't be read. If one of them holds it, its
    service has no key that works until it gets another one. If the journal has it that such a destination holds the leaked
    key, the error is RotationKeyInUse and the key stays: delete the record that the error names, and run the script again.
.PARAMETER WaitSec
    How many seconds to wait until Authress refuses the deleted key.
.PARAMETER Delimiter
    The character between two cells of the file.
.EXAMPLE
    ./Revoke-LeakedKey.ps1 -Path ./destinations.csv

    Asks for the key, and before it deletes it.
.EXAMPLE
    ./Revoke-LeakedKey.ps1 -Path ./destinations.csv -AccessKey (Get-Secret leaked) -WhatIf

    Shows where a new key would be delivered.
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
[OutputType([pscustomobject])]
param(
    [Parameter(Mandatory, Position = 0)]
    [securestring] $AccessKey,

    [Parameter(Mandatory, Position = 1)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [ValidateNotNullOrEmpty()]
    [string] $JournalPath,

    [switch] $WithoutJournal,

    [switch] $IgnoreUnread,

    [ValidateRange(0, 3600)]
    [int] $WaitSec = 300,

    [char] $Delimiter = ','
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$rows = & (Join-Path $PSScriptRoot 'Import-CheckedCsv.ps1') $Path -Column ClientId -Delimiter $Delimiter
if (-not (Get-AuthressConnection)) {
    Connect-Authress
}
$connection = Get-AuthressConnection
$journal = @{}
if ($WithoutJournal) {
    $journal.WithoutJournal = $true
}
elseif ($JournalPath) {
    $journal.JournalPath = $JournalPath
}

# The parameters with which other cmdlets read a destination.
function Get-Source {
    param($Row)
    if ($Row.OutFile) {
        return @{ KeyFile = $Row.OutFile }
    }
    $source = @{ SecretName = $Row.SecretName }
    if ($Row.VaultName) {
        $source.VaultName = $Row.VaultName
    }
    $source
}

# Runs a script for each destination of which it can read what it needs. Any other is an error of its own.
$unread = @{}
function Invoke-ForReadable {
    param([object[]] $Row, [scriptblock] $Script)
    foreach ($one in $Row) {
        if ($unread.ContainsKey($one)) {
            continue
        }
        try {
            & $Script $one
        }
        catch {
            $unread[$one] = $true
            Write-Error "The destination '$($one.OutFile)$($one.SecretName)' of '$clientId' can't be read, so it may hold the leaked key. $_" -ErrorAction Continue
        }
    }
}

# The journal also knows destinations that are not in the file.
function Get-OpenRotation {
    param([object[]] $Row)
    if ($WithoutJournal) {
        Invoke-ForReadable $Row { param($One) $One | Get-AuthressAccessKeyRotation @journal }
    }
    else {
        Get-AuthressAccessKeyRotation -ClientId $clientId @journal
    }
}

$leaked = Test-AuthressAccessKey -AccessKey $AccessKey
if (-not $leaked.IsWellFormed -or ($leaked.AccountId -and $leaked.AccountId -cne $connection.AccountId)) {
    throw "This is not an access key of the account '$($connection.AccountId)'. $($leaked.Message)"
}
$clientId = $leaked.ClientId
$keyId = $leaked.KeyId

$holders = @()
$done = @()
if (Get-AuthressAccessKey -ClientId $clientId | Where-Object { $_.KeyId -ceq $keyId }) {
    $candidates = @($rows | Where-Object { $_.ClientId -ceq $clientId } | Select-Object -Property ClientId, OutFile, SecretName, VaultName)
    $holders = @(Invoke-ForReadable $candidates {
        param($One)
        $source = Get-Source $One
        if ((Test-AuthressAccessKey @source).KeyId -ceq $keyId) {
            $One
        }
    })

    $rotations = @(Get-OpenRotation $candidates)
    if ($unread.Count -and -not $IgnoreUnread) {
        $names = @($unread.Keys | ForEach-Object { "'$($_.OutFile)$($_.SecretName)'" }) -join ', '
        throw "Destinations of '$clientId' in '$Path' can't be read, so they may hold the leaked key '$keyId': $names. Correct them, or go on without them with -IgnoreUnread. Nothing was changed."
    }
    $unfinished = $rotations | Where-Object { $_.NewKeyId -ceq $keyId } | Select-Object -First 1
    if ($unfinished) {
        throw "A rotation delivered the leaked key '$keyId' to $($unfinished.Destination), and is not completed: '$($unfinished.ReplacedKeyId)' still works. Complete it first, with Complete-AuthressAccessKeyRotation -Force, and run this script again. Nothing was changed."
    }
    if (-not $holders -and -not ($rotations | Where-Object { $_.ReplacedKeyId -ceq $keyId })) {
        throw "No destination of '$clientId' in '$Path' holds the leaked key '$keyId'. If nothing uses it, run Remove-AuthressAccessKey -ClientId $clientId -KeyId $keyId. Nothing was changed."
    }

    $null = $holders | Start-AuthressAccessKeyRotation -KeyId $keyId -OverlapPeriod 0 @journal
    $replacing = @(Get-OpenRotation $candidates | Where-Object { $_.ReplacedKeyId -ceq $keyId })

    # The leaked key can't delete itself. Under -WhatIf the session keeps its connection.
    if ($replacing -and $connection.ClientId -ceq $clientId -and $connection.KeyId -ceq $keyId) {
        if ($WhatIfPreference) {
            $null = $PSCmdlet.ShouldProcess("the leaked access key '$keyId' of '$clientId', with the new key", 'Delete')
            exit ([int] ($unread.Count -gt 0))
        }
        $source = Get-Source $replacing[0]
        $connection = Connect-Authress -ApiUrl $connection.ApiUrl @source -PassThru
    }

    # Under -WhatIf there are only rotations that began earlier.
    $done = @($replacing | Complete-AuthressAccessKeyRotation -Force -Connection $connection @journal)
    if ($WhatIfPreference) {
        exit ([int] ($unread.Count -gt 0))
    }
    if ($done | Where-Object { $_.State -ne 'Completed' }) {
        throw "The leaked key '$keyId' of '$clientId' was replaced, but not deleted. Run the script again to delete it."
    }
}

$end = [datetime]::UtcNow.AddSeconds($WaitSec)
do {
    $test = Test-AuthressAccessKey -AccessKey $AccessKey -Connection $connection
    $wait = $test.Works -ne $false -and [datetime]::UtcNow -lt $end
    if ($wait) {
        Start-Sleep -Seconds 5
    }
} while ($wait)
if ($test.Works -ne $false) {
    throw "The leaked key '$keyId' of '$clientId' was deleted, but it is not proved that Authress refuses it. $($test.Message)"
}

[pscustomobject] @{
    ClientId    = $clientId
    KeyId       = $keyId
    NewKeyId    = @($done | ForEach-Object { $_.NewKeyId })
    Destination = @($done | ForEach-Object { $_.Destination })
    Works       = $test.Works
}
exit ([int] ($unread.Count -gt 0))
