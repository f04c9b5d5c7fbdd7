<#
.SYNOPSIS
    Runs the acceptance suite and ends with an exit code that is not 0 where a test failed.
.DESCRIPTION
    It tests the module in artifacts/Authress, which must be built, with emulators that it starts and ends itself. Run it
    in a shell of its own, so that no other version of the module is loaded.
.PARAMETER ResultPath
    The file that receives the results as NUnit XML; none is written without it.
.PARAMETER Path
    The files or folders with the tests to run; all of them where it is left out.
.EXAMPLE
    pwsh -NoProfile -File ./tests/Acceptance/Run.ps1 -ResultPath ./artifacts/pester.xml
#>
[CmdletBinding()]
param(
    [string] $ResultPath,
    [string[]] $Path = $PSScriptRoot
)

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.5 -MaximumVersion 5.99

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
if ($ResultPath) {
    $configuration.TestResult.Enabled = $true
    $configuration.TestResult.OutputFormat = 'NUnitXml'
    $configuration.TestResult.OutputPath = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($ResultPath)
}

$result = Invoke-Pester -Configuration $configuration

# A file that can't be read or a setup that fails is a failure too, and a suite without tests tells nothing.
if ($result.Result -ne 'Passed' -or $result.PassedCount -eq 0) {
    exit 1
}
exit 0
