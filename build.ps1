#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests and tries the module from PowerShell.
.DESCRIPTION
    A thin face on the same targets that 'dotnet build' and 'dotnet test' run, for people who are in PowerShell anyway.
.PARAMETER Task
    Build    leaves the module in artifacts/Authress (the default).
    Test     builds, and runs 'dotnet test'.
    Docs     makes the MAML help in en-US from the pages in docs. Needs Microsoft.PowerShell.PlatyPS.
    Package  tests, and makes artifacts/Authress.VERSION.nupkg from the very files that were tested. Needs
             Microsoft.PowerShell.PSResourceGet 1.2 or later, which PowerShell 7.6 brings.
    Publish  packages, and publishes to the repository. Without -ApiKey it sends nothing to the PowerShell Gallery.
    Play     builds, starts the emulator and connects the present session to it.
.PARAMETER Configuration
    Release, unless Debug is asked for.
.PARAMETER Repository
    The repository for Publish, as Register-PSResourceRepository named it: the PowerShell Gallery, unless given.
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
    # To the screen, and not into what the caller returns.
    & dotnet @args | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "'dotnet $($args -join ' ')' ended with exit code $LASTEXITCODE."
    }
}

# The package holds the very files that were tested.
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
            Write-Host "Would publish $package to $Repository. Nothing was sent, since no -ApiKey was given."
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
