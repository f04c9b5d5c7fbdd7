<#
.SYNOPSIS
    Creates a service client with as few permissions as possible, and saves its access key to a file.
.DESCRIPTION
    The client gets neither of the two grants (to check authorization on behalf of any user, and to create tokens for any
    user). It gets a rate limit, which bounds the use of a leaked key, and tags that identify its owner. Access records in
    Authress determine its permissions on resources.

    Only its owner can read the key file, and the key is not shown. If the key can't be created, the client is deleted
    again.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY.
.PARAMETER Name
    The display name of the client.
.PARAMETER Tag
    Labels, as a hashtable or as text such as env=prod;team=billing.
.PARAMETER OutFile
    The path of a new file for the key.
.PARAMETER RateLimit
    How many requests the client may make in a period.
.EXAMPLE
    ./New-LeastPrivilegeClient.ps1 -Name 'Nightly invoices' -Tag @{ team = 'billing' } -OutFile ./invoices.key
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding(SupportsShouldProcess)]
[OutputType([pscustomobject])]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Name,

    [Parameter(Mandatory)]
    [ValidateNotNullOrEmpty()]
    [object] $Tag,

    [Parameter(Mandatory)]
    [ValidateNotNullOrEmpty()]
    [string] $OutFile,

    [ValidateNotNullOrEmpty()]
    [string] $RateLimit = 'PT1H:1000'
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if (-not (Get-AuthressConnection)) {
    Connect-Authress
}

$client = New-AuthressServiceClient -Name $Name -Tag $Tag -RateLimit $RateLimit -GrantUserPermissionsAccess $false -GrantTokenGeneration $false
if (-not $client) {
    # -WhatIf, or the user declined.
    return
}

$key = $null
try {
    $key = $client | New-AuthressAccessKey -OutFile $OutFile
}
finally {
    if (-not $key) {
        # The client is new and has no key, so no confirmation is needed. An error here must not replace the first one.
        $client | Remove-AuthressServiceClient -Confirm:$false -ErrorAction Continue
    }
}

if ($key) {
    [pscustomobject] @{
        ClientId  = $client.ClientId
        Name      = $client.Name
        Tag       = "$($client.Tag)"
        RateLimit = "$($client.RateLimit)"
        KeyId     = $key.KeyId
        KeyFile   = $OutFile
    }
}
