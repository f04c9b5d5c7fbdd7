BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    . (Join-Path $PSScriptRoot 'SampleRun.ps1')
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'A sample for rotations' {
    BeforeEach { Enter-Sample }

    AfterEach { Exit-Sample }

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
}
