<#
.SYNOPSIS
    Lists access keys of service clients that are older than a given age.
.DESCRIPTION
    Reads all service clients of the account and returns their stale keys with their age, the oldest first. With -CsvPath,
    it also writes a CSV file. It changes nothing in Authress and works with a read-only connection.

    A client whose keys can't be read, for example because it was deleted after it was listed, causes an error after the
    rows of the others.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY.
.PARAMETER OlderThanDays
    The age in days at which a key is stale.
.PARAMETER All
    Also lists keys that are not stale.
.PARAMETER CsvPath
    The CSV file for the same rows. An existing file is replaced.
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

$problems = @()
$rows = foreach ($client in Get-AuthressServiceClient) {
    foreach ($key in $client | Get-AuthressAccessKey -ErrorAction SilentlyContinue -ErrorVariable +problems) {
        # A key without a known date counts as stale.
        $stale = $null -eq $key.Age -or $key.Age.TotalDays -ge $OlderThanDays
        if ($All -or $stale) {
            [pscustomobject] @{
                ClientId       = $client.ClientId
                ClientName     = $client.Name
                KeyId          = $key.KeyId
                GenerationDate = if ($key.GenerationDate) { $key.GenerationDate.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture) }
                AgeDays        = if ($key.Age) { [math]::Floor($key.Age.TotalDays) }
                Stale          = $stale
            }
        }
    }
}
$rows = @($rows | Sort-Object -Property AgeDays -Descending)

if ($CsvPath) {
    # Export-Csv writes no header without rows.
    if ($rows) {
        $rows | Export-Csv -LiteralPath $CsvPath -NoTypeInformation -Encoding UTF8
    }
    else {
        Set-Content -LiteralPath $CsvPath -Value '"ClientId","ClientName","KeyId","GenerationDate","AgeDays","Stale"' -Encoding UTF8
    }
}
$rows

foreach ($problem in $problems) {
    Write-Error -ErrorRecord $problem -ErrorAction Continue
}
