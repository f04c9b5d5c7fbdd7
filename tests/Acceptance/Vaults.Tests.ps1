# Access keys in a vault. By default SecretManagement is the stand-in of tests/StandIns, with a vault for each kind of trouble.
# With AUTHRESS_TEST_VAULT, the name of a vault that is registered and unlocked, the tests that need no trouble use the real one.
BeforeDiscovery {
    $script:isReal = [bool] $env:AUTHRESS_TEST_VAULT
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    $script:isReal = [bool] $env:AUTHRESS_TEST_VAULT
    $script:modulePath = $env:PSModulePath
    $script:vault = 'ops'
    if ($isReal) {
        $script:vault = $env:AUTHRESS_TEST_VAULT
    }
    else {
        $env:PSModulePath = (Join-Path $PSScriptRoot '../StandIns') + [System.IO.Path]::PathSeparator + $env:PSModulePath
        $env:AUTHRESS_STANDIN_VAULT = Join-Path $TestDrive 'vaults'
        $null = New-Item -ItemType Directory -Path $env:AUTHRESS_STANDIN_VAULT
    }
    Import-Module Microsoft.PowerShell.SecretManagement -Global

    # A shell of its own has no credential but the vault's.
    $script:bare = @{ AUTHRESS_API_URL = ''; AUTHRESS_KEY = '' }

    function Get-KeyCount { (Get-StoredClient $id).KeyId.Count }

    function Get-SecretName([string] $Of = $vault) { (Get-SecretInfo -Vault $Of).Name | Where-Object { $_ -like "*$run*" } | Sort-Object }

    # What a script returns, and its one error, whether that ends the script or not.
    function Invoke-Case([scriptblock] $Script) {
        $ErrorActionPreference = 'Continue'
        $result = [pscustomobject]@{ Output = @(); Problem = $null; Id = '' }
        try { & $Script 2>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { $result.Problem = $_ } else { $result.Output += $_ } } }
        catch { $result.Problem = $_ }
        if ($result.Problem) { $result.Id = $result.Problem.FullyQualifiedErrorId.Split(',')[0] }
        $result
    }
}

AfterAll {
    if (-not $isReal) {
        $env:PSModulePath = $modulePath
        $env:AUTHRESS_STANDIN_VAULT = $null
    }
    Remove-Module Microsoft.PowerShell.SecretManagement -Force -ErrorAction Ignore
    Disconnect-Authress
    Close-Emulator
}

Describe 'A vault' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
        $script:run = [guid]::NewGuid().ToString('N').Substring(0, 12)
        $script:secret = "authress-$run"
    }

    AfterEach {
        Get-SecretName | ForEach-Object { Remove-Secret -Name $_ -Vault $vault }
    }

    Context 'takes a key' {
        It 'that is made <How>, whose secret works, and leaves nothing else' -ForEach @(
            @{ How = 'by Authress'; More = @{} }
            @{ How = 'here'; More = @{ GenerateLocally = $true } }
        ) {
            $key = New-AuthressAccessKey $id -SecretName $secret -VaultName $vault @more
            $read = Get-Secret -Name $secret -Vault $vault
            $read | Should -BeOfType ([securestring])
            ConvertFrom-Secret $read | Should -BeExactly (ConvertFrom-Secret $key.AccessKey)
            (Get-StoredClient $id).KeyId | Should -Be $key.KeyId
            Get-SecretName | Should -Be $secret
            Test-AuthressAccessKey -SecretName $secret -VaultName $vault -Quiet | Should -BeTrue
        }

        It 'with what is needed to connect beside it, and nothing secret' {
            $key = New-AuthressAccessKey $id -SecretName $secret -VaultName $vault
            $metadata = (Get-SecretInfo -Name $secret -Vault $vault).Metadata
            $metadata['clientId'] | Should -Be $id
            $metadata['keyId'] | Should -Be $key.KeyId
            $metadata['accountId'] | Should -Be $emulator.AccountId
            $metadata['apiUrl'].TrimEnd('/') | Should -Be $emulator.ApiUrl.TrimEnd('/')
            [datetimeoffset] $metadata['createdTime'] | Should -BeGreaterThan ([datetimeoffset]::Now.AddMinutes(-5))
            $metadata.Count | Should -Be 5
            Find-Secret (Get-SecretPart (ConvertFrom-Secret $key.AccessKey)) ($metadata.Values -join ' ') | Should -BeNullOrEmpty
        }

        It 'by property name, one for each client' {
            $other = Add-StoredClient search
            $rows = [pscustomobject]@{ ClientId = $id; SecretName = "$secret-1" }, [pscustomobject]@{ ClientId = $other; SecretName = "$secret-2" }
            ($rows | New-AuthressAccessKey -VaultName $vault).ClientId | Should -Be $id, $other
            (Get-AuthressServiceClient $id, $other | New-AuthressAccessKey -VaultName $vault -SecretName { "$secret-$($_.Name)" }).ClientId | Should -Be $id, $other
            Get-SecretName | Should -Be "$secret-1", "$secret-2", "$secret-billing", "$secret-search"
        }

        It 'in place of another with -Force, and describes the new one' {
            $null = New-AuthressAccessKey $id -SecretName $secret -VaultName $vault
            $key = New-AuthressAccessKey $id -SecretName $secret -VaultName $vault -Force
            ConvertFrom-Secret (Get-Secret -Name $secret -Vault $vault) | Should -BeExactly (ConvertFrom-Secret $key.AccessKey)
            (Get-SecretInfo -Name $secret -Vault $vault).Metadata['keyId'] | Should -Be $key.KeyId
            Get-KeyCount | Should -Be 2
        }

        It 'and no second one in one pipeline' {
            $case = Invoke-Case { $id, $id | New-AuthressAccessKey -SecretName $secret -VaultName $vault }
            $case.Id | Should -Be 'DestinationTaken'
            $case.Output | Should -HaveCount 1
            Get-KeyCount | Should -Be 1
            ConvertFrom-Secret (Get-Secret -Name $secret -Vault $vault) | Should -BeExactly (ConvertFrom-Secret $case.Output.AccessKey)
        }
    }

    Context 'takes no key, and none is made,' {
        It 'where <Why>' -ForEach @(
            @{ Why = 'the secret exists'; ExpectedId = 'DestinationUnusable'; Case = { Set-Secret -Name $secret -Vault $vault -Secret 'in use'; New-AuthressAccessKey $id -SecretName $secret -VaultName $vault } }
            @{ Why = 'the vault is missing'; ExpectedId = 'DestinationUnusable'; Case = { New-AuthressAccessKey $id -SecretName $secret -VaultName 'no such vault' } }
            @{ Why = 'the vault is a pattern'; ExpectedId = 'DestinationUnusable'; Case = { New-AuthressAccessKey $id -SecretName $secret -VaultName '*' } }
            @{ Why = 'the client is missing'; ExpectedId = 'NotFound'; Case = { New-AuthressAccessKey sc_missing -SecretName $secret -VaultName $vault -GenerateLocally } }
            @{ Why = 'the client has five keys'; ExpectedId = 'InvalidRequest'; Keys = 5; Case = { 1..5 | ForEach-Object { $null = Add-StoredKey $id }; New-AuthressAccessKey $id -SecretName $secret -VaultName $vault } }
            @{ Why = 'the client has five keys and the key is made here'; ExpectedId = 'InvalidRequest'; Keys = 5; Case = { 1..5 | ForEach-Object { $null = Add-StoredKey $id }; New-AuthressAccessKey $id -SecretName $secret -VaultName $vault -GenerateLocally } }
            @{ Why = 'the connection may only read'; ExpectedId = 'ReadOnlyConnection'; Case = { Connect-Authress $emulator.ApiUrl (ConvertTo-Secret $emulator.AccessKey) -ReadOnly; New-AuthressAccessKey $id -SecretName $secret -VaultName $vault } }
            @{ Why = 'the account is unknown'; ExpectedId = 'AccountUnknown'; Case = { Connect-Authress $emulator.ApiUrl -AccessToken (ConvertTo-Secret 'opaque'); New-AuthressAccessKey $id -SecretName $secret -VaultName $vault -GenerateLocally } }
        ) {
            $result = Invoke-Case $Case
            $result.Id | Should -Be $ExpectedId
            $result.Output | Should -BeNullOrEmpty
            Get-KeyCount | Should -Be ([int] $Keys)
            Get-SecretName | Should -Be $(if ($Why -eq 'the secret exists') { $secret })
            if ($Why -eq 'the secret exists') { Get-Secret -Name $secret -Vault $vault -AsPlainText | Should -Be 'in use' }
        }

        It 'under -WhatIf' {
            New-AuthressAccessKey $id -SecretName $secret -VaultName $vault -WhatIf
            New-AuthressAccessKey $id -SecretName $secret -VaultName $vault -GenerateLocally -WhatIf
            Get-KeyCount | Should -Be 0
            Get-SecretName | Should -BeNullOrEmpty
        }
    }

    Context 'connects' {
        It 'a fresh shell by the name of the secret alone, with no credential in its environment' {
            $null = New-AuthressAccessKey $emulator.ClientId -SecretName $secret -VaultName $vault -GenerateLocally
            $shell = Invoke-Shell -Environment $bare -Script @"
Connect-Authress -SecretName '$secret'
(Get-AuthressConnection).ClientId
(Get-AuthressConnection).ApiUrl.AbsoluteUri
(Get-AuthressServiceClient '$id').Name
"@
            $shell.ErrorOutput | Should -BeNullOrEmpty
            $shell.Line | Should -Be $emulator.ClientId, "$($emulator.ApiUrl.TrimEnd('/'))/", 'billing'
        }

        It 'with -ApiUrl instead of the one that the vault keeps' {
            $null = New-AuthressAccessKey $emulator.ClientId -SecretName $secret -VaultName $vault
            (Connect-Authress http://localhost:1 -SecretName $secret -PassThru).ApiUrl.AbsoluteUri | Should -Be 'http://localhost:1/'
        }

        It 'with a key that was saved without anything beside it' {
            Set-Secret -Name $secret -Vault $vault -Secret $emulator.AccessKey
            (Connect-Authress $emulator.ApiUrl -SecretName $secret -VaultName $vault -PassThru).ClientId | Should -Be $emulator.ClientId
            Test-AuthressConnection -Quiet | Should -BeTrue
        }

        It 'and ignores what describes a key of another account' {
            Set-Secret -Name $secret -Vault $vault -Secret $emulator.AccessKey
            Set-SecretInfo -Name $secret -Vault $vault -Metadata @{ accountId = 'acc-other'; apiUrl = 'http://localhost:1' }
            $connection = Connect-Authress -SecretName $secret -PassThru
            $connection.AccountId | Should -Be $emulator.AccountId
            $connection.ApiUrl.AbsoluteUri | Should -Not -Be 'http://localhost:1/'
            Disconnect-Authress
            $shell = Invoke-Shell -Environment @{ AUTHRESS_KEY = '' } -Script "(Test-AuthressAccessKey -SecretName '$secret').Works; (Connect-Authress -SecretName '$secret' -PassThru).ApiUrl.AbsoluteUri"
            $shell.Line | Should -Be 'True', "$($emulator.ApiUrl.TrimEnd('/'))/"
        }

        It 'not, where <Why>' -ForEach @(
            @{ Why = 'no vault has the secret'; ExpectedId = 'SecretUnreadable'; Value = $null; More = @{} }
            @{ Why = 'the vault does not have it'; ExpectedId = 'SecretUnreadable'; Value = $null; More = @{ VaultName = '{vault}' } }
            @{ Why = 'the vault is missing'; ExpectedId = 'SecretUnreadable'; Value = 'text'; More = @{ VaultName = 'no such vault' } }
            @{ Why = 'it is a hashtable'; ExpectedId = 'SecretUnreadable'; Value = @{ a = '1' }; More = @{ VaultName = '{vault}' }; OnlyReal = $true }
            @{ Why = 'it is other text'; ExpectedId = 'InvalidAccessKey'; Value = 'no key'; More = @{ VaultName = '{vault}' } }
        ) {
            if ($OnlyReal -and -not $isReal) { Set-ItResult -Skipped -Because 'the stand-in keeps text alone'; return }
            if ($null -ne $Value) { Set-Secret -Name $secret -Vault $vault -Secret $Value }
            $named = @{}
            foreach ($name in $More.Keys) { $named[$name] = $More[$name].Replace('{vault}', $vault) }
            { Connect-Authress $emulator.ApiUrl -SecretName $secret @named } | Should -Throw -ErrorId "$ExpectedId,*"
            Get-AuthressConnection | Should -BeNullOrEmpty
        }
    }
}

Describe 'A vault in trouble' -Skip:$isReal {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
        $script:run = [guid]::NewGuid().ToString('N').Substring(0, 12)
        $script:secret = "authress-$run"
    }

    Context 'that is <Vault>, with a key made <How>' -ForEach @(
        foreach ($how in 'by Authress', 'here') {
            foreach ($name in 'locked', 'read-only', 'complains', 'alters', 'forgets') { @{ Vault = $name; How = $how; Outcome = 'unusable' } }
            foreach ($name in 'fills-up', 'fails-after-write', 'forgets-described') { @{ Vault = $name; How = $how; Outcome = 'not saved' } }
            foreach ($name in 'without-metadata', 'no-removal', 'returns-text') { @{ Vault = $name; How = $how; Outcome = 'saved' } }
        }
    ) {
        It 'is <Outcome>: no key is made, or the caller has it' {
            $case = Invoke-Case { New-AuthressAccessKey $id -SecretName $secret -VaultName $Vault -GenerateLocally:($How -eq 'here') -WarningVariable script:warned -WarningAction SilentlyContinue }
            $case.Id | Should -Be @{ 'unusable' = 'DestinationUnusable'; 'not saved' = 'SecretNotSaved'; 'saved' = '' }[$Outcome]
            if ($Outcome -eq 'unusable') {
                $case.Output | Should -BeNullOrEmpty
                $case.Problem.CategoryInfo.Category | Should -Be 'WriteError'
                Get-EmulatorRequest -Changing | Where-Object { $_.target -like '*/access-keys' } | Should -BeNullOrEmpty
                Get-KeyCount | Should -Be 0
            }
            else {
                (Get-StoredClient $id).KeyId | Should -Be $case.Output.KeyId
                Test-AuthressAccessKey $case.Output.AccessKey -Quiet | Should -BeTrue
            }
            if ($Outcome -eq 'saved') {
                Test-AuthressAccessKey -SecretName $secret -VaultName $Vault -Quiet | Should -BeTrue
                $warned.Count | Should -Be ([int] ($Vault -eq 'no-removal'))
            }
            if ($Outcome -eq 'not saved') {
                $case.Problem.TargetObject.AccessKey | Should -BeOfType ([securestring])
                Find-Secret (Get-SecretPart (ConvertFrom-Secret $case.Output.AccessKey)) "$($case.Problem)" | Should -BeNullOrEmpty
                # With Stop nothing is assigned; the error has the key.
                $caught = $null
                try { New-AuthressAccessKey $id -SecretName "$secret-2" -VaultName $Vault -GenerateLocally:($How -eq 'here') -ErrorAction Stop } catch { $caught = $_ }
                Test-AuthressAccessKey $caught.TargetObject.AccessKey -Quiet | Should -BeTrue
            }
        }
    }

    It 'keeps no metadata, says so only with -Verbose, and connects by -ApiUrl' {
        $key = New-AuthressAccessKey $emulator.ClientId -SecretName $secret -VaultName without-metadata -Verbose 4>&1
        $key[-1].KeyId | Should -Not -BeNullOrEmpty
        $key | Where-Object { "$_" -like '*beside it*' } | Should -HaveCount 1
        Connect-Authress $emulator.ApiUrl -SecretName $secret -VaultName without-metadata
        Test-AuthressConnection -Quiet | Should -BeTrue
    }

    It 'leaves nothing in $Error where it is <_>, and the key is saved' -ForEach 'without-metadata', 'no-removal' {
        $Error.Clear()
        Write-Error 'earlier' -ErrorAction SilentlyContinue
        $null = New-AuthressAccessKey $id -SecretName $secret -VaultName $_ -WarningAction SilentlyContinue -ErrorVariable problem
        $problem | Should -BeNullOrEmpty
        "$Error" | Should -Be 'earlier'
    }

    It 'leaves nothing in $Error where it can not be listed, and connects' {
        Set-Secret -Name $secret -Vault unlisted -Secret $emulator.AccessKey
        $Error.Clear()
        Write-Error 'earlier' -ErrorAction SilentlyContinue
        Connect-Authress $emulator.ApiUrl -SecretName $secret -VaultName unlisted
        Test-AuthressConnection -Quiet | Should -BeTrue
        "$Error" | Should -Be 'earlier'
    }

    It 'keeps what it holds where a replacement fails before the write' {
        Set-Secret -Name $secret -Vault ops -Secret precious
        foreach ($name in 'read-only', 'locked') {
            (Invoke-Case { New-AuthressAccessKey $id -SecretName $secret -VaultName $name -Force }).Id | Should -Be 'DestinationUnusable'
        }
        Get-Secret -Name $secret -Vault ops -AsPlainText | Should -Be 'precious'
        Get-KeyCount | Should -Be 0
    }

    It 'prompts in an unattended session, and no key is made' {
        $shell = Invoke-Shell -Script @"
Connect-Authress
New-AuthressAccessKey $id -SecretName $secret -VaultName prompts -ErrorAction SilentlyContinue -ErrorVariable problem
`$problem[0].FullyQualifiedErrorId
try { Connect-Authress -SecretName $secret -VaultName prompts } catch { `$_.FullyQualifiedErrorId }
"@
        $shell.Line | Should -Be 'DestinationUnusable,Authress.PowerShell.AccessKeys.NewAuthressAccessKeyCommand', 'SecretUnreadable,Authress.PowerShell.Connections.ConnectAuthressCommand'
        Get-KeyCount | Should -Be 0
    }

    It 'is no vault at all without SecretManagement' {
        $shell = Invoke-Shell -Script @"
Import-Module '$((Get-TestPath).Manifest)'
Connect-Authress
`$env:PSModulePath = ''
New-AuthressAccessKey $id -SecretName $secret -ErrorAction SilentlyContinue -ErrorVariable problem
`$problem[0].FullyQualifiedErrorId
"`$(`$problem[0])" -like '*Microsoft.PowerShell.SecretManagement*'
try { Connect-Authress -SecretName $secret } catch { `$_.FullyQualifiedErrorId }
try { Test-AuthressAccessKey -SecretName $secret } catch { `$_.FullyQualifiedErrorId }
"@
        $shell.Line | Should -Be @(
            'DestinationUnusable,Authress.PowerShell.AccessKeys.NewAuthressAccessKeyCommand', 'True'
            'SecretUnreadable,Authress.PowerShell.Connections.ConnectAuthressCommand', 'SecretUnreadable,Authress.PowerShell.AccessKeys.TestAuthressAccessKeyCommand')
        Get-KeyCount | Should -Be 0
    }

    Context 'among several' {
        It 'is not asked where the default vault has the secret' {
            Set-Secret -Name $secret -Vault spare -Secret 'another'
            Set-Secret -Name $secret -Vault ops -Secret $emulator.AccessKey
            (Connect-Authress $emulator.ApiUrl -SecretName $secret -PassThru).ClientId | Should -Be $emulator.ClientId
        }

        It 'leaves unknown whether the secret of another vault is meant' {
            Set-Secret -Name $secret -Vault spare -Secret $emulator.AccessKey
            { Connect-Authress $emulator.ApiUrl -SecretName $secret } | Should -Throw -ErrorId 'SecretUnreadable,*' -ExpectedMessage '*locked*-VaultName*'
            (Connect-Authress $emulator.ApiUrl -SecretName $secret -VaultName spare -PassThru).ClientId | Should -Be $emulator.ClientId
        }

        It 'is found where it is the only one that has the secret, and named where it is not' {
            $shell = Invoke-Shell -Environment $bare -Script @"
Unregister-SecretVault -Name locked, prompts, complains, unlisted
Set-Secret -Name $secret -Vault spare -Secret '$(([guid]::NewGuid()).ToString('N'))'
try { Connect-Authress $($emulator.ApiUrl) -SecretName $secret } catch { `$_.FullyQualifiedErrorId }
Set-Secret -Name $secret -Vault alters -Secret text
try { Connect-Authress $($emulator.ApiUrl) -SecretName $secret } catch { `$_.FullyQualifiedErrorId; "`$_" -like '*spare, alters*' }
"@
            $shell.Line | Should -Be 'InvalidAccessKey,Authress.PowerShell.Connections.ConnectAuthressCommand', 'SecretUnreadable,Authress.PowerShell.Connections.ConnectAuthressCommand', 'True'
        }

        It 'is read by <_> without a word of the value where it can not be read' -ForEach 'locked', 'forgets', 'complains', 'alters' {
            if ($_ -ne 'locked') { Set-Secret -Name $secret -Vault $_ -Secret $emulator.AccessKey -ErrorAction SilentlyContinue }
            { Connect-Authress $emulator.ApiUrl -SecretName $secret -VaultName $_ } | Should -Throw -ErrorId $(if ($_ -eq 'alters') { 'InvalidAccessKey,*' } else { 'SecretUnreadable,*' })
            Get-AuthressConnection | Should -BeNullOrEmpty
        }
    }
}
