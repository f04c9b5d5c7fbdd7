BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    $script:samples = Get-ChildItem -LiteralPath (Get-TestPath).Samples -Filter '*.ps1' -Recurse | ForEach-Object { @{ Name = $_.Name; File = $_.FullName } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    $script:samplesRun = @{}

    # Runs a sample as a runbook would be run.
    function Invoke-Sample {
        param([string] $Name, [string[]] $ArgumentList = @(), [hashtable] $Environment = @{})
        $script:samplesRun[$Name] = $true
        Invoke-Shell -File (Join-Path (Get-TestPath).Samples $Name) -ArgumentList $ArgumentList -Environment $Environment
    }

    # Runs a sample in this session, where its objects can be looked at.
    function Invoke-SampleHere {
        param([string] $Name, [hashtable] $Argument = @{})
        $script:samplesRun[$Name] = $true
        & (Join-Path (Get-TestPath).Samples $Name) @Argument
    }

    # Runs a sample in this session, in another culture.
    function Invoke-SampleInCulture {
        param([string] $Culture, [string] $Name, [hashtable] $Argument = @{})
        $thread = [System.Threading.Thread]::CurrentThread
        $own = $thread.CurrentCulture
        $thread.CurrentCulture = $Culture
        try { Invoke-SampleHere $Name $Argument } finally { $thread.CurrentCulture = $own }
    }

    # Deletes a client immediately before a sample first runs a command.
    function Add-ClientDeletion {
        param([string] $ClientId, [string] $Before)
        # The job's own connection is read-only.
        $deletion = @{ ClientId = $ClientId; Connection = Get-AuthressConnection }
        $action = {
            if ($deletion.ClientId) {
                Remove-AuthressServiceClient @deletion -Confirm:$false
                $deletion.ClientId = $null
            }
        }
        $null = Set-PSBreakpoint -Command $Before -Action $action.GetNewClosure()
    }
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Samples' {
    BeforeEach {
        Clear-Emulator
        $script:ownPath = $env:PSModulePath
        $env:PSModulePath = (Split-Path (Get-TestPath).Module) + [System.IO.Path]::PathSeparator + $env:PSModulePath
    }

    AfterEach {
        $env:PSModulePath = $ownPath
        Get-PSBreakpoint | Remove-PSBreakpoint
    }

    Context '<Name>' -ForEach $samples {
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
    }

    Context 'Get-RotationExitCode.ps1 returns' {
        BeforeDiscovery {
            # The two lists of the help topic.
            $topic = [System.IO.File]::ReadAllText((Join-Path (Get-TestPath).Root 'en-US/about_Authress_Rotation.help.txt'))
            $script:verdicts = foreach ($list in @{ Heading = 'TRY AGAIN'; Code = 1 }, @{ Heading = 'A PERSON MUST LOOK'; Code = 2 }) {
                $text = ($topic -split "ERRORS: $($list.Heading)")[1] -replace '(?s)(An unattended run|\nERRORS: ).*'
                [regex]::Matches($text, '(?m)^ {8}((?:[A-Z][A-Za-z]+)(?:, [A-Z][A-Za-z]+)*)(?=,?\r?$| )') | ForEach-Object { $_.Groups[1].Value -split ', ' } |
                    Where-Object { $_ -cmatch '[a-z][A-Z]' } | ForEach-Object { @{ Id = $_; Code = $list.Code } }
            }
        }

        BeforeAll {
            function New-Problem {
                param([string] $Id)
                New-Object System.Management.Automation.ErrorRecord (New-Object System.Exception 'no'), "$Id,Some.Command", 'NotSpecified', $null
            }
        }

        It '<Code> for <Id>, as the help topic says' -ForEach $verdicts {
            Invoke-SampleHere 'Get-RotationExitCode.ps1' @{ ErrorRecord = New-Problem $Id } | Should -Be $Code
        }

        It 'what is worst' {
            Invoke-SampleHere 'Get-RotationExitCode.ps1' @{} | Should -Be 0
            Invoke-SampleHere 'Get-RotationExitCode.ps1' @{ ErrorRecord = @(New-Problem 'TimedOut'; New-Problem 'RotationNoRoom'; New-Problem 'TimedOut') } | Should -Be 2
            Invoke-SampleHere 'Get-RotationExitCode.ps1' @{ ErrorRecord = New-Problem 'NeverHeardOf' } | Should -Be 2
            Invoke-SampleHere 'Get-RotationExitCode.ps1' @{ Rotation = [pscustomobject]@{ State = 'Interrupted' } } | Should -Be 1
            Invoke-SampleHere 'Get-RotationExitCode.ps1' @{ Rotation = [pscustomobject]@{ State = 'NeedsAttention' }; ErrorRecord = New-Problem 'TimedOut' } | Should -Be 2
        }
    }

    Context 'A runbook that rotates keys' {
        BeforeAll {
            # A second destination with the same key.
            function Copy-Destination {
                param($Destination)
                $copy = $Destination.PSObject.Copy()
                $copy.OutFile += '-2'
                Copy-Item -LiteralPath $Destination.OutFile -Destination $copy.OutFile
                $copy
            }

            # A client whose key is in a file.
            function Add-FileDestination {
                param([string] $Name = 'billing')
                $id = Add-StoredClient $Name
                $file = Join-Path $folder "$id.key"
                $key = New-AuthressAccessKey $id -OutFile $file
                [pscustomobject]@{ ClientId = $id; KeyId = $key.KeyId; OutFile = $file; Text = ConvertFrom-Secret $key.AccessKey }
            }

            # A client whose key is in the vault.
            function Add-VaultDestination {
                param([string] $SecretName = 'search')
                $id = Add-StoredClient $SecretName
                $key = New-AuthressAccessKey $id -SecretName $SecretName -VaultName ops
                [pscustomobject]@{ ClientId = $id; KeyId = $key.KeyId; SecretName = $SecretName; Text = ConvertFrom-Secret $key.AccessKey }
            }

            function Set-DestinationList {
                param($Destination)
                $Destination | Select-Object -Property ClientId, OutFile, SecretName | Export-Csv -LiteralPath $csv -NoTypeInformation
            }

            # The key in a destination, which must work.
            function Get-WorkingKeyId {
                param($Destination)
                $source = if ($Destination.PSObject.Properties['OutFile']) { @{ KeyFile = $Destination.OutFile } } else { @{ SecretName = $Destination.SecretName; VaultName = 'ops' } }
                $test = Test-AuthressAccessKey @source
                $test.Works | Should -BeTrue
                $test.KeyId
            }

            # A run whose output, errors and exit code can be looked at. Neither output nor errors may show a key.
            function Invoke-Rotation {
                param([string] $Name, [hashtable] $Argument = @{}, [string[]] $Secret = @())
                $lines = @(Invoke-SampleHere $Name $Argument 2>&1 3>&1)
                $text = $lines | Out-String
                foreach ($one in $Secret) {
                    Find-Secret (Get-SecretPart $one) $text | Should -BeNullOrEmpty
                }
                [pscustomobject]@{
                    ExitCode = $LASTEXITCODE
                    Line     = @($lines | Where-Object { $_ -is [string] })
                    Error    = @($lines | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | ForEach-Object { $_.FullyQualifiedErrorId -replace ',.*' })
                }
            }
        }

        BeforeEach {
            $script:folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
            $script:vaults = Join-Path $folder 'vaults'
            $script:csv = Join-Path $folder 'destinations.csv'
            $script:journal = Join-Path $folder 'journal'
            $null = New-Item -ItemType Directory -Path $vaults
            $env:PSModulePath = (Get-TestPath).StandIns + [System.IO.Path]::PathSeparator + $env:PSModulePath
            $env:AUTHRESS_STANDIN_VAULT = $vaults
        }

        AfterEach { Remove-Item -LiteralPath Env:AUTHRESS_STANDIN_VAULT }

        Context 'Invoke-NightlyRotation.ps1' {
            It 'replaces old keys in one night, and deletes them in another' {
                $destinations = @(Add-FileDestination; Add-VaultDestination)
                $other = (Add-StoredKey $destinations[0].ClientId).KeyId
                Set-DestinationList $destinations
                $first = Invoke-Sample 'Invoke-NightlyRotation.ps1' $csv, '-MaximumAge', '0', '-OverlapHours', '0', '-JournalPath', $journal
                $first.ErrorOutput | Should -BeNullOrEmpty
                $first.ExitCode | Should -Be 0
                @($first.Line -match ': Due, ') | Should -HaveCount 2
                $new = $destinations | ForEach-Object { Get-WorkingKeyId $_ }
                (Get-StoredClient $destinations[0].ClientId).KeyId | Should -Be $destinations[0].KeyId, $other, $new[0]
                (Get-StoredClient $destinations[1].ClientId).KeyId | Should -Be $destinations[1].KeyId, $new[1]
                $second = Invoke-Sample 'Invoke-NightlyRotation.ps1' $csv, '-JournalPath', $journal
                $second.ErrorOutput | Should -BeNullOrEmpty
                $second.ExitCode | Should -Be 0
                @($second.Line -match 'Completed') | Should -HaveCount 2
                (Get-StoredClient $destinations[0].ClientId).KeyId | Should -Be $other, $new[0]
                (Get-StoredClient $destinations[1].ClientId).KeyId | Should -Be $new[1]
                $destinations | ForEach-Object { Get-WorkingKeyId $_ } | Should -Be $new
                foreach ($secret in $destinations.Text + [System.IO.File]::ReadAllText($destinations[0].OutFile)) {
                    Find-Secret (Get-SecretPart $secret) ($first.Output + $second.Output) | Should -BeNullOrEmpty
                }
            }

            It 'leaves young keys, and changes nothing with -WhatIf' {
                Set-DestinationList (Add-FileDestination)
                Clear-EmulatorRequest
                (Invoke-Rotation 'Invoke-NightlyRotation.ps1' @{ Path = $csv; JournalPath = $journal; MaximumAge = 0; WhatIf = $true }).ExitCode | Should -Be 0
                $journal | Should -Not -Exist
                $run = Invoke-Rotation 'Invoke-NightlyRotation.ps1' @{ Path = $csv; JournalPath = $journal }
                $run.ExitCode | Should -Be 0
                $run.Line | Should -BeNullOrEmpty
                Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            }

            It 'ends with 1 where the next night tries again, and does' {
                $destination = Add-FileDestination
                Set-DestinationList $destination
                Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault @{ kind = 'keyNotYetUsable'; requests = 100 }
                $argument = @{ Path = $csv; JournalPath = $journal; MaximumAge = 0; WaitSec = 0 }
                $run = Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument -Secret $destination.Text
                $run.ExitCode | Should -Be 1
                $run.Error | Should -Be 'RotationKeyNotWorking'
                (Get-StoredClient $destination.ClientId).KeyId | Should -Be $destination.KeyId
                $run = Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument
                $run.ExitCode | Should -Be 0
                $run.Error | Should -BeNullOrEmpty
                Get-WorkingKeyId $destination | Should -Not -Be $destination.KeyId
            }

            It 'ends with 2 where a person must look, and rotates the others: <Case>' -ForEach @(
                @{ Case = 'another text'; Content = 'something else'; ErrorId = 'RotationForeignContent' }
                @{ Case = 'an empty destination of several keys'; Content = ''; ErrorId = 'RotationAmbiguous' }
                @{ Case = 'a client that is gone'; Content = $null; ErrorId = 'NotFound' }
            ) {
                $destinations = @(Add-FileDestination; Add-VaultDestination)
                Set-DestinationList $destinations
                if ($null -eq $Content) {
                    Remove-AuthressServiceClient $destinations[0].ClientId -Confirm:$false
                }
                else {
                    $null = Add-StoredKey $destinations[0].ClientId
                    [System.IO.File]::WriteAllText($destinations[0].OutFile, $Content)
                }
                $run = Invoke-Rotation 'Invoke-NightlyRotation.ps1' @{ Path = $csv; JournalPath = $journal; MaximumAge = 0 } -Secret $destinations.Text
                $run.ExitCode | Should -Be 2
                $run.Error | Should -Be $ErrorId
                Get-WorkingKeyId $destinations[1] | Should -Not -Be $destinations[1].KeyId
            }

            It 'ends with 2 at the third failure, and also if the destination is no longer in the file' {
                $destination = Add-FileDestination
                Set-DestinationList $destination
                Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Times 3 -Fault @{ kind = 'keyNotYetUsable'; requests = 100 }
                $argument = @{ Path = $csv; JournalPath = $journal; MaximumAge = 0; WaitSec = 0 }
                1..3 | ForEach-Object { (Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument).ExitCode } | Should -Be 1, 1, 2
                Set-DestinationList (Add-VaultDestination)
                $run = Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument
                $run.ExitCode | Should -Be 2
                $run.Error | Should -BeNullOrEmpty
                @($run.Line -match 'NeedsAttention') | Should -HaveCount 1
            }

            It 'keeps a key for the second destination that holds it, and fails' {
                $destination = Add-FileDestination
                $second = Copy-Destination $destination
                Set-DestinationList @($destination; $second)
                $argument = @{ Path = $csv; JournalPath = $journal; MaximumAge = 0; OverlapHours = 0 }
                $null = New-Item -ItemType Directory -Path "$($second.OutFile).d"
                Move-Item -LiteralPath $second.OutFile -Destination "$($second.OutFile).d/key"
                $null = New-Item -ItemType Directory -Path $second.OutFile
                (Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument).ExitCode | Should -Be 1
                $run = Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument
                $run.Error | Should -Be 'RotationDestinationFailed'
                (Get-StoredClient $destination.ClientId).KeyId | Should -Contain $destination.KeyId
                Remove-Item -LiteralPath $second.OutFile
                Move-Item -LiteralPath "$($second.OutFile).d/key" -Destination $second.OutFile
                (Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument).ExitCode | Should -Be 0
                (Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument).ExitCode | Should -Be 0
                (Get-StoredClient $destination.ClientId).KeyId | Should -Not -Contain $destination.KeyId
                Get-WorkingKeyId $destination | Should -Not -Be (Get-WorkingKeyId $second)
            }

            It 'keeps a key that two destinations held until the overlap of both has passed' {
                $destination = Add-FileDestination
                $second = Copy-Destination $destination
                $null = Start-AuthressAccessKeyRotation $destination.ClientId -OutFile $destination.OutFile -OverlapPeriod 0 -JournalPath $journal -Confirm:$false
                Set-DestinationList @($destination; $second)
                $argument = @{ Path = $csv; JournalPath = $journal; MaximumAge = 0 }
                1..2 | ForEach-Object { (Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument).ExitCode | Should -Be 0 }
                (Get-StoredClient $destination.ClientId).KeyId | Should -Contain $destination.KeyId
                $null = Get-AuthressAccessKeyRotation -JournalPath $journal | Where-Object OutFile -EQ $second.OutFile | Complete-AuthressAccessKeyRotation -Force -JournalPath $journal -Confirm:$false
                (Get-StoredClient $destination.ClientId).KeyId | Should -Not -Contain $destination.KeyId
                (Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument).ExitCode | Should -Be 0
                Get-AuthressAccessKeyRotation -JournalPath $journal -State Due | Should -BeNullOrEmpty
            }

            It 'keeps a key for a destination whose turn has not come' {
                $destination = Add-FileDestination
                $second = Copy-Destination $destination
                $null = Start-AuthressAccessKeyRotation $destination.ClientId -OutFile $destination.OutFile -OverlapPeriod 0 -JournalPath $journal -Confirm:$false
                Set-DestinationList @($destination; $second)
                $run = Invoke-Rotation 'Invoke-NightlyRotation.ps1' @{ Path = $csv; JournalPath = $journal }
                $run.ExitCode | Should -Be 1
                $run.Error | Should -Be 'RotationKeyInUse'
                Get-WorkingKeyId $second | Should -Be $destination.KeyId
                Remove-Item -LiteralPath $second.OutFile
                Set-DestinationList $destination
                (Invoke-Rotation 'Invoke-NightlyRotation.ps1' @{ Path = $csv; JournalPath = $journal }).ExitCode | Should -Be 0
                (Get-StoredClient $destination.ClientId).KeyId | Should -Not -Contain $destination.KeyId
            }

            It 'completes no rotation of a client in whose row there is an error' {
                $destination = Add-FileDestination
                $second = Copy-Destination $destination
                $null = Start-AuthressAccessKeyRotation $destination.ClientId -OutFile $destination.OutFile -OverlapPeriod 0 -JournalPath $journal -Confirm:$false
                $wrong = $second.PSObject.Copy()
                $wrong.ClientId = Add-StoredClient 'other'
                Set-DestinationList @($destination; $wrong; $second)
                (Invoke-Rotation 'Invoke-NightlyRotation.ps1' @{ Path = $csv; JournalPath = $journal; MaximumAge = 0 }).ExitCode | Should -Be 2
                Get-WorkingKeyId $second | Should -Be $destination.KeyId
            }

            It 'makes room, and then rotates what had none' {
                $destination = Add-FileDestination
                $second = $destination.PSObject.Copy()
                $second.OutFile += '-2'
                $key = Add-StoredKey $destination.ClientId
                [System.IO.File]::WriteAllText($second.OutFile, $key.Text)
                $null = 1..2 | ForEach-Object { Add-StoredKey $destination.ClientId }
                $argument = @{ Path = $csv; JournalPath = $journal; MaximumAge = 0; OverlapHours = 0 }
                Set-DestinationList $destination
                (Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument).ExitCode | Should -Be 0
                Set-DestinationList @($second; $destination)
                $null = Invoke-Rotation 'Invoke-NightlyRotation.ps1' $argument
                (Get-StoredClient $destination.ClientId).KeyId | Should -Not -Contain $destination.KeyId
                Get-WorkingKeyId $second | Should -Not -Be $key.KeyId
            }

            It 'ends with 2 and changes nothing where <Case>' -ForEach @(
                @{ Case = 'the file has no such column'; Text = "Client`nsc_1"; Environment = @{} }
                @{ Case = 'there is no credential'; Text = "ClientId,OutFile`nsc_1,a.key"; Environment = @{ AUTHRESS_KEY = '' } }
                @{ Case = 'the journal is a file'; Text = "ClientId,OutFile`nsc_1,a.key"; Environment = @{}; Taken = $true }
            ) {
                [System.IO.File]::WriteAllText($csv, $Text)
                if ($_.ContainsKey('Taken')) { Set-Content -LiteralPath $journal -Value 'taken' }
                Clear-EmulatorRequest
                $shell = Invoke-Sample 'Invoke-NightlyRotation.ps1' $csv, '-JournalPath', $journal -Environment $Environment
                $shell.ExitCode | Should -Be 2
                $shell.ErrorOutput | Should -Not -BeNullOrEmpty
                Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            }

            It 'ends with 1 where Authress can not be reached' {
                Set-DestinationList (Add-FileDestination)
                (Invoke-Sample 'Invoke-NightlyRotation.ps1' $csv, '-JournalPath', $journal -Environment @{ AUTHRESS_API_URL = 'http://localhost:1' }).ExitCode | Should -Be 1
            }
        }

        Context 'Invoke-DisklessRotation.ps1' {
            It 'replaces the keys of a vault on one machine, and deletes them on another' {
                $destinations = @(Add-VaultDestination 'search'; Add-VaultDestination 'billing')
                Set-Secret -Name password -Secret 'not a key' -Vault ops
                Set-Secret -Name foreign -Secret 'of another account' -Vault ops
                Set-SecretInfo -Name foreign -Vault ops -Metadata @{ clientId = $destinations[0].ClientId; accountId = 'acc-other' }
                $machines = 1..3 | ForEach-Object { @{ XDG_STATE_HOME = Join-Path $folder "machine-$_" } }
                $first = Invoke-Sample 'Invoke-DisklessRotation.ps1' 'ops', '-MaximumAge', '0', '-OverlapHours', '0' -Environment $machines[0]
                $first.ErrorOutput | Should -BeNullOrEmpty
                $first.ExitCode | Should -Be 0
                $first.Line | Should -HaveCount 2
                $new = $destinations | ForEach-Object { Get-WorkingKeyId $_ }
                for ($i = 0; $i -lt 2; $i++) { (Get-StoredClient $destinations[$i].ClientId).KeyId | Should -Be $destinations[$i].KeyId, $new[$i] }
                $second = Invoke-Sample 'Invoke-DisklessRotation.ps1' 'ops' -Environment $machines[1]
                $second.ErrorOutput | Should -BeNullOrEmpty
                $second.ExitCode | Should -Be 0
                for ($i = 0; $i -lt 2; $i++) { (Get-StoredClient $destinations[$i].ClientId).KeyId | Should -Be $new[$i] }
                $third = Invoke-Sample 'Invoke-DisklessRotation.ps1' 'ops' -Environment $machines[2]
                $third.Output + $third.ErrorOutput | Should -BeNullOrEmpty
                $destinations | ForEach-Object { Get-WorkingKeyId $_ } | Should -Be $new
                ConvertFrom-Secret (Get-Secret -Name password -Vault ops) | Should -Be 'not a key'
                ConvertFrom-Secret (Get-Secret -Name foreign -Vault ops) | Should -Be 'of another account'
                $machines | ForEach-Object { $_.XDG_STATE_HOME | Should -Not -Exist }
                foreach ($secret in $destinations.Text) { Find-Secret (Get-SecretPart $secret) ($first.Output + $second.Output) | Should -BeNullOrEmpty }
            }

            It 'completes what replaced no key, and keeps a key that another secret holds' {
                $id = Add-StoredClient 'first'
                Set-Secret -Name first -Secret ' ' -Vault ops
                Set-SecretInfo -Name first -Vault ops -Metadata @{ clientId = $id; accountId = (Get-AuthressConnection).AccountId }
                $shared = Add-VaultDestination 'search'
                Set-Secret -Name zweite -Secret (Get-Secret -Name search -Vault ops -AsPlainText) -Vault ops
                Set-SecretInfo -Name zweite -Vault ops -Metadata @{ clientId = $shared.ClientId; accountId = (Get-AuthressConnection).AccountId; keyId = 'stale' }
                $null = Start-AuthressAccessKeyRotation $shared.ClientId -SecretName search -VaultName ops -OverlapPeriod 0 -WithoutJournal -Confirm:$false
                $null = Start-AuthressAccessKeyRotation $id -SecretName first -VaultName ops -OverlapPeriod 0 -WithoutJournal -Confirm:$false
                $run = Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops' }
                $run.ExitCode | Should -Be 1
                $run.Error | Should -Be 'RotationKeyInUse'
                (Get-StoredClient $shared.ClientId).KeyId | Should -Contain $shared.KeyId
                $first = [pscustomobject]@{ ClientId = $id; SecretName = 'first'; VaultName = 'ops' }
                $first | Get-AuthressAccessKeyRotation -State Due -WithoutJournal | Should -BeNullOrEmpty
            }

            It 'keeps a key that two secrets held until the overlap of both has passed' {
                $first = Add-VaultDestination 'search'
                $second = [pscustomobject]@{ ClientId = $first.ClientId; SecretName = 'zweite'; VaultName = 'ops' }
                Set-Secret -Name zweite -Secret (Get-Secret -Name search -Vault ops -AsPlainText) -Vault ops
                Set-SecretInfo -Name zweite -Vault ops -Metadata @{ clientId = $first.ClientId; accountId = (Get-AuthressConnection).AccountId }
                $null = Start-AuthressAccessKeyRotation $first.ClientId -SecretName search -VaultName ops -OverlapPeriod 0 -WithoutJournal -Confirm:$false
                $null = $second | Start-AuthressAccessKeyRotation -WithoutJournal -Confirm:$false
                $run = Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops' }
                $run.ExitCode | Should -Be 0
                (Get-StoredClient $first.ClientId).KeyId | Should -Contain $first.KeyId
                $null = $second | Complete-AuthressAccessKeyRotation -Force -WithoutJournal -Confirm:$false
                (Get-StoredClient $first.ClientId).KeyId | Should -Not -Contain $first.KeyId
            }

            It 'keeps a key that a secret that can not be read may hold, and goes on with the others' {
                $destinations = @(Add-VaultDestination 'search'; Add-VaultDestination 'sealed'; Add-VaultDestination 'season')
                Set-Secret -Name broken -Secret @{ a = 'b' } -Vault ops
                Set-SecretInfo -Name broken -Vault ops -Metadata @{ clientId = $destinations[0].ClientId; accountId = (Get-AuthressConnection).AccountId }
                $destinations | ForEach-Object { $null = Start-AuthressAccessKeyRotation $_.ClientId -SecretName $_.SecretName -VaultName ops -OverlapPeriod 0 -WithoutJournal -Confirm:$false }
                Set-Secret -Name season-rotation -Secret 'damaged' -Vault ops
                $run = Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops'; SecretName = 'sea*' }
                $run.ExitCode | Should -Be 2
                $run.Error | Should -Be 'JournalDamaged', 'JournalDamaged', 'RotationKeyInUse'
                (Get-StoredClient $destinations[0].ClientId).KeyId | Should -Contain $destinations[0].KeyId
                (Get-StoredClient $destinations[1].ClientId).KeyId | Should -Not -Contain $destinations[1].KeyId
            }

            It 'rotates only the secrets that are meant, in every culture, and none with -WhatIf' {
                $destinations = @(Add-VaultDestination 'import'; Add-VaultDestination 'billing')
                Clear-EmulatorRequest
                (Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops'; MaximumAge = 0; WhatIf = $true }).ExitCode | Should -Be 0
                Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
                $null = Invoke-SampleInCulture 'tr-TR' 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops'; SecretName = 'IMP*'; MaximumAge = 0 }
                $LASTEXITCODE | Should -Be 0
                Get-WorkingKeyId $destinations[0] | Should -Not -Be $destinations[0].KeyId
                Get-WorkingKeyId $destinations[1] | Should -Be $destinations[1].KeyId
            }

            It 'ends with <ExitCode> where <Case>' -ForEach @(
                @{ Case = 'a new key does not work yet'; ExitCode = 1; ErrorId = 'RotationKeyNotWorking'; Fault = @{ kind = 'keyNotYetUsable'; requests = 100 } }
                @{ Case = 'the permission is missing'; ExitCode = 2; ErrorId = 'PermissionDenied'; Fault = @{ kind = 'status'; status = 403 } }
            ) {
                $destination = Add-VaultDestination
                Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault $Fault
                $run = Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops'; MaximumAge = 0; WaitSec = 0 } -Secret $destination.Text
                $run.ExitCode | Should -Be $ExitCode
                $run.Error | Should -Be $ErrorId
                @($run.Line -match 'Interrupted') | Should -HaveCount 1
                Get-WorkingKeyId $destination | Should -Be $destination.KeyId
                (Get-StoredClient $destination.ClientId).KeyId | Should -Be $destination.KeyId
            }

            It 'ends with 2 where the vault has no key, or can not be opened' {
                (Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops' }).ExitCode | Should -Be 2
                (Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'locked' }).ExitCode | Should -Be 2
                Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            }
        }

        Context 'Revoke-LeakedKey.ps1' {
            BeforeAll {
                function Invoke-Revocation {
                    param($Leaked, [hashtable] $Argument = @{})
                    Invoke-SampleHere 'Revoke-LeakedKey.ps1' (@{ AccessKey = ConvertTo-Secret $Leaked.Text; Path = $csv; JournalPath = $journal; Confirm = $false } + $Argument)
                }
            }

            It 'replaces the key where it is used, and touches nothing else' {
                $destinations = @(Add-FileDestination; Add-FileDestination; Add-VaultDestination)
                $leaked = $destinations[0]
                # Another deployment of the same client.
                $other = Add-StoredKey $leaked.ClientId
                $otherFile = Join-Path $folder 'other.key'
                [System.IO.File]::WriteAllText($otherFile, $other.Text)
                Set-DestinationList ($destinations + [pscustomobject]@{ ClientId = $leaked.ClientId; OutFile = $otherFile; SecretName = '' })
                $result = Invoke-Revocation $leaked
                $LASTEXITCODE | Should -Be 0
                $result.KeyId | Should -Be $leaked.KeyId
                $result.Works | Should -BeFalse
                Get-WorkingKeyId $leaked | Should -Be $result.NewKeyId
                (Get-StoredClient $leaked.ClientId).KeyId | Should -Be $other.KeyId, $result.NewKeyId
                Test-AuthressAccessKey (ConvertTo-Secret $leaked.Text) -Quiet | Should -BeFalse
                [System.IO.File]::ReadAllText($otherFile) | Should -Be $other.Text
                $destinations[1..2] | ForEach-Object { Get-WorkingKeyId $_ | Should -Be $_.KeyId }
                Find-Secret (Get-SecretPart $leaked.Text) ($result | Out-String) | Should -BeNullOrEmpty
                # A second run finds it gone.
                $again = Invoke-Revocation $leaked
                $again.Works | Should -BeFalse
                $again.NewKeyId | Should -BeNullOrEmpty
            }

            It 'gives each destination that holds it a key of its own' {
                $leaked = Add-VaultDestination
                $copy = [pscustomobject]@{ ClientId = $leaked.ClientId; OutFile = Join-Path $folder 'copy.key'; SecretName = '' }
                [System.IO.File]::WriteAllText($copy.OutFile, $leaked.Text)
                Set-DestinationList @(($leaked | Select-Object -Property ClientId, @{ n = 'OutFile'; e = { '' } }, SecretName), $copy)
                $result = Invoke-Revocation $leaked
                $result.NewKeyId | Should -HaveCount 2
                @(Get-WorkingKeyId $leaked; Get-WorkingKeyId $copy) | Sort-Object | Should -Be ($result.NewKeyId | Sort-Object)
                (Get-StoredClient $leaked.ClientId).KeyId | Should -Not -Contain $leaked.KeyId
            }

            It 'leaves the record beside a destination that is rotated without a journal as the next run needs it' {
                $leaked = Add-VaultDestination
                Set-DestinationList $leaked
                $null = Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops'; MaximumAge = 0; OverlapHours = 0 }
                $null = Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops' }
                $leaked = $leaked | Select-Object -Property *, @{ n = 'Now'; e = { ConvertFrom-Secret (Get-Secret search -Vault ops) } }
                $result = Invoke-Revocation ([pscustomobject]@{ Text = $leaked.Now }) @{ WithoutJournal = $true }
                (Get-StoredClient $leaked.ClientId).KeyId | Should -Be $result.NewKeyId
                Get-WorkingKeyId $leaked | Should -Be $result.NewKeyId
                $journal | Should -Not -Exist
                $run = Invoke-Rotation 'Invoke-DisklessRotation.ps1' @{ VaultName = 'ops'; MaximumAge = 0 }
                $run.Error | Should -BeNullOrEmpty
                $run.ExitCode | Should -Be 0
                Get-WorkingKeyId $leaked | Should -Not -Be $result.NewKeyId
            }

            It 'does not wait for the overlap of a rotation that replaces it already' {
                $leaked = Add-FileDestination
                Set-DestinationList $leaked
                $rotation = $leaked | Start-AuthressAccessKeyRotation -JournalPath $journal
                (Invoke-Revocation $leaked).NewKeyId | Should -Be $rotation.NewKeyId
                (Get-StoredClient $leaked.ClientId).KeyId | Should -Be $rotation.NewKeyId
                Get-WorkingKeyId $leaked | Should -Be $rotation.NewKeyId
            }

            It 'changes nothing where <Case>' -ForEach @(
                @{ Case = 'no destination holds it'; Message = '*holds the leaked key*Remove-AuthressAccessKey*' }
                @{ Case = 'it is the new key of a rotation that is not completed'; Message = '*Complete it first*' }
                @{ Case = 'it is no access key'; Message = '*not an access key*' }
                @{ Case = 'it is a key of another account'; Message = '*not an access key of the account*' }
            ) {
                $leaked = Add-FileDestination
                $text = $leaked.Text
                Set-DestinationList $leaked
                switch -Wildcard ($Case) {
                    'no destination*' { $text = (Add-StoredKey $leaked.ClientId).Text }
                    'it is the new*' { $null = $leaked | Start-AuthressAccessKeyRotation -JournalPath $journal; $text = [System.IO.File]::ReadAllText($leaked.OutFile) }
                    'it is no*' { $text = 'password' }
                    'it is a key of another*' { $parts = $text.Split('.'); $parts[2] = 'acc-other'; $text = $parts -join '.' }
                }
                $before = Get-StoredClient | ConvertTo-Json -Depth 5
                { Invoke-Revocation ([pscustomobject]@{ Text = $text }) } | Should -Throw $Message
                Get-StoredClient | ConvertTo-Json -Depth 5 | Should -Be $before
            }

            It 'deletes nothing where the delivery fails' {
                $leaked = Add-FileDestination
                Set-DestinationList $leaked
                Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault @{ kind = 'status'; status = 403 }
                { Invoke-Revocation $leaked } | Should -Throw -ErrorId 'PermissionDenied,*'
                (Get-StoredClient $leaked.ClientId).KeyId | Should -Be $leaked.KeyId
                Get-WorkingKeyId $leaked | Should -Be $leaked.KeyId
            }

            It 'changes nothing where a destination can not be read, and with -IgnoreUnread goes on with the others: <Way>' -ForEach @(
                @{ Way = 'a missing file'; Row = @{ OutFile = 'none.key' } }
                @{ Way = 'a folder'; Row = @{ OutFile = 'vaults' } }
                @{ Way = 'a missing secret'; Row = @{ SecretName = 'none' } }
                @{ Way = 'a missing file, without a journal'; Row = @{ OutFile = 'none.key' }; Argument = @{ WithoutJournal = $true } }
                @{ Way = 'a missing secret, without a journal'; Row = @{ SecretName = 'none' }; Argument = @{ WithoutJournal = $true } }
                @{ Way = 'a damaged record beside it, without a journal'; Row = @{ OutFile = 'other.key' }; Argument = @{ WithoutJournal = $true } }
            ) {
                $leaked = Add-FileDestination
                [System.IO.File]::WriteAllText((Join-Path $folder 'other.key'), (Add-StoredKey $leaked.ClientId).Text)
                [System.IO.File]::WriteAllText((Join-Path $folder 'other.key.rotation'), '{')
                $unread = [pscustomobject]@{ ClientId = $leaked.ClientId; OutFile = ''; SecretName = '' }
                foreach ($name in $Row.Keys) { $unread.$name = if ($name -eq 'OutFile') { Join-Path $folder $Row[$name] } else { $Row[$name] } }
                $copy = [pscustomobject]@{ ClientId = $leaked.ClientId; OutFile = Join-Path $folder 'copy.key'; SecretName = '' }
                [System.IO.File]::WriteAllText($copy.OutFile, $leaked.Text)
                Set-DestinationList $leaked, $unread, $copy
                $more = if ($Argument) { $Argument } else { @{} }
                $before = Get-StoredClient | ConvertTo-Json -Depth 5
                foreach ($whatIf in $true, $false) {
                    { Invoke-Revocation $leaked ($more + @{ WhatIf = $whatIf }) 2> $null } | Should -Throw "*'$($unread.OutFile)$($unread.SecretName)'*-IgnoreUnread*"
                }
                Get-StoredClient | ConvertTo-Json -Depth 5 | Should -Be $before
                $more += @{ IgnoreUnread = $true }
                $output = @(Invoke-Revocation $leaked $more 2>&1)
                $LASTEXITCODE | Should -Be 1
                $problem = @($output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
                "$problem" | Should -BeLike "*'$($unread.OutFile)$($unread.SecretName)'*can't be read*"
                $problem | Should -HaveCount 1
                $output[-1].NewKeyId | Should -HaveCount 2
                @(Get-WorkingKeyId $leaked; Get-WorkingKeyId $copy) | Sort-Object | Should -Be ($output[-1].NewKeyId | Sort-Object)
                (Get-StoredClient $leaked.ClientId).KeyId | Should -Not -Contain $leaked.KeyId
            }

            It 'goes on with the new key where the leaked one signs for the connection' {
                $file = Join-Path $folder 'admin.key'
                [System.IO.File]::WriteAllText($file, $emulator.AccessKey)
                $leaked = [pscustomobject]@{ ClientId = $emulator.ClientId; OutFile = $file; SecretName = ''; Text = $emulator.AccessKey }
                Set-DestinationList $leaked
                $rotation = $leaked | Start-AuthressAccessKeyRotation -JournalPath $journal
                $own = (Get-AuthressConnection).KeyId
                $null = Invoke-Revocation $leaked @{ WhatIf = $true }
                (Get-AuthressConnection).KeyId | Should -Be $own
                $result = Invoke-Revocation $leaked
                $result.NewKeyId | Should -Be $rotation.NewKeyId
                (Get-AuthressConnection).KeyId | Should -Be $result.NewKeyId
                (Get-StoredClient $emulator.ClientId).KeyId | Should -Be $result.NewKeyId
                # The emulator of the other tests has its own key again.
                Close-Emulator
                $script:emulator = Open-Emulator
            }

            It 'asks before it deletes, and changes nothing with -WhatIf' {
                $leaked = Add-FileDestination
                Set-DestinationList $leaked
                Clear-EmulatorRequest
                $null = Invoke-Revocation $leaked @{ WhatIf = $true }
                Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
                $script = "& '$((Get-TestPath).Samples)/Revoke-LeakedKey.ps1' -AccessKey (ConvertTo-SecureString (Get-Content -Raw '$($leaked.OutFile)') -AsPlainText -Force) -Path '$csv' -JournalPath '$journal'"
                $shell = Invoke-Shell -Script $script
                $shell.ExitCode | Should -Be 1
                $shell.ErrorOutput | Should -Match "can't ask for confirmation"
                (Get-StoredClient $leaked.ClientId).KeyId | Should -Contain $leaked.KeyId
                Get-WorkingKeyId $leaked | Should -Not -Be $leaked.KeyId
            }
        }
    }

    Context 'A CSV file with <Fault>' -ForEach @(
        @{ Fault = 'semicolons'; Text = "ClientId;Name;Tag`n{0};billing;env=prod"; Message = "The delimiter * is ';', not ','. Use -Delimiter ';'." }
        @{ Fault = 'tabs'; Text = "ClientId`tName`tTag`n{0}`tbilling`tenv=prod"; Message = 'The delimiter * is "?t", not *' }
        @{ Fault = 'the line sep=,'; Text = "sep=,`nClientId,Name,Tag`n{0},billing,env=prod"; Message = "*'sep=,'*Delete this line*" }
        @{ Fault = 'the line sep=;'; Text = "sep=;`r`nClientId;Name;Tag`r`n{0};billing;env=prod"; Message = "*'sep=;'*Delete this line*" }
        @{ Fault = 'another encoding'; Text = "ClientId,Name,Tag`n{0},billing,env=prod`n{0},M$([char] 0xFC)ller,env=test"; Encoding = 'iso-8859-1'; Message = 'The encoding * is not UTF-8: line 3 *' }
        @{ Fault = 'UTF-16 without a mark'; Text = "ClientId,Name,Tag`n{0},billing,env=prod"; Encoding = 'utf-16'; Message = 'The encoding * is not UTF-8: line 1 *' }
        @{ Fault = 'a character that was lost'; Text = "ClientId,Name,Tag`n{0},billing,env=prod`n{0},M$([char] 0xFFFD)ller,env=test"; Message = 'The encoding * is not UTF-8: line 3 *' }
        @{ Fault = 'a column too few'; Text = "ClientId,Name,Tags`n{0},billing,env=prod"; Message = "*has no column 'Tag'*Its columns are 'ClientId', 'Name', 'Tags'." }
        @{ Fault = 'a cell too many'; Text = "ClientId,Name,Tag`n{0},billing,env=prod`n{0},billing,env=prod,team=a"; Message = 'Row 3 *more cells*' }
    ) {
        BeforeAll {
            $name = if ($_.ContainsKey('Encoding')) { $_.Encoding } else { 'utf-8' }
            $script:bytesOf = [System.Text.Encoding]::GetEncoding($name)
        }

        It 'changes nothing with <Sample>' -ForEach @(
            @{ Sample = 'Import-ServiceClient.ps1'; WritesFailed = $false }
            @{ Sample = 'Set-TagInBulk.ps1'; WritesFailed = $true }
        ) {
            $csv = Join-Path $TestDrive 'refused.csv'
            $notMade = Join-Path $TestDrive 'not-made.csv'
            $argument = @{ Path = $csv }
            if ($WritesFailed) { $argument.FailedPath = $notMade }
            [System.IO.File]::WriteAllBytes($csv, $bytesOf.GetBytes($Text -f (Add-StoredClient worker)))
            Clear-EmulatorRequest
            { Invoke-SampleHere $Sample $argument } | Should -Throw $Message
            Get-EmulatorRequest | Should -BeNullOrEmpty
            $notMade | Should -Not -Exist
        }
    }

    Context 'Import-CheckedCsv.ps1 reads' {
        It '<Kind>' -ForEach @(
            @{ Kind = 'UTF-8 with a mark'; Encoding = New-Object System.Text.UTF8Encoding $true }
            @{ Kind = 'UTF-16 with a mark'; Encoding = [System.Text.Encoding]::Unicode }
            @{ Kind = 'another delimiter'; Delimiter = ';' }
            @{ Kind = 'what Windows PowerShell exports'; Head = '#TYPE System.Object' }
            @{ Kind = 'empty cells too many'; Tail = ',,' }
        ) {
            $case = @{ Encoding = New-Object System.Text.UTF8Encoding $false; Delimiter = ','; Head = $null; Tail = '' }
            foreach ($name in @($case.Keys)) { if ($_.ContainsKey($name)) { $case[$name] = $_[$name] } }
            $csv = Join-Path $TestDrive 'read.csv'
            $lines = @($case.Head; "Tag$($case.Delimiter)name"; "`"a=b;c=d,`ne`"$($case.Delimiter)M$([char] 0xFC)ller$($case.Tail)") | Where-Object { $_ }
            [System.IO.File]::WriteAllText($csv, ($lines -join "`r`n"), $case.Encoding)
            $row = Invoke-SampleHere 'Import-CheckedCsv.ps1' @{ Path = $csv; Column = 'Name', 'Tag'; Delimiter = $case.Delimiter }
            $row.Name | Should -BeExactly "M$([char] 0xFC)ller"
            $row.Tag | Should -BeExactly "a=b;c=d,`ne"
        }

        It 'no row where there is none' {
            $csv = Join-Path $TestDrive 'none.csv'
            [System.IO.File]::WriteAllText($csv, 'Name,Tag')
            Invoke-SampleHere 'Import-CheckedCsv.ps1' @{ Path = $csv; Column = 'Name', 'Tag' } | Should -BeNullOrEmpty
        }
    }

    Context 'Import-ServiceClient.ps1 brings clients in' {
        BeforeEach {
            $script:csv = Join-Path $TestDrive 'clients.csv'
            Set-Content -LiteralPath $csv -Encoding UTF8 -Value @(
                'Name,Tag,GrantUserPermissionsAccess,GrantTokenGeneration,RateLimit'
                'billing,env=prod;team=a,true,,PT1H:1000'
                'billing,env=test;team=a,,,'
                'search,env=prod,false,0,P1D:5000'
            )
        }

        It 'and creates those that are missing' {
            $shell = Invoke-Sample 'Import-ServiceClient.ps1' '-Path', $csv
            $shell.ErrorOutput | Should -BeNullOrEmpty
            $shell.ExitCode | Should -Be 0
            $stored = @(Get-StoredClient)
            $stored.Name | Should -Be @('billing', 'billing', 'search')
            $stored[0].Tag.team | Should -Be 'a'
            $stored[0].GrantUserPermissionsAccess | Should -BeTrue
            $stored[1].GrantUserPermissionsAccess | Should -BeFalse
            $stored[2].RateLimit | Should -Be 'P1D:5000'
        }

        It 'and changes nothing the second time' {
            $first = Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }
            $first.Action | Should -Be @('Create', 'Create', 'Create')
            Clear-EmulatorRequest
            $second = Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }
            $second.Action | Should -Be @('None', 'None', 'None')
            $second.ClientId | Should -Be $first.ClientId
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        }

        It 'and updates those that are there, and only them' {
            $null = Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }
            $other = Add-StoredClient other @{ tags = @{ env = 'prod' } }
            (Get-Content -LiteralPath $csv) -replace 'P1D:5000', 'P1D:9000' -replace 'env=test;team=a', 'env=test;team=A' | Set-Content -LiteralPath $csv -Encoding UTF8
            Clear-EmulatorRequest
            (Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }).Action | Should -Be @('None', 'Update', 'Update')
            $stored = @(Get-StoredClient)
            $stored[0].RateLimit | Should -Be 'PT1H:1000'
            $stored[1].Tag.team | Should -BeExactly 'A'
            $stored[2].RateLimit | Should -Be 'P1D:9000'
            @(Get-EmulatorRequest -Changing).Count | Should -Be 2
            (Get-StoredClient $other).Name | Should -Be 'other'
        }

        It 'from a file with another delimiter' {
            (Get-Content -LiteralPath $csv) -replace ',', '|' | Set-Content -LiteralPath $csv -Encoding UTF8
            (Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv; Delimiter = '|' }).Action | Should -Be @('Create', 'Create', 'Create')
        }

        It 'and continues if one is deleted in between' {
            $first = Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }
            (Get-Content -LiteralPath $csv) -replace 'team=a', 'team=b' -replace 'P1D:5000', 'P1D:9000' | Set-Content -LiteralPath $csv -Encoding UTF8
            Add-ClientDeletion $first[0].ClientId -Before Set-AuthressServiceClient
            { Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv } 2> $null } | Should -Throw '1 rows*'
            @(Get-StoredClient).Tag.team | Should -Be @('b')
            @(Get-StoredClient)[1].RateLimit | Should -Be 'P1D:9000'
        }

        It 'and only describes its actions with -WhatIf' {
            $null = Add-StoredClient search @{ tags = @{ env = 'prod' } }
            Clear-EmulatorRequest
            $shell = Invoke-Sample 'Import-ServiceClient.ps1' '-Path', $csv, '-WhatIf'
            $shell.ExitCode | Should -Be 0
            @($shell.Line -match '^What if: Create the service client ''billing''').Count | Should -Be 2
            @($shell.Line -match '^What if: Change the service client ''search''').Count | Should -Be 1
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        }

        It 'and reports every invalid row, applies the others, and fails' {
            Add-Content -LiteralPath $csv -Encoding UTF8 -Value 'untagged,,,,', 'granted,env=prod,perhaps,,', 'limited,env=prod,,,PT1H:1', 'search,env=prod,,,', 'good,env=prod,,,'
            $shell = Invoke-Sample 'Import-ServiceClient.ps1' '-Path', $csv
            $shell.ExitCode | Should -Be 1
            foreach ($row in 5, 6, 7, 8) { $shell.ErrorOutput | Should -Match "Row $row of" }
            $shell.ErrorOutput | Should -Match '4 rows'
            (Get-StoredClient).Name | Should -Be @('billing', 'billing', 'search', 'good')
        }

        It 'and touches none where two could be meant' {
            1..2 | ForEach-Object { $null = Add-StoredClient search @{ tags = @{ env = 'prod' } } }
            $shell = Invoke-Sample 'Import-ServiceClient.ps1' '-Path', $csv
            $shell.ExitCode | Should -Be 1
            $shell.ErrorOutput | Should -Match 'several'
            (Get-StoredClient | Where-Object { $_.Name -eq 'search' }).RateLimit -join '' | Should -BeNullOrEmpty
        }
    }

    Context 'New-LeastPrivilegeClient.ps1 makes a client' {
        BeforeEach { $script:file = Join-Path $TestDrive ([guid]::NewGuid().ToString('N') + '.key') }

        It 'with neither grant, a limit, its tags, and a key that works' {
            $shell = Invoke-Sample 'New-LeastPrivilegeClient.ps1' '-Name', 'Nightly invoices', '-Tag', 'team=billing;env=prod', '-OutFile', $file
            $shell.ErrorOutput | Should -BeNullOrEmpty
            $shell.ExitCode | Should -Be 0
            $stored = Get-StoredClient
            $stored.Name | Should -Be 'Nightly invoices'
            $stored.GrantUserPermissionsAccess | Should -BeFalse
            $stored.GrantTokenGeneration | Should -BeFalse
            $stored.RateLimit | Should -Be 'PT1H:1000'
            $stored.Tag.team | Should -Be 'billing'
            $stored.KeyId.Count | Should -Be 1
            $secret = [System.IO.File]::ReadAllText($file)
            Test-AuthressAccessKey (ConvertTo-Secret $secret) -Quiet | Should -BeTrue
            Find-Secret (Get-SecretPart $secret) ($shell.Output + $shell.ErrorOutput) | Should -BeNullOrEmpty
        }

        It 'and takes tags as a hashtable' {
            $null = Invoke-SampleHere 'New-LeastPrivilegeClient.ps1' @{ Name = 'demo'; Tag = @{ team = 'x' }; OutFile = $file; RateLimit = 'PT5M:200' }
            (Get-StoredClient).Tag.team | Should -Be 'x'
            (Get-StoredClient).RateLimit | Should -Be 'PT5M:200'
        }

        It 'and leaves none behind where the key can not be saved' {
            Set-Content -LiteralPath $file -Value 'in use'
            { Invoke-SampleHere 'New-LeastPrivilegeClient.ps1' @{ Name = 'demo'; Tag = 'a=b'; OutFile = $file } } | Should -Throw -ErrorId 'DestinationUnusable,*'
            Get-StoredClient | Should -BeNullOrEmpty
            Get-Content -LiteralPath $file | Should -Be 'in use'
        }

        It 'and reports why where it is deleted before its key is made' {
            Set-PSBreakpoint -Command New-AuthressAccessKey -Action { Get-StoredClient | Remove-AuthressServiceClient -Confirm:$false }
            { Invoke-SampleHere 'New-LeastPrivilegeClient.ps1' @{ Name = 'demo'; Tag = 'a=b'; OutFile = $file } 2> $null } | Should -Throw -ErrorId 'NotFound,*NewAuthressAccessKeyCommand'
        }

        It 'and makes none with -WhatIf' {
            $null = Invoke-SampleHere 'New-LeastPrivilegeClient.ps1' @{ Name = 'demo'; Tag = 'a=b'; OutFile = $file; WhatIf = $true }
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            $file | Should -Not -Exist
        }
    }

    Context 'Initialize-MachineKey.ps1 gives a machine a key' {
        BeforeEach {
            $script:file = Join-Path $TestDrive ([guid]::NewGuid().ToString('N') + '.key')
            $script:vaults = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
            $null = New-Item -ItemType Directory -Path $vaults
            $env:PSModulePath = (Get-TestPath).StandIns + [System.IO.Path]::PathSeparator + $env:PSModulePath
            $env:AUTHRESS_STANDIN_VAULT = $vaults
        }

        AfterEach { Remove-Item -LiteralPath Env:AUTHRESS_STANDIN_VAULT }

        It 'in a vault, of a new client that may do nothing, and the machine connects as the result says' {
            $shell = Invoke-Sample 'Initialize-MachineKey.ps1' '-Name', "John's job", '-Tag', 'team=billing', '-VaultName', 'ops'
            $shell.ErrorOutput | Should -BeNullOrEmpty
            $shell.ExitCode | Should -Be 0
            $stored = Get-StoredClient
            $stored.Name | Should -Be "John's job"
            $stored.Tag.team | Should -Be 'billing'
            $stored.RateLimit | Should -Be 'PT1H:1000'
            $stored.GrantUserPermissionsAccess | Should -BeFalse
            $stored.GrantTokenGeneration | Should -BeFalse
            $stored.KeyId.Count | Should -Be 1
            $secret = ConvertFrom-Secret (Get-Secret -Name authress -Vault ops)
            Find-Secret (Get-SecretPart $secret) ($shell.Output + $shell.ErrorOutput) | Should -BeNullOrEmpty
            $shell.Output | Should -Match "Connect-Authress -SecretName 'authress' -VaultName 'ops'"
            $fresh = Invoke-Shell -Script "Connect-Authress -SecretName 'authress' -VaultName 'ops'; (Get-AuthressConnection).KeyId" -Environment @{ AUTHRESS_API_URL = ''; AUTHRESS_KEY = '' }
            $fresh.Output | Should -BeExactly $stored.KeyId[0]
        }

        It 'in a file whose name has quotation marks of every kind' {
            $quotes = -join [char[]] (0x27, 0x2018, 0x2019, 0x201A, 0x201B)
            $result = Invoke-SampleHere 'Initialize-MachineKey.ps1' @{ Name = 'job'; Tag = 'a=b'; OutFile = "$file$quotes" }
            (& ([scriptblock]::Create("$($result.Connect) -PassThru"))).KeyId | Should -Be $result.KeyId
            Connect-Emulator
        }

        It 'in a file, of the client that is there and stays as it is' {
            $id = Add-StoredClient job @{ tags = @{ team = 'x' }; options = @{ grantUserPermissionsAccess = $true } }
            $null = Add-StoredClient JOB
            $other = (Add-StoredKey $id).KeyId
            $result = Invoke-SampleHere 'Initialize-MachineKey.ps1' @{ Name = 'job'; Tag = 'team=y'; OutFile = $file } 3> $null
            $result.ClientId | Should -Be $id
            $result.Created | Should -BeFalse
            (Get-StoredClient $id).Tag.team | Should -Be 'x'
            (Get-StoredClient $id).KeyId | Should -Be @($other, $result.KeyId)
            $connection = & ([scriptblock]::Create("$($result.Connect) -PassThru"))
            $connection.KeyId | Should -Be $result.KeyId
            $connection.ApiUrl | Should -Be ([uri] $emulator.ApiUrl)
            Connect-Emulator
        }

        It 'and warns where the client may act for others' {
            $null = Add-StoredClient job @{ options = @{ grantTokenGeneration = $true } }
            $output = Invoke-SampleHere 'Initialize-MachineKey.ps1' @{ Name = 'job'; Tag = 'a=b'; OutFile = $file } 3>&1
            @($output | Where-Object { $_ -is [System.Management.Automation.WarningRecord] }) | Should -HaveCount 1
        }

        It 'after it waited until the key works' {
            Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault @{ kind = 'keyNotYetUsable'; requests = 3 }
            $null = Invoke-SampleHere 'Initialize-MachineKey.ps1' @{ Name = 'job'; Tag = 'a=b'; VaultName = 'ops' }
            # And the control request.
            @(Get-EmulatorRequest | Where-Object { $_.status -eq 401 }).Count | Should -BeGreaterThan 3
            Test-AuthressAccessKey -SecretName authress -VaultName ops -Quiet | Should -BeTrue
        }

        It 'and leaves everything as it was where <Case>, with <Client>' -ForEach @(
            foreach ($client in 'a new client', 'a client that is there') {
                @{ Client = $client; Case = 'the key never works'; Fault = @{ kind = 'keyNotYetUsable'; requests = 100 }; Vault = 'ops'; Error = '*did not work within 0 seconds*' }
                @{ Client = $client; Case = 'the key in a file never works'; Fault = @{ kind = 'keyNotYetUsable'; requests = 100 }; Error = '*did not work within 0 seconds*' }
                @{ Client = $client; Case = 'the vault is locked'; Vault = 'locked'; ErrorId = 'DestinationUnusable,*' }
                @{ Client = $client; Case = 'the vault breaks after it took the key'; Vault = 'fails-after-write'; ErrorId = 'SecretNotSaved,*' }
                @{ Client = $client; Case = 'the vault is full'; Vault = 'fills-up'; ErrorId = 'SecretNotSaved,*' }
                @{ Client = $client; Case = 'the limit of keys is reached'; Fault = @{ kind = 'status'; status = 402 }; Vault = 'ops'; ErrorId = 'PlanLimitReached,*' }
            }
            # No search for the key finds it, neither in the client nor in its public key set.
            @{ Client = 'a client that is there'; Case = 'the response is lost'; Fault = 'actThenDrop'; FailedReads = 12; Vault = 'ops'; ErrorId = 'ConnectionFailed,*' }
        ) {
            $argument = @{ Name = 'job'; Tag = 'a=b'; WaitSec = 0 }
            if ($_.ContainsKey('Vault')) { $argument.VaultName = $Vault } else { $argument.OutFile = $file }
            if ($Client -eq 'a client that is there') { $null = Add-StoredKey (Add-StoredClient job) }
            $before = Get-StoredClient | ConvertTo-Json -Depth 5
            if ($_.ContainsKey('Fault')) { Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault $Fault }
            if ($_.ContainsKey('FailedReads')) { Add-EmulatorFault -Method GET -Path '/v1/clients/*' -Times $FailedReads -Fault @{ kind = 'status'; status = 400 } }
            $expected = @{}
            if ($_.ContainsKey('ErrorId')) { $expected.ErrorId = $ErrorId } else { $expected.ExpectedMessage = $_.Error }
            { Invoke-SampleHere 'Initialize-MachineKey.ps1' $argument 2> $null 3> $null } | Should -Throw @expected
            Get-StoredClient | ConvertTo-Json -Depth 5 | Should -Be $before
            $file | Should -Not -Exist
            Get-ChildItem -LiteralPath $vaults | Should -BeNullOrEmpty
        }

        It 'and leaves everything as it was where it is stopped while it waits' {
            Clear-EmulatorRequest
            Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault @{ kind = 'keyNotYetUsable'; requests = 100 }
            $session = [powershell]::Create()
            try {
                $null = $session.AddScript('param($Manifest, $Sample, $Url, $Key, $File) Import-Module $Manifest; Connect-Authress $Url $Key; & $Sample -Name job -Tag a=b -OutFile $File')
                foreach ($value in (Get-TestPath).Manifest, (Join-Path (Get-TestPath).Samples 'Initialize-MachineKey.ps1'), $emulator.ApiUrl, (ConvertTo-Secret $emulator.AccessKey), $file) { $null = $session.AddArgument($value) }
                $running = $session.BeginInvoke()
                while (-not $running.IsCompleted -and -not (Get-EmulatorRequest | Where-Object { $_.status -eq 401 })) { Start-Sleep -Milliseconds 20 }
                $session.Stop()
                $session.InvocationStateInfo.State | Should -Be 'Stopped'
            }
            finally {
                $session.Dispose()
            }
            Get-StoredClient | Should -BeNullOrEmpty
            $file | Should -Not -Exist
        }

        It 'and replaces no secret' {
            Set-Secret -Name authress -Secret 'in use' -Vault ops
            { Invoke-SampleHere 'Initialize-MachineKey.ps1' @{ Name = 'job'; Tag = 'a=b'; VaultName = 'ops' } } | Should -Throw -ErrorId 'DestinationUnusable,*'
            ConvertFrom-Secret (Get-Secret -Name authress -Vault ops) | Should -Be 'in use'
            Get-StoredClient | Should -BeNullOrEmpty
        }

        It 'and makes none with -WhatIf' {
            $null = Add-StoredClient there
            Clear-EmulatorRequest
            foreach ($name in 'job', 'there') {
                Invoke-SampleHere 'Initialize-MachineKey.ps1' @{ Name = $name; Tag = 'a=b'; VaultName = 'ops'; WhatIf = $true } | Should -BeNullOrEmpty
            }
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            Get-ChildItem -LiteralPath $vaults | Should -BeNullOrEmpty
        }

        It 'and none where two clients have the name' {
            $ids = 1..2 | ForEach-Object { Add-StoredClient job }
            { Invoke-SampleHere 'Initialize-MachineKey.ps1' @{ Name = 'job'; Tag = 'a=b'; OutFile = $file } } | Should -Throw "*$($ids[0])*"
            Get-StoredClient | ForEach-Object { $_.KeyId | Should -BeNullOrEmpty }
        }
    }

    Context 'Invoke-PipelineJob.ps1 ends' {
        BeforeAll {
            # The job in this session, with its errors among its output.
            function Invoke-Job {
                param([hashtable] $Argument, [string] $Culture = 'en-US')
                if (-not $Argument.ContainsKey('Exclude')) { $Argument.Exclude = 'Emulator*' }
                $env:AUTHRESS_API_URL = $emulator.ApiUrl
                $env:AUTHRESS_KEY = $emulator.AccessKey
                try {
                    Invoke-SampleInCulture -Culture $Culture -Name 'Invoke-PipelineJob.ps1' -Argument $Argument 2>&1
                }
                finally {
                    Remove-Item -LiteralPath Env:AUTHRESS_API_URL, Env:AUTHRESS_KEY
                }
            }
        }

        BeforeEach { $script:good = Add-StoredClient good @{ tags = @{ team = 'a' } } }

        It 'with 0 where every rule is kept' {
            $null = Add-StoredKey $good
            Clear-EmulatorRequest
            # Turkish has an i of its own.
            $shell = Invoke-Sample 'Invoke-PipelineJob.ps1' '-Exclude', '*ADMINISTRATOR' -Environment @{ LC_ALL = 'tr_TR.UTF-8' }
            $shell.ErrorOutput | Should -BeNullOrEmpty
            $shell.Output | Should -BeNullOrEmpty
            $shell.ExitCode | Should -Be 0
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            (Get-EmulatorRequest).target | Should -Contain "/v1/clients/$good"
        }

        It 'with 1 and names the client and the rule that it breaks' {
            $bad = Add-StoredClient bad @{ options = @{ grantTokenGeneration = $true } }
            $shell = Invoke-Sample 'Invoke-PipelineJob.ps1' '-Exclude', 'Emulator*'
            $shell.ExitCode | Should -Be 1
            $shell.Output | Should -Match $bad
            $shell.Output | Should -Match "has no tag 'team'"
            $shell.Output | Should -Match 'may create tokens for any user'
            $shell.Output | Should -Not -Match $good
        }

        It 'with 1 where a key is too old' {
            $keyId = (Add-StoredKey $good).KeyId
            $shell = Invoke-Sample 'Invoke-PipelineJob.ps1' '-Exclude', 'Emulator*', '-MaximumKeyAgeDays', '0'
            $shell.ExitCode | Should -Be 1
            $shell.Output | Should -Match $keyId
        }

        It 'with 0 where a client is allowed to create tokens' {
            $allowed = Add-StoredClient issuer @{ tags = @{ team = 'a' }; options = @{ grantTokenGeneration = $true } }
            (Invoke-Sample 'Invoke-PipelineJob.ps1' '-Exclude', 'Emulator*', '-AllowTokenGeneration', $allowed).ExitCode | Should -Be 0
        }

        It 'with 1 where an allowed id is spelled in other letters' {
            $other = Add-StoredClient issuer @{ tags = @{ team = 'a' }; options = @{ grantTokenGeneration = $true } }
            Invoke-Job @{ AllowTokenGeneration = $other.ToUpperInvariant() } | Should -Match $other
            $LASTEXITCODE | Should -Be 1
        }

        It 'with 2 where clients are deleted in between, and checks the others' {
            $gone = Add-StoredClient gone @{ tags = @{ team = 'a' } }
            $last = Add-StoredClient last
            Add-ClientDeletion $gone -Before Get-AuthressAccessKey
            $output = Invoke-Job @{}
            $LASTEXITCODE | Should -Be 2
            $output[0] | Should -Match $last
            @($output | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }).TargetObject | ForEach-Object { "$_" } | Should -Be $gone
        }

        It 'with 2 where the environment has no key' {
            $shell = Invoke-Sample 'Invoke-PipelineJob.ps1' -Environment @{ AUTHRESS_KEY = '' }
            $shell.ExitCode | Should -Be 2
            $shell.ErrorOutput | Should -Match 'AUTHRESS_KEY'
        }

        It 'with 2 if the API is unreachable' {
            $shell = Invoke-Sample 'Invoke-PipelineJob.ps1' -Environment @{ AUTHRESS_API_URL = 'http://localhost:1' }
            $shell.ExitCode | Should -Be 2
            $shell.ErrorOutput | Should -Not -BeNullOrEmpty
        }
    }

    Context 'Get-StaleAccessKey.ps1 tells the age of keys' {
        BeforeEach {
            $script:id = Add-StoredClient billing
            $script:keyId = (Add-StoredKey $id).KeyId
            $script:csv = Join-Path $TestDrive ([guid]::NewGuid().ToString('N') + '.csv')
        }

        It 'of all clients with -All, and none of them stale on its first day' {
            $rows = @(Invoke-SampleHere 'Get-StaleAccessKey.ps1' @{ All = $true })
            $rows.Count | Should -Be 2
            $rows.KeyId | Should -Contain $keyId
            $rows.Stale | Should -Not -Contain $true
            Invoke-SampleHere 'Get-StaleAccessKey.ps1' | Should -BeNullOrEmpty
        }

        It 'of the others where clients are deleted in between, and reports which' {
            $gone = Add-StoredClient gone
            Add-ClientDeletion $gone -Before Get-AuthressAccessKey
            $output = Invoke-SampleHere 'Get-StaleAccessKey.ps1' @{ All = $true; CsvPath = $csv } 2>&1
            @($output).Count | Should -Be 3
            @($output)[2].TargetObject | ForEach-Object { "$_" } | Should -Be $gone
            (Import-Csv -LiteralPath $csv).KeyId | Should -Contain $keyId
        }

        It 'in a file that has a heading even where nothing is stale' {
            Invoke-SampleHere 'Get-StaleAccessKey.ps1' @{ CsvPath = $csv }
            Get-Content -LiteralPath $csv | Should -Be '"ClientId","ClientName","KeyId","GenerationDate","AgeDays","Stale"'
        }
    }

    Context 'Get-StaleAccessKey.ps1 tells keys that are really old' {
        BeforeAll {
            # The account as it is, with one key's date put back. Each test's emulator starts with it.
            Clear-Emulator
            $script:id = Add-StoredClient billing
            $script:oldId = (Add-StoredKey $id).KeyId
            $script:newId = (Add-StoredKey $id).KeyId
            $data = [System.IO.File]::ReadAllText($emulator.DataFile)
            $past = [datetime]::UtcNow.AddDays(-200).ToString('yyyy-MM-ddTHH:mm:ss.fffffffzzz', [cultureinfo]::InvariantCulture) -replace '[+-]\d\d:\d\d$', '+00:00'
            $data = [regex]::Replace($data, '("keyId":\s*"' + $oldId + '".*?"generationDate":\s*")[^"]*', ('${1}' + $past), 'Singleline')
            $script:account = $data
        }

        BeforeEach {
            Close-Emulator
            $script:emulator = Open-Emulator -Data $account
        }

        It 'as objects, the oldest alone' {
            $rows = @(Invoke-SampleHere 'Get-StaleAccessKey.ps1')
            $rows.Count | Should -Be 1
            $rows[0].KeyId | Should -Be $oldId
            $rows[0].ClientName | Should -Be 'billing'
            $rows[0].AgeDays | Should -Be 200
            $rows[0].Stale | Should -BeTrue
        }

        It 'with their dates as everywhere, whatever the calendar' {
            $here = @(Invoke-SampleHere 'Get-StaleAccessKey.ps1')[0].GenerationDate
            @(Invoke-SampleInCulture 'th-TH' 'Get-StaleAccessKey.ps1')[0].GenerationDate | Should -Be $here
        }

        It 'as CSV, the oldest first' {
            $csv = Join-Path $TestDrive 'old.csv'
            (Invoke-Sample 'Get-StaleAccessKey.ps1' '-All', '-CsvPath', $csv).ExitCode | Should -Be 0
            $rows = Import-Csv -LiteralPath $csv
            $rows[0].KeyId | Should -Be $oldId
            $rows[0].Stale | Should -Be 'True'
            $rows.KeyId | Should -Contain $newId
            $rows.Count | Should -Be 3
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        }
    }

    Context 'Set-TagInBulk.ps1 tags clients' {
        BeforeEach {
            $script:ids = 1..12 | ForEach-Object { Add-StoredClient "worker $_" @{ tags = @{ env = 'test' } } }
            $script:csv = Join-Path $TestDrive 'tags.csv'
            $script:failedCsv = Join-Path $TestDrive 'failed.csv'
            Remove-Item -Path $failedCsv -ErrorAction Ignore
            $ids | ForEach-Object { [pscustomobject]@{ ClientId = $_; Tag = 'team=a' } } | Export-Csv -LiteralPath $csv -NoTypeInformation
            Clear-EmulatorRequest
        }

        It 'from a file, and nothing the second time' {
            $result = Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv }
            $result.Changed | Should -Be 12
            $result.Failed | Should -Be 0
            foreach ($stored in Get-StoredClient) {
                $stored.Tag.team | Should -Be 'a'
                $stored.Tag.env | Should -Be 'test'
            }
            Clear-EmulatorRequest
            (Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv }).Unchanged | Should -Be 12
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            Test-Path -LiteralPath $failedCsv | Should -BeFalse
            (Get-Content -LiteralPath $csv) -replace 'team=a', 'team=A' | Set-Content -LiteralPath $csv -Encoding UTF8
            (Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv }).Changed | Should -Be 12
        }

        It 'but for those that fail, which are in a file that can be run again' {
            Add-EmulatorFault -Method PUT -Path '/v1/clients/*' -Times 3 -Fault @{ status = 400 }
            $shell = Invoke-Sample 'Set-TagInBulk.ps1' $csv, $failedCsv
            $shell.ExitCode | Should -Not -Be 0
            $shell.ErrorOutput | Should -Match '3 rows'
            @(Get-StoredClient | Where-Object { $_.Tag['team'] -eq 'a' }).Count | Should -Be 9
            $left = @(Import-Csv -LiteralPath $failedCsv)
            $left.Count | Should -Be 3
            $left.Reason | Should -Match '400|InjectedFault'
            Copy-Item -LiteralPath $failedCsv -Destination $csv
            (Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv }).Changed | Should -Be 3
            Test-Path -LiteralPath $failedCsv | Should -BeFalse
        }

        It 'and reports the rows that cannot be used' {
            '"sc_gone","a=b"', '"sc_bad","==="', '"","a=b"', "`"$($ids[0])`",`"a=b`"" | Add-Content -LiteralPath $csv
            { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv } } | Should -Throw '4 rows*'
            (Import-Csv -LiteralPath $failedCsv).ClientId | Sort-Object | Should -Be ('', 'sc_gone', 'sc_bad', $ids[0] | Sort-Object)
            @(Get-StoredClient | Where-Object { $_.Tag['team'] -eq 'a' }).Count | Should -Be 12
        }

        It 'and those that are deleted in between from the others' {
            Add-ClientDeletion $ids[5] -Before Set-AuthressServiceClient
            { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv } } | Should -Throw '1 rows*'
            (Import-Csv -LiteralPath $failedCsv).ClientId | Should -Be $ids[5]
            @(Get-StoredClient | Where-Object { $_.Tag['team'] -eq 'a' }).Count | Should -Be 11
        }

        It 'where only an invisible character differs, with another delimiter' {
            $value = "test$([char] 0x200B)"
            [System.IO.File]::WriteAllText($csv, "ClientId;Tag`n$($ids[0]);env=$value`nsc_gone;env=a")
            { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv; Delimiter = ';' } } | Should -Throw '1 rows*'
            [string]::Equals((Get-StoredClient $ids[0]).Tag.env, $value) | Should -BeTrue
            # The failed rows can be run again with the same delimiter.
            (Import-Csv -LiteralPath $failedCsv -Delimiter ';').ClientId | Should -Be 'sc_gone'
        }

        It 'never over its own file: <Way>' -ForEach @(
            @{ Way = 'the same path'; Path = { $csv } }
            @{ Way = 'a relative path'; Path = { "./$(Split-Path $TestDrive -Leaf)/../$(Split-Path $TestDrive -Leaf)/tags.csv" } }
            @{ Way = 'a hard link'; Path = { (New-Item -ItemType HardLink -Path "$TestDrive/hard.csv" -Value $csv -Force).FullName } }
            @{ Way = 'a symbolic link'; Path = { (New-Item -ItemType SymbolicLink -Path "$TestDrive/soft.csv" -Value $csv -Force).FullName } }
            @{ Way = 'a link to its folder'; Path = { "$((New-Item -ItemType SymbolicLink -Path "$TestDrive/folder" -Value $TestDrive -Force).FullName)/tags.csv" } }
            @{ Way = 'another case'; Path = { "$TestDrive/TAGS.csv" } }
        ) {
            Push-Location -LiteralPath (Split-Path $TestDrive)
            try {
                $same = & $Path
                if (-not (Test-Path -LiteralPath $same)) { Set-ItResult -Skipped -Because 'the file system has case'; return }
                $before = Get-Content -LiteralPath $csv -Raw
                { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $same } } | Should -Throw '*is the file of -Path*'
                Get-Content -LiteralPath $csv -Raw | Should -BeExactly $before
                Get-EmulatorRequest | Should -BeNullOrEmpty
            }
            finally {
                Pop-Location
            }
        }

        It 'and refuses a folder that does not exist before it changes anything' {
            { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = (Join-Path $TestDrive 'none/failed.csv') } } | Should -Throw 'The folder of*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'only as a description under -WhatIf' {
            $shell = Invoke-Sample 'Set-TagInBulk.ps1' $csv, $failedCsv, '-WhatIf'
            @($shell.Line | Where-Object { $_ -match 'worker' }).Count | Should -Be 12
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            Test-Path -LiteralPath $failedCsv | Should -BeFalse
        }
    }

    Context 'Invoke-NightlyReport.ps1' {
        BeforeAll {
            # A public key on two clients, which is an error. Returns the second client.
            function Add-SharedKey {
                param([string] $Name)
                $key = New-AuthressAccessKey (Add-StoredClient "$Name-one")
                $two = Add-StoredClient "$Name-two"
                $null = New-AuthressAccessKey $two -PublicKey $key.PublicKey
                $two
            }

            # A run whose output, warnings and exit code can be looked at.
            function Invoke-Report {
                param([hashtable] $Argument = @{})
                $lines = @(Invoke-SampleHere 'Invoke-NightlyReport.ps1' (@{ Path = $folder; JournalPath = Join-Path $TestDrive 'no-journal' } + $Argument) 3>&1)
                [pscustomobject]@{
                    ExitCode = $LASTEXITCODE
                    Line     = @($lines | Where-Object { $_ -is [string] })
                    Warning  = @($lines | Where-Object { $_ -is [System.Management.Automation.WarningRecord] })
                }
            }

            function Set-AcceptedFinding {
                param([string] $ClientId, [string] $Until)
                ConvertTo-Json -InputObject @(@{ rule = 'KeyOnTwoClients'; clientId = $ClientId; reason = 'one machine, two roles'; until = $Until }) | Set-Content -LiteralPath $accepted
            }
        }

        BeforeEach {
            $script:folder = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
            $script:accepted = "$folder.json"
            $script:sarif = Join-Path $folder 'report.sarif'
        }

        It 'writes page and SARIF as a nightly job, and changes nothing' {
            $id = Add-StoredClient 'idle'
            $key = Add-StoredKey $id
            Clear-EmulatorRequest
            $shell = Invoke-Sample 'Invoke-NightlyReport.ps1' $folder, '-MaximumAge', '0', '-RequiredTag', 'owner'
            $shell.ErrorOutput | Should -BeNullOrEmpty
            $shell.ExitCode | Should -Be 0
            (Get-ChildItem -LiteralPath $folder -Force).Name | Sort-Object | Should -Be 'report.html', 'report.sarif'
            $results = (Get-Content -LiteralPath $sarif -Raw | ConvertFrom-Json).runs[0].results
            @($results | Where-Object { $_.ruleId -eq 'TagMissing' -and $_.message.text -match $id }) | Should -HaveCount 1
            @($results | Where-Object { $_.ruleId -eq 'KeyTooOld' -and $_.message.text -match $key.KeyId }) | Should -HaveCount 1
            Get-ChildItem -LiteralPath $folder | ForEach-Object { Find-Secret (Get-SecretPart $key.Text) (Get-Content -LiteralPath $_.FullName -Raw) | Should -BeNullOrEmpty }
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        }

        It 'fails on an error of the first run, not again, and on the next one' {
            $first = Add-SharedKey 'a'
            $shell = Invoke-Sample 'Invoke-NightlyReport.ps1' $folder
            $shell.ExitCode | Should -Be 1
            @($shell.Line) | Should -HaveCount 1
            $shell.Line | Should -Match "^KeyOnTwoClients: .*$first"
            $run = Invoke-Report
            $run.ExitCode | Should -Be 0
            $run.Line | Should -BeNullOrEmpty
            $second = Add-SharedKey 'b'
            $run = Invoke-Report
            $run.ExitCode | Should -Be 1
            $run.Line | Should -HaveCount 1
            $run.Line | Should -Match $second
            (Invoke-Report).ExitCode | Should -Be 0
        }

        It 'fails again on an error that was corrected and comes back' {
            $first = Add-SharedKey 'a'
            (Invoke-Report).ExitCode | Should -Be 1
            $key = Get-AuthressAccessKey $first
            $key | Remove-AuthressAccessKey -Confirm:$false
            (Invoke-Report).ExitCode | Should -Be 0
            $null = New-AuthressAccessKey (Add-StoredClient 'c') -PublicKey $key.PublicKey
            (Invoke-Report).ExitCode | Should -Be 1
        }

        It 'accepts an error, and fails on it when the exception ends' {
            Set-AcceptedFinding (Add-SharedKey 'a') '2999-12-31'
            $run = Invoke-Report @{ ExceptionFile = $accepted }
            $run.ExitCode | Should -Be 0
            $run.Line | Should -BeNullOrEmpty
            Set-AcceptedFinding '*' '2020-01-01'
            $run = Invoke-Report @{ ExceptionFile = $accepted }
            $run.ExitCode | Should -Be 1
            $run.Line | Should -Match '^KeyOnTwoClients'
        }

        It 'fails every night on what can not be read' {
            Add-EmulatorFault -Method GET -Path '/v1/clients' -Times 2 -Fault @{ kind = 'status'; status = 403 }
            foreach ($night in 1..2) {
                $run = Invoke-Report
                $run.ExitCode | Should -Be 1
                $run.Line | Should -Match '^NotRead'
            }
            (Invoke-Report).ExitCode | Should -Be 0
        }

        It 'takes every error for new where the last report can not be read' {
            $null = Add-SharedKey 'a'
            (Invoke-Report).ExitCode | Should -Be 1
            Set-Content -LiteralPath $sarif -Value '{'
            $run = Invoke-Report
            $run.ExitCode | Should -Be 1
            $run.Warning | Should -HaveCount 1
            (Invoke-Report).Warning | Should -BeNullOrEmpty
        }

        It 'ends with 1 and keeps the last report where <Case>' -ForEach @(
            @{ Case = 'there is no credential'; Json = '[]'; Environment = @{ AUTHRESS_KEY = '' } }
            @{ Case = 'the exceptions are not complete'; Json = '[{ "rule": "KeyTooOld" }]'; Environment = @{} }
        ) {
            (Invoke-Report).ExitCode | Should -Be 0
            $before = Get-Content -LiteralPath $sarif -Raw
            Set-Content -LiteralPath $accepted -Value $Json
            $shell = Invoke-Sample 'Invoke-NightlyReport.ps1' $folder, '-ExceptionFile', $accepted -Environment $Environment
            $shell.ExitCode | Should -Be 1
            $shell.ErrorOutput | Should -Not -BeNullOrEmpty
            Get-Content -LiteralPath $sarif -Raw | Should -BeExactly $before
        }
    }

    Context 'All of them' {
        It 'are run by a test: <Name>' -ForEach $samples {
            $samplesRun.ContainsKey($Name) | Should -BeTrue -Because "$Name is not run by any test"
        }
    }
}
