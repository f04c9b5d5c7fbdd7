<#
.SYNOPSIS
    Sets tags of many service clients from a CSV file, several at a time, and writes failed rows to another file.
.DESCRIPTION
    Each row names a service client and the tags to set; its other tags remain. Clients that already have these tags are
    not changed, so you can run the script again with the same file, for example after it was stopped.

    The columns are ClientId and Tag (env=prod;team=a). A failed row does not stop the others: it is written to
    -FailedPath with the reason in an additional column. You can correct that file and pass it to this script. The script
    then ends with an error.

    It uses the session's connection or, without one, AUTHRESS_API_URL and AUTHRESS_KEY.
.PARAMETER Path
    The CSV file.
.PARAMETER FailedPath
    The CSV file for failed rows. An existing file is replaced, or deleted if no row fails.
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

    [ValidateRange(1, 256)]
    [int] $ThrottleLimit = 16
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

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

foreach ($row in Import-Csv -LiteralPath $Path -Encoding UTF8 | Select-Object -Property ClientId, Tag) {
    $id = "$($row.ClientId)".Trim()
    if (-not $id) {
        Add-FailedRow $row 'The row names no service client.'
    }
    elseif ($rows.ContainsKey($id)) {
        Add-FailedRow $row 'The service client is in the file twice.'
    }
    else {
        try {
            $tag = [Authress.TagMap]::Parse($row.Tag)
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
            if ("$($_.Tag)" -ceq $before) { $unchanged++ } else { $_ }
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
        $failed | Export-Csv -LiteralPath $FailedPath -NoTypeInformation -Encoding UTF8 -Confirm:$false
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
