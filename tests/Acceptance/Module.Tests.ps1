BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:commands = Get-Command -Module Authress -CommandType Cmdlet | ForEach-Object { @{ Name = $_.Name } }
    $script:noHelp = -not (Test-Path (Get-TestPath).Help)
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:paths = Get-TestPath
}

Describe 'The manifest' {
    BeforeAll {
        $script:manifest = Test-ModuleManifest $paths.Manifest -ErrorAction Stop -WarningAction SilentlyContinue -WarningVariable warnings
        $script:manifestWarning = $warnings
    }

    It 'is valid, without a warning' {
        $manifest.Name | Should -Be 'Authress'
        $manifestWarning | Should -BeNullOrEmpty
    }

    It 'has a version, a GUID, an author and a description' {
        $manifest.Version | Should -BeGreaterThan ([version] '0.0')
        $manifest.Guid | Should -Not -Be ([guid]::Empty)
        $manifest.Author | Should -Not -BeNullOrEmpty
        $manifest.Description.Length | Should -BeGreaterThan 40
    }

    It 'supports both editions from 5.1 on' {
        $manifest.CompatiblePSEditions | Should -Be @('Core', 'Desktop')
        $manifest.PowerShellVersion | Should -Be ([version] '5.1')
    }

    It 'has the URLs and tags for a gallery' {
        $data = $manifest.PrivateData.PSData
        foreach ($address in $data.LicenseUri, $data.ProjectUri, $data.IconUri, $data.ReleaseNotes) {
            $address | Should -Match '^https://'
        }
        $data.Tags | Should -Contain 'Authress'
    }

    It 'lists its exports without wildcards' {
        $text = Get-Content -LiteralPath $paths.Manifest -Raw
        $text | Should -Not -Match "ToExport\s*=\s*@?\(?\s*'\*'"
    }
}

Describe 'The module' {
    It 'comes from the artefact that is shipped' {
        (Get-Module Authress).ModuleBase | Should -Be $paths.Module
    }

    It 'exports exactly the cmdlets of its manifest' {
        $manifest = Test-ModuleManifest $paths.Manifest
        $exported = (Get-Command -Module Authress -CommandType Cmdlet).Name | Sort-Object
        $exported | Should -Be @($manifest.ExportedCmdlets.Keys | Sort-Object)
        $exported.Count | Should -BeGreaterThan 12
    }

    It 'exports exactly the aliases of its manifest' {
        (Get-Module Authress).ExportedAliases.Keys | Should -Be @('Update-AuthressServiceClient')
        (Get-Alias Update-AuthressServiceClient).Definition | Should -Be 'Set-AuthressServiceClient'
    }

    It 'exports no function and no variable' {
        (Get-Module Authress).ExportedFunctions.Count | Should -Be 0
        (Get-Module Authress).ExportedVariables.Count | Should -Be 0
    }

    It 'ships no leftovers of a build' {
        $left = Get-ChildItem -LiteralPath $paths.Module -Recurse -File | Where-Object { $_.Extension -in '.pdb', '.json', '.config' -or $_.Name -like 'System.Management.Automation*' }
        $left | Should -BeNullOrEmpty
    }

    It 'lets scripts name its types' {
        $null = Get-AuthressConnection
        [Authress.ServiceClient].Assembly.GetName().Name | Should -Be 'Authress.Models'
        [Authress.AuthressApiException].BaseType | Should -Be ([System.Exception])
    }

    It 'uses only approved verbs and its own noun prefix' {
        $approved = (Get-Verb).Verb
        foreach ($command in Get-Command -Module Authress -CommandType Cmdlet) {
            $command.Verb | Should -BeIn $approved
            $command.Noun | Should -Match '^Authress'
        }
    }
}

Describe 'A fresh shell' {
    BeforeAll { $null = Open-Emulator }
    AfterAll { Close-Emulator }

    It 'finds the module on PSModulePath and loads it with its first command' {
        $shell = Invoke-Shell -Script 'Get-AuthressConnection; (Get-Module Authress).Name'
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.Output | Should -Be 'Authress'
        $shell.ExitCode | Should -Be 0
    }

    It 'writes nothing on import' {
        $shell = Invoke-Shell -Script 'Import-Module Authress -Verbose:$false *>&1'
        $shell.Output | Should -BeNullOrEmpty
        $shell.ErrorOutput | Should -BeNullOrEmpty
    }

    It 'recommends a new session if <Case> is loaded, and the loaded one still works' -ForEach @(
        @{ Case = 'another version'; Version = '99.0.0' }
        @{ Case = 'the module of another folder'; Version = '0.1.0' }
    ) {
        $other = Join-Path $TestDrive "Authress/$Version"
        Copy-Item -LiteralPath $paths.Module -Destination $other -Recurse
        (Get-Content -LiteralPath "$other/Authress.psd1" -Raw) -replace "ModuleVersion\s*=\s*'[0-9.]+'", "ModuleVersion = '$Version'" | Set-Content -LiteralPath "$other/Authress.psd1"
        $shell = Invoke-Shell -Script @"
Import-Module Authress
Import-Module '$other/Authress.psd1'
Connect-Authress
@(Get-AuthressServiceClient).Count
(Get-AuthressServiceClient | Out-String) -match 'Keys Grants'
"@
        $said = $shell.ErrorOutput -replace '\s+\|\s+', ' '
        @([regex]::Matches($said, 'Import-Module:')).Count | Should -Be 1
        ($said -split 'Error in TypeData')[1] | Should -Match 'is loaded in this session already, in another version or from another folder\. Open a new session'
        $shell.Line[-2..-1] | Should -Be '1', 'True'
    }

    It 'imports it twice, and again after a removal, and both times it works' {
        $shell = Invoke-Shell -Script @'
Import-Module Authress
Import-Module Authress -Force
Remove-Module Authress
Import-Module Authress
Connect-Authress
@(Get-AuthressServiceClient).Count
'@
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.Output | Should -Be '1'
    }
}

Describe 'Help' {
    It 'has a topic <_>' -ForEach 'Authress', 'Authress_Bulk', 'Authress_Secrets' {
        Get-Content -LiteralPath (Join-Path $paths.Module "en-US/about_$_.help.txt") -Raw | Should -Match "about_$_"
    }

    Context '<Name>' -ForEach $commands -Skip:$noHelp {
        BeforeAll {
            $script:help = Get-Help $Name -Full
            $script:command = Get-Command $Name
        }

        It 'has a synopsis that is a sentence and not the syntax' {
            $help.Synopsis.Trim() | Should -Match '\.$'
            $help.Synopsis | Should -Not -Match ([regex]::Escape($Name) + ' \[')
        }

        It 'has a description' {
            ($help.description | Out-String).Trim().Length | Should -BeGreaterThan 80
        }

        It 'has three examples at least, each with code that names a cmdlet of the module' {
            $examples = @($help.examples.example)
            $examples.Count | Should -BeGreaterOrEqual 3
            ($examples.code -join "`n") | Should -Match $Name
        }

        It 'describes every parameter' {
            $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
            $described = @{}
            foreach ($parameter in $help.parameters.parameter) {
                $described[$parameter.name] = ($parameter.description | Out-String).Trim()
            }
            foreach ($parameter in $command.Parameters.Values) {
                $hidden = $parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ParameterAttribute] -and $_.DontShow }
                if ($parameter.Name -notin $common -and -not $hidden) {
                    $described[$parameter.Name].Length | Should -BeGreaterThan 10 -Because "-$($parameter.Name) is to be described"
                }
            }
        }

        It 'has the URL of its page' {
            # What Get-Help -Online opens.
            $command.HelpUri | Should -Match "^https://.*/$Name(\.md)?`$"
        }
    }
}
