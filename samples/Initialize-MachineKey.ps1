<#
.SYNOPSIS
    Gives a fresh machine an access key of its own that works, in a vault or a file.
.DESCRIPTION
    Creates the service client if there is none of this name, creates an access key for it on this machine, saves the key to
    a vault or a file, and waits until Authress accepts the saved copy. Authress never has the private key, and the key is
    not shown.

    A new client gets neither of the two grants (to check authorization on behalf of any user, and to create tokens for any
    user), and a rate limit, which bounds the use of a leaked key. A client that exists is used as it is, so that several
    machines can share it. Each machine has a key of its own, and a client has at most five.

    If anything fails, also because the key does not work in time or you press Ctrl+C, the new key, a client that the script
    created, and the saved copy are deleted again. An existing secret or file is never replaced.

    Run it as the user that the service runs as: a vault and the file belong to one user. A vault needs the module
    Microsoft.PowerShell.SecretManagement, and must open without a prompt if nobody is there to respond.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY. It needs that key, which may create
    clients and keys, only while it runs: don't leave it on the machine.
.PARAMETER Name
    The display name of the client. Upper and lower case differ.
.PARAMETER Tag
    Labels for a new client, as a hashtable or as text such as env=prod;team=billing.
.PARAMETER VaultName
    The vault that receives the key.
.PARAMETER SecretName
    The name of the secret in the vault.
.PARAMETER OutFile
    The path of a new file for the key, which only its owner can read, if the machine has no vault.
.PARAMETER RateLimit
    How many requests a new client may make in a period.
.PARAMETER WaitSec
    How many seconds to wait until the key works. A new key can take up to five minutes.
.EXAMPLE
    ./Initialize-MachineKey.ps1 -Name 'Nightly invoices' -Tag @{ team = 'billing' } -VaultName ops
    Connect-Authress -SecretName authress -VaultName ops

    Prepares the machine. The second line is how its scripts connect from now on.
.EXAMPLE
    ./Initialize-MachineKey.ps1 'Nightly invoices' team=billing -OutFile ~/.authress.key | Format-List

    Saves the key to a file. The property Connect of the result shows how to connect.
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'Vault')]
[OutputType([pscustomobject])]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Name,

    [Parameter(Mandatory, Position = 1)]
    [ValidateNotNullOrEmpty()]
    [object] $Tag,

    [Parameter(Mandatory, ParameterSetName = 'Vault')]
    [ValidateNotNullOrEmpty()]
    [string] $VaultName,

    [Parameter(ParameterSetName = 'Vault')]
    [ValidateNotNullOrEmpty()]
    [string] $SecretName = 'authress',

    [Parameter(Mandatory, ParameterSetName = 'File')]
    [ValidateNotNullOrEmpty()]
    [string] $OutFile,

    [ValidateNotNullOrEmpty()]
    [string] $RateLimit = 'PT1H:1000',

    [ValidateRange(0, 3600)]
    [int] $WaitSec = 300
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if (-not (Get-AuthressConnection)) {
    Connect-Authress
}

function ConvertTo-Quoted {
    param([string] $Text)
    "'$([System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Text))'"
}

if ($OutFile) {
    $OutFile = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($OutFile)
    $destination = @{ OutFile = $OutFile }
    $source = @{ KeyFile = $OutFile }
    $url = "$((Get-AuthressConnection).ApiUrl)".TrimEnd('/')
    $connect = "Connect-Authress -ApiUrl $url -KeyFile $(ConvertTo-Quoted $OutFile)"
}
else {
    # The vault keeps the URL beside the key.
    $destination = $source = @{ SecretName = $SecretName; VaultName = $VaultName }
    $connect = "Connect-Authress -SecretName $(ConvertTo-Quoted $SecretName) -VaultName $(ConvertTo-Quoted $VaultName)"
}

# -Name accepts patterns and ignores case; the name of a client has neither.
$found = @(Get-AuthressServiceClient -Name ([WildcardPattern]::Escape($Name)) | Where-Object { $_.Name -ceq $Name })
if ($found.Count -gt 1) {
    throw "There are $($found.Count) service clients '$Name': $($found -join ', '). Rename the others."
}

$created = $key = $null
$done = $delivered = $false
try {
    if ($found) {
        $client = $found[0]
        if ($client.GrantUserPermissionsAccess -or $client.GrantTokenGeneration) {
            Write-Warning "The service client '$Name' ($client) may act for other users. Whoever gets the key of this machine can too."
        }
    }
    else {
        $client = $created = New-AuthressServiceClient -Name $Name -Tag $Tag -RateLimit $RateLimit -GrantUserPermissionsAccess $false -GrantTokenGeneration $false
    }

    # With -WhatIf, or if the user declines, there is neither a new client nor a key.
    if ($client) {
        try {
            $key = $client | New-AuthressAccessKey -GenerateLocally @destination
            $delivered = [bool] $key
        }
        catch {
            # If the response was lost or the key could not be saved, the key may exist all the same.
            if ($_.TargetObject -is [Authress.IssuedAccessKey]) {
                $key = $_.TargetObject
                $delivered = $true
            }
            elseif ($_.Exception -is [Authress.AuthressApiException] -and $_.Exception.PublicKey) {
                $key = $client | Get-AuthressAccessKey -PublicKey $_.Exception.PublicKey -ErrorAction Continue
            }
            throw
        }
    }

    if ($key) {
        # The saved copy is tested, as the service will read it.
        $test = Test-AuthressAccessKey @source -WaitSec $WaitSec
        if (-not $test.Works) {
            throw "The new key '$($key.KeyId)' of '$client' did not work within $WaitSec seconds. $($test.Message)"
        }
        $done = $true
        [pscustomobject] @{
            ClientId = $client.ClientId
            Name     = $client.Name
            KeyId    = $key.KeyId
            Created  = [bool] $created
            Connect  = $connect
        }
    }
}
finally {
    if (-not $done) {
        # What is removed here is new, so no confirmation is needed. An error here must not replace the first one.
        if ($created) {
            $created | Remove-AuthressServiceClient -Confirm:$false -ErrorAction Continue
        }
        elseif ($key) {
            $key | Remove-AuthressAccessKey -Confirm:$false -ErrorAction Continue
        }
        # The destination was empty before, so what it holds now is the deleted key.
        if ($delivered -and $OutFile) {
            Remove-Item -LiteralPath $OutFile -Confirm:$false -ErrorAction Ignore
        }
        elseif ($delivered) {
            try {
                if (Get-SecretInfo -Name ([WildcardPattern]::Escape($SecretName)) -Vault $VaultName) {
                    Remove-Secret -Name $SecretName -Vault $VaultName
                }
            }
            catch {
                Write-Warning "The secret '$SecretName' of the vault '$VaultName' may hold the deleted key. $_"
            }
        }
    }
}
