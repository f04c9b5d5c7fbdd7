BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    $script:runbook = @'
param([string] $Team)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
Connect-Authress
if (-not (Test-AuthressConnection -Quiet)) { throw 'There is no connection.' }

$client = Get-AuthressServiceClient -Name "$Team-runner" | Select-Object -First 1
if (-not $client) {
    $client = New-AuthressServiceClient -Name "$Team-runner" -Tag @{ team = $Team } -RateLimit PT1H:1000
}
$key = $client | New-AuthressAccessKey
if (-not ($key | Test-AuthressAccessKey -Quiet)) { throw 'The new key does not work.' }
$client | Get-AuthressAccessKey | Where-Object KeyId -ne $key.KeyId | Remove-AuthressAccessKey -Confirm:$false
"$($client.ClientId) $($key.KeyId)"
'@
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'A runbook' {
    BeforeEach {
        Clear-Emulator
        $script:file = Join-Path $TestDrive 'runbook.ps1'
        Set-Content -LiteralPath $file -Value $runbook
    }

    It 'does its work unattended, writes its own line alone and no escape sequence, and ends with 0' {
        $shell = Invoke-Shell -File $file -ArgumentList '-Team', 'billing'
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.ExitCode | Should -Be 0
        $stored = Get-StoredClient
        $stored.Name | Should -Be 'billing-runner'
        $shell.Output | Should -Be "$($stored.ClientId) $($stored.KeyId)"
        $shell.Line.Count | Should -Be 1
    }

    It 'does the same when it is run again, with one key left that is new' {
        $first = (Invoke-Shell -File $file -ArgumentList '-Team', 'billing').Output.Split(' ')
        $second = (Invoke-Shell -File $file -ArgumentList '-Team', 'billing').Output.Split(' ')
        $second[0] | Should -Be $first[0]
        $second[1] | Should -Not -Be $first[1]
        (Get-StoredClient).KeyId | Should -Be $second[1]
    }

    It 'ends with 1 and one error where it has no credential' {
        $shell = Invoke-Shell -File $file -ArgumentList '-Team', 'billing' -Environment @{ AUTHRESS_KEY = '' }
        $shell.ExitCode | Should -Be 1
        $shell.ErrorOutput | Should -Match 'AUTHRESS_KEY'
        $shell.Output | Should -BeNullOrEmpty
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'ends with 1 where the credential is refused, and has changed nothing' {
        $key = Add-StoredKey (Add-StoredClient gone)
        Remove-AuthressServiceClient (Get-StoredClient).ClientId -Confirm:$false
        Clear-EmulatorRequest
        $shell = Invoke-Shell -File $file -ArgumentList '-Team', 'billing' -Environment @{ AUTHRESS_KEY = $key.Text }
        $shell.ExitCode | Should -Be 1
        $shell.ErrorOutput | Should -Match 'There is no connection'
        Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
    }

    It 'ends with 1 at the first error, and goes no further' {
        Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault @{ status = 403 } -Times 0
        $shell = Invoke-Shell -File $file -ArgumentList '-Team', 'billing'
        $shell.ExitCode | Should -Be 1
        $shell.ErrorOutput | Should -Match 'permission'
        (Get-StoredClient).KeyId.Count | Should -Be 0
        (Get-EmulatorRequest)[-1].method | Should -Be 'POST'
    }

    It 'deletes no old key where the new one does not work' {
        $id = Add-StoredClient 'billing-runner'
        $old = (Add-StoredKey $id).KeyId
        Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault @{ kind = 'keyNotYetUsable'; requests = 10 }
        (Invoke-Shell -File $file -ArgumentList '-Team', 'billing').ExitCode | Should -Be 1
        (Get-StoredClient $id).KeyId | Should -Contain $old
        Get-EmulatorRequest | Where-Object { $_.method -eq 'DELETE' } | Should -BeNullOrEmpty
    }

    It 'may be a single command line' {
        $shell = Invoke-Shell -Script 'Connect-Authress; exit [int](-not (Test-AuthressConnection -Quiet))'
        $shell.ExitCode | Should -Be 0
    }

    It 'works under the strictest mode of PowerShell' {
        $shell = Invoke-Shell -Script @'
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Connect-Authress
$client = New-AuthressServiceClient strict -Tag @{ a = 'b' }
$client.Name = 'stricter'
$client | Set-AuthressServiceClient
$client | Get-AuthressAccessKey
$client | Format-List | Out-String | Out-Null
$client | Remove-AuthressServiceClient -Confirm:$false
'end'
'@
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.Output | Should -Be 'end'
    }

    Context 'that is tested itself' {
        BeforeAll {
            function Update-Team { Get-AuthressServiceClient -Tag @{ team = 'a' } | Set-AuthressServiceClient -Tag @{ team = 'b' } }
        }

        It 'can mock every cmdlet' {
            foreach ($command in Get-Command -Module Authress -CommandType Cmdlet) {
                Mock $command.Name { 'mocked' }
            }
            Get-AuthressConnection | Should -Be 'mocked'
            New-AuthressAccessKey 'sc_1' -OutFile 'a.key' | Should -Be 'mocked'
        }

        It 'can mock a pipeline with objects of its own, and look at what was bound' {
            Mock Get-AuthressServiceClient { [pscustomobject] @{ ClientId = 'sc_1'; Name = 'first' }, [Authress.ServiceClient]::new('sc_2') }
            Mock Set-AuthressServiceClient { }
            Update-Team
            Should -Invoke Set-AuthressServiceClient -Times 1 -Exactly -ParameterFilter { $ClientId -eq 'sc_1' -and $Tag['team'] -eq 'b' -and -not $InputObject }
            Should -Invoke Set-AuthressServiceClient -Times 1 -Exactly -ParameterFilter { $InputObject.ClientId -eq 'sc_2' -and $Tag['team'] -eq 'b' }
        }
    }
}
