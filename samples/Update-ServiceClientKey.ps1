<#
.SYNOPSIS
    Replaces one access key of a service client without an outage.
.DESCRIPTION
    Creates a key, saves it to a file, tests it until Authress accepts it, lets you deliver it, and only then deletes the
    key that it replaces. The client's other keys remain. If a step before that fails, no key is deleted, and the service
    can still use the old one.

    A new key can take up to five minutes to work, and a client has at most five keys. A client with five keys is refused:
    delete one of them first.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY. It asks for confirmation before it
    deletes the old key, unless you specify -Confirm:$false.
.PARAMETER ClientId
    The id of the service client whose key is replaced.
.PARAMETER KeyId
    The id of the key to replace. Only a client with a single key does not need it.
.PARAMETER OutFile
    The path of a new file for the new key, which only its owner can read. An existing file is refused, because a key in use
    must not be replaced by one that may not work yet.
.PARAMETER Deliver
    A script block that delivers the new key to its service, for example by restarting it. It is called with the file's path
    after the new key was tested and before the old one is deleted. If it fails, no key is deleted.

    It fails at its first error, also a non-terminating one, and if a program ends with an exit code other than 0. Handle an
    error that you expect in the script block. Before PowerShell 7.4, only the exit code of the last program counts; Windows
    PowerShell also treats what a program writes to its standard error as an error.
.PARAMETER MaximumAttempts
    The maximum number of tests of the new key.
.PARAMETER RetryIntervalSec
    The number of seconds between two tests.
.EXAMPLE
    ./Update-ServiceClientKey.ps1 -ClientId $id -OutFile ./billing.key -WhatIf

    Shows what would be done.
.EXAMPLE
    ./Update-ServiceClientKey.ps1 $id ./billing.key -KeyId $oldKeyId -Confirm:$false -Deliver { param($File) Copy-Item $File /run/secrets/authress; systemctl restart billing }

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

    [ValidateNotNullOrEmpty()]
    [string] $KeyId,

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

$keys = @(Get-AuthressAccessKey -ClientId $ClientId)
if (-not $keys) {
    throw "The service client '$ClientId' has no access key to replace. Create one with New-AuthressAccessKey."
}
$old = @($keys | Where-Object { -not $KeyId -or $_.KeyId -ceq $KeyId })
if ($old.Count -ne 1) {
    $list = ($keys | ForEach-Object { "'$($_.KeyId)'" }) -join ', '
    throw "It is not clear which key of the service client '$ClientId' to replace. Specify one of its $($keys.Count) keys with -KeyId: $list."
}
if ($keys.Count -ge 5) {
    throw "The service client '$ClientId' already has five keys, so no key can be added. Delete one that nothing uses with Remove-AuthressAccessKey."
}

$key = New-AuthressAccessKey -ClientId $ClientId -OutFile $OutFile
if (-not $key) {
    # -WhatIf, or the user declined. Without a new key, only preview the deletion.
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
    throw "The new key '$($key.KeyId)' of '$ClientId' did not work after $attempt attempts. No key was deleted. Test '$OutFile' again later, or delete the new key."
}

if ($Deliver) {
    # From PowerShell 7.4 on, a program's exit code is an error.
    $PSNativeCommandUseErrorActionPreference = $true
    $global:LASTEXITCODE = 0
    try {
        & $Deliver $OutFile 2>&1 | ForEach-Object {
            if ($_ -isnot [System.Management.Automation.ErrorRecord]) {
                $_
            }
            elseif ($_.FullyQualifiedErrorId -clike 'NativeCommandError*') {
                # A program's standard error, which is no failure.
                Write-Warning "$_"
            }
            else {
                throw $_
            }
        }
        if ($LASTEXITCODE -ne 0) {
            throw "A program ended with exit code $LASTEXITCODE."
        }
    }
    catch {
        throw "The new key '$($key.KeyId)' of '$ClientId' was not delivered, and no key was deleted. Deliver '$OutFile', or delete the new key. The error was: $_"
    }
}

# If the old key signs this connection, connect with the new one to delete it.
$connection = Get-AuthressConnection
if ($connection.ClientId -ceq $ClientId -and $connection.KeyId -ceq $old.KeyId) {
    $connection = Connect-Authress -ApiUrl $connection.ApiUrl -AccessKey $key.AccessKey -PassThru
}
$old | Remove-AuthressAccessKey -Connection $connection

$left = @(Get-AuthressAccessKey -ClientId $ClientId | Select-Object -ExpandProperty KeyId)
[pscustomobject] @{
    ClientId     = $ClientId
    KeyId        = $key.KeyId
    KeyFile      = $OutFile
    Attempts     = $attempt
    DeletedKeyId = @($old | Select-Object -ExpandProperty KeyId | Where-Object { $_ -cnotin $left })
}
