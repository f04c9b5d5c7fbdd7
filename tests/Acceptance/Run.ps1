<#
.SYNOPSIS
    Runs the acceptance suite and ends with an exit code that is not 0 where a test failed.
.DESCRIPTION
    It tests the module in artifacts/Authress, which must be built, with emulators that it starts and stops itself. Run it
    in a shell of its own, so that no other version of the module is loaded. 'dotnet test' runs it for each file.
.PARAMETER ResultPath
    The file that receives the results as JSON; none is written without it.
.PARAMETER Path
    The files or folders with the tests to run; all of them unless given.
.EXAMPLE
    dotnet pwsh -NoProfile -File ./tests/Acceptance/Run.ps1 -Path ./tests/Acceptance/Bulk.Tests.ps1
#>
[CmdletBinding()]
param(
    [string] $ResultPath,
    [string[]] $Path = $PSScriptRoot
)

$ErrorActionPreference = 'Stop'

# The pinned shell lies in the package folder, and so does the Pester that belongs to it. Any other shell brings its own.
$version = ([xml] (Get-Content -LiteralPath (Join-Path $PSScriptRoot '../../Directory.Packages.props') -Raw)).SelectSingleNode('//PesterVersion').InnerText
$pinned = Join-Path $PSHOME "../../../../../../pester/$version/tools/Pester.psd1"
if (Test-Path -LiteralPath $pinned) {
    Import-Module $pinned
}
elseif ($PSHOME -match '[\\/]tools[\\/]net10\.0[\\/]any[\\/]') {
    throw "Pester $version is not restored. Run: dotnet build"
}
else {
    Import-Module Pester -MinimumVersion 5.5 -MaximumVersion 5.99
}

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration

if ($ResultPath) {
    $tests = foreach ($test in $result.Tests) {
        $failure = if ($test.Result -notin 'Passed', 'Skipped') {
            # Pester's own form of an error leaves out its own calls.
            $errors = @($test.ErrorRecord)
            for ($block = $test.Block; -not $errors -and $block; $block = $block.Parent) {
                # A test that did not run has no error: its Describe, its Context or the file's own setup has.
                $errors = @($block.ErrorRecord)
            }
            "Its result is '$($test.Result)'."
            $errors | ForEach-Object { $_.DisplayErrorMessage, $_.DisplayStackTrace }
        }
        @{
            Name       = '{0}: {1}' -f (Split-Path -Path $test.ScriptBlock.File -Leaf), $test.ExpandedPath
            Failure    = if ($failure) { $failure -join [System.Environment]::NewLine }
            SkipReason = if ($test.Result -eq 'Skipped') { "$($test.ErrorRecord.Exception.Message)", 'The suite skips it here.' | Where-Object { $_ } | Select-Object -First 1 }
        }
    }
    $file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($ResultPath)
    [System.IO.File]::WriteAllText($file, (ConvertTo-Json -InputObject @($tests) -Depth 3))
}

# A file that can't be read and a setup that fails are failures too, and a file without tests proves nothing.
if ($result.Result -ne 'Passed' -or $result.TotalCount -eq 0) {
    exit 1
}
exit 0
