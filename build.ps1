#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests, packages or runs the module from PowerShell.
.DESCRIPTION
    Runs the same targets as 'dotnet build' and 'dotnet test'.
.PARAMETER Task
    Build    builds the module to artifacts/Authress (the default).
    Test     builds, and runs 'dotnet test'.
    Docs     generates the MAML help in en-US from the pages in docs. Needs Microsoft.PowerShell.PlatyPS.
    Package  tests, and creates artifacts/Authress.VERSION.nupkg from the tested files. Needs
             Microsoft.PowerShell.PSResourceGet 1.2 or later, which PowerShell 7.6 includes.
    Publish  packages, and publishes to the repository. Without -ApiKey it sends nothing to the PowerShell Gallery.
    Play     builds, starts the emulator and connects this session to it.
.PARAMETER Configuration
    Release (the default) or Debug.
.PARAMETER Repository
    The name of a registered repository for Publish. The default is the PowerShell Gallery.
.PARAMETER ApiKey
    The repository's API key, for Publish. A folder needs none.
.EXAMPLE
    ./build.ps1 -Task Publish -Repository Company
.EXAMPLE
    ./build.ps1
    Import-Module ./artifacts/Authress
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Publish', 'Play')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    [string] $Repository = 'PSGallery',

    [securestring] $ApiKey
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot

function Invoke-DotNet {
    # The output must not become the caller's.
    & dotnet @args | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "'dotnet $($args -join ' ')' ended with exit code $LASTEXITCODE."
    }
}

# The package contains the tested files; nothing is built again.
function Export-Package {
    $destination = Join-Path $root 'artifacts'
    Remove-Item -Path (Join-Path $destination 'Authress.*.nupkg')
    Compress-PSResource -Path (Join-Path $destination 'Authress') -DestinationPath $destination -PassThru
}

Invoke-DotNet build (Join-Path $root 'Authress.PowerShell.sln') --configuration $Configuration

if ($Task -in 'Test', 'Package', 'Publish') {
    Invoke-DotNet test (Join-Path $root 'Authress.PowerShell.sln') --configuration $Configuration --no-build
}

switch ($Task) {
    'Docs' {
        & (Join-Path $root 'docs/Export-ExternalHelp.ps1')
    }
    'Package' {
        Export-Package
    }
    'Publish' {
        $package = Export-Package
        if ($Repository -eq 'PSGallery' -and -not $ApiKey) {
            Write-Host "Would publish $package to $Repository. Nothing was sent, because -ApiKey is missing."
        }
        else {
            $key = if ($ApiKey) { @{ ApiKey = [System.Net.NetworkCredential]::new('', $ApiKey).Password } } else { @{} }
            Publish-PSResource -NupkgPath $package -Repository $Repository @key
        }
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
        $key = [System.Net.NetworkCredential]::new('', $ready.accessKey).SecurePassword
        Connect-Authress -ApiUrl $ready.apiUrl -AccessKey $key
        Write-Host "Connected to the emulator at $($ready.apiUrl). End it with: Stop-Process -Id $($process.Id)"
    }
}
