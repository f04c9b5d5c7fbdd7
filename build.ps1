#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests and tries the module from PowerShell.
.DESCRIPTION
    A thin face on the same targets that 'dotnet build' and 'dotnet test' run, for people who are in PowerShell anyway.
.PARAMETER Task
    Build  leaves the module in artifacts/Authress (the default).
    Test   builds, runs 'dotnet test', and the Pester suite where Pester is installed.
    Play   builds, starts the emulator and connects the present session to it.
.PARAMETER Configuration
    Release, unless Debug is asked for.
.EXAMPLE
    ./build.ps1
    Import-Module ./artifacts/Authress
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Play')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "'dotnet $($args -join ' ')' ended with exit code $LASTEXITCODE."
    }
}

function Invoke-AcceptanceSuite {
    $suite = Join-Path $root 'tests/Acceptance'
    if (-not (Get-ChildItem -Path $suite -Filter '*.Tests.ps1' -Recurse -ErrorAction Ignore)) {
        return
    }
    if (-not (Get-Module -ListAvailable -Name Pester | Where-Object Version -ge '5.5')) {
        Write-Warning 'Pester 5.5 or later is not installed, so the acceptance suite was not run.'
        return
    }
    $shell = (Get-Process -Id $PID).Path
    & $shell -NoProfile -Command "Import-Module Pester -MinimumVersion 5.5; Invoke-Pester -Path '$suite' -CI -Output Normal"
    if ($LASTEXITCODE -ne 0) {
        throw 'The acceptance suite failed.'
    }
}

Invoke-DotNet build (Join-Path $root 'Authress.PowerShell.sln') --configuration $Configuration

switch ($Task) {
    'Test' {
        Invoke-DotNet test (Join-Path $root 'Authress.PowerShell.sln') --configuration $Configuration --no-build
        Invoke-AcceptanceSuite
    }
    'Play' {
        $emulator = Join-Path $root "src/Authress.Emulator/bin/$Configuration/net10.0/Authress.Emulator.dll"
        $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', "`"$emulator`" --port 0")
        $start.RedirectStandardOutput = $true
        $start.UseShellExecute = $false
        $process = [System.Diagnostics.Process]::Start($start)
        $line = $process.StandardOutput.ReadLine()
        if (-not $line) {
            throw 'The emulator did not start.'
        }
        $ready = $line | ConvertFrom-Json
        Import-Module (Join-Path $root 'artifacts/Authress/Authress.psd1') -Global -Force
        $key = ConvertTo-SecureString $ready.accessKey -AsPlainText -Force
        Connect-Authress -ApiUrl $ready.apiUrl -AccessKey $key
        Write-Host "Connected to the emulator at $($ready.apiUrl). End it with: Stop-Process -Id $($process.Id)"
    }
}
