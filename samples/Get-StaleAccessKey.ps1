<#
.SYNOPSIS
    Lists the access keys of all service clients that are older than they should be.
.DESCRIPTION
    Goes through all service clients of the account and tells the age of each of their keys, the oldest first: as objects
    and, with -CsvPath, as a file for a spreadsheet. It changes nothing in Authress, and works with a read-only connection.

    It works with the session's connection, or with AUTHRESS_API_URL and AUTHRESS_KEY where there is none.
.PARAMETER OlderThanDays
    The age in days from which on a key is stale.
.PARAMETER All
    Lists the keys that are not stale as well.
.PARAMETER CsvPath
    The file that receives the same rows as CSV. A file that is there is replaced.
.EXAMPLE
    ./Get-StaleAccessKey.ps1 | Format-Table
.EXAMPLE
    ./Get-StaleAccessKey.ps1 -OlderThanDays 365 -All -CsvPath ./keys.csv | Group-Object Stale
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding()]
[OutputType([pscustomobject])]
param(
    [ValidateRange(0, 36500)]
    [int] $OlderThanDays = 90,

    [switch] $All,

    [ValidateNotNullOrEmpty()]
    [string] $CsvPath
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

if (-not (Get-AuthressConnection)) {
    Connect-Authress -ReadOnly
}

$rows = foreach ($client in Get-AuthressServiceClient) {
    foreach ($key in $client | Get-AuthressAccessKey) {
        # A key whose date Authress does not tell is worth a look too.
        $stale = $null -eq $key.Age -or $key.Age.TotalDays -ge $OlderThanDays
        if ($All -or $stale) {
            [pscustomobject] @{
                ClientId       = $client.ClientId
                ClientName     = $client.Name
                KeyId          = $key.KeyId
                GenerationDate = if ($key.GenerationDate) { $key.GenerationDate.ToString('yyyy-MM-dd') }
                AgeDays        = if ($key.Age) { [math]::Floor($key.Age.TotalDays) }
                Stale          = $stale
            }
        }
    }
}
$rows = @($rows | Sort-Object -Property AgeDays -Descending)

if ($CsvPath) {
    # Where no key is stale the file still says so, with its heading alone.
    if ($rows) {
        $rows | Export-Csv -LiteralPath $CsvPath -NoTypeInformation -Encoding UTF8
    }
    else {
        Set-Content -LiteralPath $CsvPath -Value '"ClientId","ClientName","KeyId","GenerationDate","AgeDays","Stale"' -Encoding UTF8
    }
}
$rows
