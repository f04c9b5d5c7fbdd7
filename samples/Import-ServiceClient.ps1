<#
.SYNOPSIS
    Creates and updates service clients from a CSV file.
.DESCRIPTION
    Every row is a service client. One that is there already, told by its name and the value of one tag, gets the values of
    its row; one that is not is created. Run twice, it changes nothing the second time. Clients that are not in the file
    are left alone.

    The columns are Name and Tag (env=prod;team=a), and if you like GrantUserPermissionsAccess and GrantTokenGeneration
    (true, false, 1, 0) and RateLimit (PT1H:1000). An empty cell means that nothing is said: it never clears, and never
    grants anything.

    A row that can't be used is an error of its own and the others go on; at the end the script then fails.

    It works with the session's connection, or with AUTHRESS_API_URL and AUTHRESS_KEY where there is none.
.PARAMETER Path
    The CSV file.
.PARAMETER KeyTag
    The tag that tells clients of the same name apart. Every row needs it.
.EXAMPLE
    ./Import-ServiceClient.ps1 ./clients.csv -WhatIf

    Says what would be created and changed.
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
    [string] $KeyTag = 'env'
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

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

# Names and tags are told apart by case, as Authress does, which a hashtable would not.
function Get-Identity {
    param([string] $Name, [string] $Value)
    "$Name`n$Value"
}

# What an import may change, as one text.
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
foreach ($row in Import-Csv -LiteralPath $Path -Encoding UTF8) {
    $number++
    try {
        $name = Get-Cell $row Name
        $tag = [Authress.TagMap]::Parse((Get-Cell $row Tag))
        if (-not $name -or -not $tag.ContainsKey($KeyTag)) {
            throw "It needs a name and the tag '$KeyTag'."
        }
        $identity = Get-Identity $name $tag[$KeyTag]
        if (-not $seen.Add($identity)) {
            throw "'$name' with $KeyTag=$($tag[$KeyTag]) stands in the file twice."
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
            $action = if ((Get-ClientState $client) -eq $before) { 'None' } else { 'Update' }
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
        Write-Error -Message "Row $number of '$Path': $_" -ErrorId 'RowFailed' -TargetObject $row -ErrorAction Continue
    }
}

if ($failed) {
    throw "$failed rows of '$Path' could not be imported."
}
