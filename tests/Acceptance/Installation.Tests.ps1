# The package as a user gets it: published to a repository, installed from there, updated and removed. A folder is the
# repository, and the shells have a home folder of their own, so that nobody's settings or modules are touched.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    $script:paths = Get-TestPath
    $script:version = "$((Get-Module Authress).Version)"
    $script:userHome = Join-Path $TestDrive 'home'
    $script:repository = Join-Path $TestDrive 'repository'
    $script:dataHome = Join-Path $userHome '.local/share'
    # A data or settings folder that is missing is none to .NET, and PSResourceGet and NuGet would write beside the tests.
    $null = New-Item -ItemType Directory -Path $dataHome, (Join-Path $userHome '.config'), $repository

    function Invoke-FreshShell([string] $Script) {
        # An empty PSModulePath is the shell's own: what was built is found by nobody unless it is installed. NuGet leaves
        # a lock file in its scratch folder.
        $shell = Invoke-Shell -Script $Script -Environment @{ HOME = $script:userHome; XDG_DATA_HOME = $script:dataHome; XDG_CONFIG_HOME = Join-Path $script:userHome '.config'; XDG_CACHE_HOME = Join-Path $script:userHome '.cache'; NUGET_SCRATCH = Join-Path $TestDrive 'scratch'; PSModulePath = '' }
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.ExitCode | Should -Be 0
        $shell.Line
    }
}

AfterAll {
    Close-Emulator
}

# On Windows the scope of a user is the documents folder, wherever HOME points.
Describe 'The package' -Skip:($PSVersionTable.PSEdition -ne 'Core' -or $IsWindows) {
    # The way that build.ps1 goes.
    It 'is published to a repository and found there with what the manifest says' {
        $found = Invoke-FreshShell @"
Register-PSResourceRepository -Name Local -Uri '$repository' -Trusted
`$package = Compress-PSResource -Path '$($paths.Module)' -DestinationPath '$TestDrive' -PassThru
Publish-PSResource -NupkgPath `$package -Repository Local
Find-PSResource Authress -Repository Local | Select-Object Name, Author, Description, LicenseUri, ProjectUri, Tags, Includes, @{ n = 'Version'; e = { "`$(`$_.Version)" } } | ConvertTo-Json -Compress -Depth 4
"@ | ConvertFrom-Json
        $manifest = Test-ModuleManifest $paths.Manifest
        $found.Name | Should -Be 'Authress'
        $found.Version | Should -Be $version
        $found.Author | Should -Be $manifest.Author
        $found.Description | Should -Be $manifest.Description
        $found.LicenseUri | Should -Be "$($manifest.LicenseUri)"
        $found.ProjectUri | Should -Be "$($manifest.ProjectUri)"
        $found.Tags | Should -Contain 'ServiceClient'
        Join-Path $repository "Authress.$version.nupkg" | Should -Exist
    }

    It 'is installed, and a fresh shell imports it by its name and works with it' {
        $null = Invoke-FreshShell 'Install-PSResource Authress -Repository Local -Scope CurrentUser'
        $lines = Invoke-FreshShell @'
(Get-Module -ListAvailable Authress).ModuleBase
Connect-Authress
(New-AuthressServiceClient -Name installed).ClientId
(Get-Help Remove-AuthressServiceClient).Synopsis
'@
        $lines[0] | Should -BeLike "$userHome*Authress*$version"
        $lines[1] | Should -Be (Get-StoredClient).ClientId
        $lines[2] | Should -Match '\.$'
        $script:installed = $lines[0]
    }

    It 'holds the files that were tested, byte by byte, and no other' {
        function Get-FileHashList([string] $Folder) {
            Get-ChildItem -LiteralPath $Folder -Recurse -File | Where-Object Name -NE 'PSGetModuleInfo.xml' |
                ForEach-Object { '{0} {1}' -f $_.FullName.Substring($Folder.Length), (Get-FileHash -LiteralPath $_.FullName).Hash } | Sort-Object
        }
        Get-FileHashList $installed | Should -Be (Get-FileHashList $paths.Module)
    }

    It 'is updated with both versions side by side, of which the later one is imported, and is removed without a rest' {
        $next = Join-Path $TestDrive 'next/Authress'
        Copy-Item -LiteralPath $paths.Module -Destination $next -Recurse
        $manifest = Join-Path $next 'Authress.psd1'
        $text = [System.IO.File]::ReadAllText($manifest)
        [System.IO.File]::WriteAllText($manifest, $text.Replace("ModuleVersion        = '$version'", "ModuleVersion        = '$version.1'"))

        $null = Invoke-FreshShell "Publish-PSResource -Path '$next' -Repository Local; Update-PSResource Authress -Repository Local"
        $lines = Invoke-FreshShell @"
(Get-InstalledPSResource Authress).Version | Sort-Object | ForEach-Object { "`$_" }
Connect-Authress
"imported `$((Get-Module Authress).Version) `$(@(Get-AuthressServiceClient -Name installed).Count)"
"@
        $lines | Should -Be @($version, "$version.1", "imported $version.1 1")

        $null = Invoke-FreshShell "Uninstall-PSResource Authress -Version '*'"
        Split-Path $installed | Should -Not -Exist
    }
}
