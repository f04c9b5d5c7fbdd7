<#
.SYNOPSIS
    Sets tags of many service clients from a CSV file, several at a time, and writes failed rows to another file.
.DESCRIPTION
    Each row names a service client and the tags to set; its other tags remain. Clients that already have these tags are
    not changed, so you can run the script again with the same file, for example after it was stopped.

    The columns are ClientId and Tag (env=prod;team=a). A failed row does not stop the others: it is written to
    -FailedPath with the reason in an additional column. You can correct that file and pass it to this script, with another
    -FailedPath. The script then ends with an error.

    A file with another encoding or delimiter, or without a required column, is refused before the first change.

    It needs Import-CheckedCsv.ps1 in its folder.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY.
.PARAMETER Path
    The CSV file, in UTF-8.
.PARAMETER FailedPath
    The CSV file for failed rows. An existing file is replaced, or deleted if no row fails. It can't be the file of -Path.
.PARAMETER Delimiter
    The character between two cells, in both files.
.PARAMETER ThrottleLimit
    How many clients are read or changed at a time.
.EXAMPLE
    ./Set-TagInBulk.ps1 ./tags.csv -FailedPath ./failed.csv -WhatIf

    Shows what would be changed.
.EXAMPLE
    ./Set-TagInBulk.ps1 ./tags.csv -FailedPath ./failed.csv -ThrottleLimit 32
#>
#Requires -Version 5.1
#Requires -Modules Authress
[CmdletBinding(SupportsShouldProcess)]
[OutputType([pscustomobject])]
param(
    [Parameter(Mandatory, Position = 0)]
    [ValidateNotNullOrEmpty()]
    [string] $Path,

    [Parameter(Mandatory, Position = 1)]
    [ValidateNotNullOrEmpty()]
    [string] $FailedPath,

    [char] $Delimiter = ',',

    [ValidateRange(1, 256)]
    [int] $ThrottleLimit = 16
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$source = & (Join-Path $PSScriptRoot 'Import-CheckedCsv.ps1') $Path -Column ClientId, Tag -Delimiter $Delimiter

$failedFile = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($FailedPath)
if (-not [System.IO.Directory]::Exists([System.IO.Path]::GetDirectoryName($failedFile))) {
    throw "The folder of '$FailedPath' does not exist."
}
# A link or another spelling can lead to the same file. So this compares no paths: while the one is open for reading, the
# same file can't be opened for writing. Nothing is written here.
if ([System.IO.File]::Exists($failedFile)) {
    $reading = [System.IO.File]::Open((Convert-Path -LiteralPath $Path), 'Open', 'Read', 'Read')
    try {
        [System.IO.File]::Open($failedFile, 'Open', 'Write', 'None').Dispose()
    }
    catch [System.IO.IOException] {
        throw "'$FailedPath' is the file of -Path, or another program has it open. Specify another file for the rows that fail."
    }
    finally {
        $reading.Dispose()
    }
}

if (-not (Get-AuthressConnection)) {
    Connect-Authress
}

# A dictionary is case-sensitive, like ids in Authress; a hashtable is not.
$rows = New-Object 'System.Collections.Generic.Dictionary[string,object]'
$reasons = New-Object 'System.Collections.Generic.Dictionary[string,string]'
$failed = New-Object 'System.Collections.Generic.List[object]'

function Add-FailedRow {
    param($Row, [string] $Reason)
    $failed.Add([pscustomobject] @{ ClientId = $Row.ClientId; Tag = $Row.Tag; Reason = $Reason })
}

foreach ($row in $source | Select-Object -Property ClientId, Tag) {
    $id = "$($row.ClientId)".Trim()
    if (-not $id) {
        Add-FailedRow $row 'The row names no service client.'
    }
    elseif ($rows.ContainsKey($id)) {
        Add-FailedRow $row 'The service client is in the file twice.'
    }
    else {
        try {
            $tag = [Authress.TagMap]::Parse("$($row.Tag)")
            $rows.Add($id, [pscustomobject] @{ Row = $row; Tag = $tag })
        }
        catch {
            Add-FailedRow $row $_.Exception.GetBaseException().Message
        }
    }
}

# Errors are collected and not shown: there may be thousands.
$many = @{ ThrottleLimit = $ThrottleLimit; ErrorAction = 'SilentlyContinue' }
$unchanged = 0
$edited = @(
    if ($rows.Count) {
        $rows.Keys | Get-AuthressServiceClient @many -ErrorVariable readErrors | ForEach-Object {
            $before = "$($_.Tag)"
            $wanted = $rows[$_.ClientId].Tag
            foreach ($key in $wanted.Keys) {
                $_.Tag[$key] = $wanted[$key]
            }
            # The operators -eq and -ceq ignore invisible characters.
            if ([string]::Equals("$($_.Tag)", $before)) { $unchanged++ } else { $_ }
        }
        foreach ($problem in $readErrors) { $reasons["$($problem.TargetObject)"] = "$problem" }
    }
)

# Without -Confirm no prompt appears, so that several requests can be in flight.
if (-not $PSBoundParameters.ContainsKey('Confirm')) {
    $many.Confirm = $false
}
$changed = @($edited | Set-AuthressServiceClient @many -PassThru -ErrorVariable writeErrors)
foreach ($problem in $writeErrors) { $reasons["$($problem.TargetObject)"] = "$problem" }

foreach ($id in $reasons.Keys) {
    Add-FailedRow $rows[$id].Row $reasons[$id]
}

$where = ''
if ($PSCmdlet.ShouldProcess($FailedPath, 'Write the rows that failed')) {
    $where = " They are in '$FailedPath'."
    if ($failed.Count) {
        $failed | Export-Csv -LiteralPath $FailedPath -Delimiter $Delimiter -NoTypeInformation -Encoding UTF8 -Confirm:$false
    }
    elseif (Test-Path -LiteralPath $FailedPath) {
        Remove-Item -LiteralPath $FailedPath -Confirm:$false
    }
}

[pscustomobject] @{
    Changed   = $changed.Count
    Unchanged = $unchanged
    Failed    = $failed.Count
}
if ($failed.Count) {
    throw "$($failed.Count) rows of '$Path' failed.$where"
}
