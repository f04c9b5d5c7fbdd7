<#
.SYNOPSIS
    Creates and updates service clients from a CSV file.
.DESCRIPTION
    Each row describes a service client, identified by its name and the value of one tag. An existing client gets the values
    of its row; a missing one is created. A second run changes nothing. Clients that are not in the file remain unchanged.

    The columns are Name and Tag (env=prod;team=a). The columns GrantUserPermissionsAccess and GrantTokenGeneration (true,
    false, 1, 0) and RateLimit (PT1H:1000) are optional. An empty cell means not given: it never clears or grants anything.

    A file with another encoding or delimiter, or without a required column, is refused before the first change. An invalid
    row causes an error, and the other rows are processed. The script then ends with an error.

    It needs Import-CheckedCsv.ps1 in its folder.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY.
.PARAMETER Path
    The CSV file, in UTF-8.
.PARAMETER Delimiter
    The character between two cells of the file.
.PARAMETER KeyTag
    The tag that distinguishes clients of the same name. Every row needs it.
.EXAMPLE
    ./Import-ServiceClient.ps1 ./clients.csv -WhatIf

    Shows what would be created and changed.
.EXAMPLE
    ./Import-ServiceClient.ps1 ./clients.csv | Format-Table
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [ValidateNotNullOrEmpty()]
    [string] $KeyTag = 'env',

    [char] $Delimiter = ','
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$rows = & (Join-Path $PSScriptRoot 'Import-CheckedCsv.ps1') $Path -Column Name, Tag -Delimiter $Delimiter

if (-not (Get-AuthressConnection)) {
    Connect-Authress
}

function Get-Cell {
    param($Row, [string] $Name)
    $property = $Row.PSObject.Properties[$Name]
    if ($property) {
        "$($property.Value)".Trim()
    }
}

# A dictionary with such keys is case-sensitive, like names and tags in Authress; a hashtable is not.
function Get-Identity {
    param([string] $Name, [string] $Value)
    "$Name`n$Value"
}

# The fields that an import may change, as one string.
function Get-ClientState {
    param($Client)
    $Client.Name, $Client.Tag, $Client.GrantUserPermissionsAccess, $Client.GrantTokenGeneration, $Client.RateLimit -join "`n"
}

$known = New-Object 'System.Collections.Generic.Dictionary[string,object]'
foreach ($client in Get-AuthressServiceClient) {
    if ($client.Tag.ContainsKey($KeyTag)) {
        $identity = Get-Identity $client.Name $client.Tag[$KeyTag]
        $known[$identity] = @(if ($known.ContainsKey($identity)) { $known[$identity] }) + $client
    }
}

$failed = 0
$number = 1
$seen = New-Object 'System.Collections.Generic.HashSet[string]'
foreach ($row in $rows) {
    $number++
    try {
        $name = Get-Cell $row Name
        $tag = [Authress.TagMap]::Parse("$(Get-Cell $row Tag)")
        if (-not $name -or -not $tag.ContainsKey($KeyTag)) {
            throw "The row needs a name and the tag '$KeyTag'."
        }
        $identity = Get-Identity $name $tag[$KeyTag]
        if (-not $seen.Add($identity)) {
            throw "'$name' with $KeyTag=$($tag[$KeyTag]) is in the file twice."
        }

        if (-not $known.ContainsKey($identity)) {
            $client = $row | New-AuthressServiceClient
            $action = 'Create'
        }
        else {
            if (@($known[$identity]).Count -gt 1) {
                throw "There are several service clients '$name' with $KeyTag=$($tag[$KeyTag]): $($known[$identity] -join ', ')."
            }
            $client = $known[$identity][0]
            $before = Get-ClientState $client
            $client.Tag = $tag
            foreach ($grant in 'GrantUserPermissionsAccess', 'GrantTokenGeneration') {
                $cell = Get-Cell $row $grant
                if ($cell) {
                    # true, false, 1 or 0, and an error for anything else.
                    $client.$grant = [System.Xml.XmlConvert]::ToBoolean($cell.ToLowerInvariant())
                }
            }
            $cell = Get-Cell $row RateLimit
            if ($cell) {
                $client.RateLimit = [Authress.RateLimit]::Parse($cell)
            }
            # The operators -eq and -ceq ignore invisible characters.
            $action = if ([string]::Equals((Get-ClientState $client), $before)) { 'None' } else { 'Update' }
            $client | Set-AuthressServiceClient
        }
        [pscustomobject] @{
            Row      = $number
            Action   = $action
            ClientId = if ($client) { $client.ClientId }
            Name     = $name
            Tag      = "$tag"
        }
    }
    catch {
        $failed++
        Write-Error -Message "Row $number of '$Path': $($_.Exception.GetBaseException().Message)" -ErrorId 'RowFailed' -TargetObject $row -ErrorAction Continue
    }
}

if ($failed) {
    throw "$failed rows of '$Path' could not be imported."
}
