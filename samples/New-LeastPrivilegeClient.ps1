<#
.SYNOPSIS
    Creates a service client that may do as little as possible, with its access key in a file.
.DESCRIPTION
    The client gets neither of the two grants (to check authorization on behalf of any user, and to create tokens for any
    user), a rate limit, so that a leaked key can't be used without bounds, and tags that say whose it is. What it may do
    with resources is given to it in Authress, by access records.

    The key goes into a file that its owner alone can read, and is not shown. Where it can't be made, the client is deleted
    again, so that nothing is left half done.

    It works with the session's connection, or with AUTHRESS_API_URL and AUTHRESS_KEY where there is none.
.PARAMETER Name
    The name that people see.
.PARAMETER Tag
    Labels, as a hashtable or as text such as env=prod;team=billing.
.PARAMETER OutFile
    The file that receives the key. It must not be there yet.
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
    # -WhatIf, or the answer was no.
    return
}

$key = $null
try {
    $key = $client | New-AuthressAccessKey -OutFile $OutFile
}
finally {
    if (-not $key) {
        # This one was made a moment ago and has no key that anybody holds.
        $client | Remove-AuthressServiceClient -Confirm:$false
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
