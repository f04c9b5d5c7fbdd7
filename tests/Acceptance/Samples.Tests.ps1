BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    $script:samples = Get-ChildItem -LiteralPath (Get-TestPath).Samples -Filter '*.ps1' -Recurse | ForEach-Object { @{ Name = $_.Name; File = $_.FullName } }
}

Describe 'The sample <Name>' -ForEach $samples {
    BeforeAll {
        $script:text = Get-Content -LiteralPath $File -Raw
        $script:help = Get-Help $File -Full
        $problems = $null
        $tokens = $null
        $script:ast = [System.Management.Automation.Language.Parser]::ParseFile($File, [ref] $tokens, [ref] $problems)
        $script:parseErrors = $problems
    }

    It 'has help with a synopsis, a description and an example' {
        $parseErrors | Should -BeNullOrEmpty
        $help.Synopsis.Trim() | Should -Match '\.$'
        ($help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
    }

    It 'describes each of its parameters' {
        foreach ($parameter in $ast.ParamBlock.Parameters) {
            $name = $parameter.Name.VariablePath.UserPath
            ($help.parameters.parameter | Where-Object { $_.name -eq $name } | ForEach-Object { $_.description } | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$name is to be described"
        }
    }

    It 'is strict, and ends at the first error' {
        $text | Should -Match '(?m)^Set-StrictMode -Version 3'
        $text | Should -Match "(?m)^\`$ErrorActionPreference = 'Stop'"
    }

    It 'supports -WhatIf if it changes something' {
        $changes = $ast.FindAll({ param($node) $node -is [System.Management.Automation.Language.CommandAst] -and $node.GetCommandName() -match '^(New|Set|Start|Complete|Remove)-Authress' }, $true)
        $binding = $ast.ParamBlock.Attributes | Where-Object { $_.TypeName.Name -eq 'CmdletBinding' }
        if (@($changes).Count -gt 0) {
            "$binding" | Should -Match 'SupportsShouldProcess'
        }
        else {
            "$binding" | Should -Not -Match 'SupportsShouldProcess'
        }
    }

    It 'uses full names of commands and no aliases' {
        $commands = $ast.FindAll({ param($node) $node -is [System.Management.Automation.Language.CommandAst] }, $true) | ForEach-Object { $_.GetCommandName() } | Where-Object { $_ }
        foreach ($command in $commands) {
            Get-Alias -Name $command -ErrorAction Ignore | Should -BeNullOrEmpty
        }
    }

    It 'is plain ASCII, so that every PowerShell reads it alike' {
        $text | Should -Not -Match '[^\x00-\x7F]'
    }

    It 'is run by a test' {
        Get-ChildItem -LiteralPath $PSScriptRoot -Filter '*Samples.Tests.ps1' | Select-String -Pattern "^[^#]*\bInvoke-[^#]* '$([regex]::Escape($Name))'" | Should -Not -BeNullOrEmpty
    }
}
