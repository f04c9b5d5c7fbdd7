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

Describe 'A sample for clients and keys' {
    BeforeEach { Enter-Sample }

    AfterEach { Exit-Sample }

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
}
