<#
.SYNOPSIS
    Reads a CSV file, and refuses the whole file if its encoding, delimiter or columns are wrong.
.DESCRIPTION
    Import-Csv reads a file with another delimiter as a single column, replaces characters that it can't decode, and drops
    the cells that a row has too many. This script throws an error instead, before it returns the first row, so that its
    caller changes nothing. Import-ServiceClient.ps1 and Set-TagInBulk.ps1 read their files with it.

    The file must be UTF-8, or begin with the byte order mark of another Unicode encoding.
.PARAMETER Path
    The CSV file.
.PARAMETER Column
    The columns that the file must have. It can have others.
.PARAMETER Delimiter
    The character between two cells.
.EXAMPLE
    ./Import-CheckedCsv.ps1 ./clients.csv -Column Name, Tag -Delimiter ';'
#>
#Requires -Version 5.1
[CmdletBinding()]
[OutputType([pscustomobject])]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [Parameter(Mandatory)]
    [ValidateNotNullOrEmpty()]
    [string[]] $Column,

    [char] $Delimiter = ','
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$text = [System.IO.File]::ReadAllText((Convert-Path -LiteralPath $Path))

# U+FFFD replaces bytes that are not UTF-8. UTF-16 without a byte order mark has a NUL in most characters.
$unreadable = $text.IndexOfAny([char[]] @(0xFFFD, 0))
if ($unreadable -ge 0) {
    $line = $text.Substring(0, $unreadable).Split("`n").Count
    throw "The encoding of '$Path' is not UTF-8: line $line contains an unreadable character. Save the file as UTF-8, in Excel as 'CSV UTF-8'."
}
if ($text -match '^"?sep=') {
    throw "The first line of '$Path' is '$(($text -split '\r?\n')[0])', which names a delimiter for Excel. Delete this line, and use -Delimiter if the delimiter is not a comma."
}

$rows = @($text | ConvertFrom-Csv -Delimiter $Delimiter)
if (-not $rows) {
    return
}

$columns = @($rows[0].PSObject.Properties.Name)
$missing = @($Column | Where-Object { $_ -notin $columns })
if ($missing) {
    foreach ($other in ',', ';', "`t", '|') {
        $names = @(($text | ConvertFrom-Csv -Delimiter $other -WarningAction Ignore | Select-Object -First 1).PSObject.Properties.Name)
        if (-not ($Column | Where-Object { $_ -notin $names })) {
            $shown = if ($other -eq "`t") { '"`t"' } else { "'$other'" }
            throw "The delimiter of '$Path' is $shown, not '$Delimiter'. Use -Delimiter $shown."
        }
    }
    throw "'$Path' has no column '$($missing -join "', '")' with the delimiter '$Delimiter'. Its columns are '$($columns -join "', '")'."
}

# The cells that a row has too many are only seen under a heading of their own.
$number = 0
foreach ($row in $text | ConvertFrom-Csv -Delimiter $Delimiter -Header ($columns + ' ')) {
    $number++
    if ($row.' ') {
        throw "Row $number of '$Path' has more cells than the header. Put a cell that contains the delimiter '$Delimiter' in quotation marks."
    }
}
$rows
