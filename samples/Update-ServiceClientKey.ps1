<#
.SYNOPSIS
    Replaces the access key of a service client without an outage.
.DESCRIPTION
    Makes a new key and saves it to a file, tries it until Authress accepts it, lets you deliver it, and only then deletes
    the keys that were there before. Where anything goes wrong before that, no key is deleted, and the service that uses
    the old one goes on as if nothing had happened.

    A new key can take up to five minutes to work, and a client has at most five keys. One that has five is refused: look
    yourself which of them can go.

    It works with the session's connection, or with AUTHRESS_API_URL and AUTHRESS_KEY where there is none. Before the old
    keys are deleted it asks, unless -Confirm:$false is given.
.PARAMETER ClientId
    The id of the service client whose key is replaced.
.PARAMETER OutFile
    The file that receives the new key, readable by its owner alone. It must not be there yet: a key that is in use is not
    overwritten by one that may not work yet.
.PARAMETER Deliver
    What brings the new key to its service, such as a restart. It is called with the file's path after the new key was
    proved and before the old ones are deleted. Where it fails, no key is deleted.
.PARAMETER MaximumAttempts
    How often the new key is tried.
.PARAMETER RetryIntervalSec
    How many seconds lie between two attempts.
.EXAMPLE
    ./Update-ServiceClientKey.ps1 -ClientId $id -OutFile ./billing.key -WhatIf

    Says what would be done.
.EXAMPLE
    ./Update-ServiceClientKey.ps1 $id ./billing.key -Confirm:$false -Deliver { param($File) Copy-Item $File /run/secrets/authress; systemctl restart billing }

    Replaces the key in a runbook.
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $ClientId,

    [Parameter(Mandatory, Position = 1)]
    [ValidateNotNullOrEmpty()]
    [string] $OutFile,

    [scriptblock] $Deliver,

    [ValidateRange(1, 1000)]
    [int] $MaximumAttempts = 40,

    [ValidateRange(0, 300)]
    [int] $RetryIntervalSec = 10
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if (-not (Get-AuthressConnection)) {
    Connect-Authress
}

$old = @(Get-AuthressAccessKey -ClientId $ClientId)
if ($old.Count -ge 5) {
    throw "The service client '$ClientId' has five keys already, so none can be added. Delete one that nothing uses with Remove-AuthressAccessKey."
}

$key = New-AuthressAccessKey -ClientId $ClientId -OutFile $OutFile
if (-not $key) {
    # -WhatIf, or the answer was no. There is nothing to prove, so nothing may go.
    if ($WhatIfPreference) {
        $old | Remove-AuthressAccessKey -Force
    }
    return
}

$works = $false
for ($attempt = 1; $attempt -le $MaximumAttempts; $attempt++) {
    $works = Test-AuthressAccessKey -AccessKey $key.AccessKey -Quiet
    if ($works -or $attempt -eq $MaximumAttempts) {
        break
    }
    Write-Verbose "The new key '$($key.KeyId)' does not work yet. The next attempt is in $RetryIntervalSec seconds."
    Start-Sleep -Seconds $RetryIntervalSec
}
if (-not $works) {
    throw "The new key '$($key.KeyId)' of '$ClientId' did not work after $attempt attempts. No key was deleted. Try '$OutFile' again later, or delete the new key."
}

if ($Deliver) {
    & $Deliver $OutFile
}

# Whoever replaces the key that signs here goes on with the new one, which then deletes its predecessor.
$connection = Get-AuthressConnection
if ($connection.ClientId -eq $ClientId) {
    $connection = Connect-Authress -ApiUrl $connection.ApiUrl -AccessKey $key.AccessKey -PassThru
}
$old | Remove-AuthressAccessKey -Connection $connection

$left = @(Get-AuthressAccessKey -ClientId $ClientId | Select-Object -ExpandProperty KeyId)
[pscustomobject] @{
    ClientId     = $ClientId
    KeyId        = $key.KeyId
    KeyFile      = $OutFile
    Attempts     = $attempt
    DeletedKeyId = @($old | Select-Object -ExpandProperty KeyId | Where-Object { $_ -notin $left })
}
