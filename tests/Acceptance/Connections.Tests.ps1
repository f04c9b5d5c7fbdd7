BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    $script:key = ConvertTo-Secret $emulator.AccessKey
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Connections' {
    BeforeEach { Clear-Emulator }

    Context 'Connect-Authress' {
        It 'connects without a request and without output' {
            Clear-EmulatorRequest
            Connect-Authress -ApiUrl $emulator.ApiUrl -AccessKey $key | Should -BeNullOrEmpty
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'connects by position' {
            (Connect-Authress $emulator.ApiUrl $key -PassThru).ClientId | Should -Be $emulator.ClientId
        }

        It 'returns the connection with -PassThru' {
            $connection = Connect-Authress $emulator.ApiUrl $key -PassThru
            $connection | Should -BeOfType ([Authress.Connection])
            $connection.AccountId | Should -Be $emulator.AccountId
            $connection.KeyId | Should -Be $emulator.KeyId
            $connection.Authentication | Should -Be 'AccessKey'
        }

        It 'takes address and key from the environment' {
            $shell = Invoke-Shell -Script 'Connect-Authress; (Get-AuthressConnection).ClientId; Test-AuthressConnection -Quiet'
            $shell.Line | Should -Be @($emulator.ClientId, 'True')
        }

        It 'says that the environment has no key' {
            $shell = Invoke-Shell -Script 'try { Connect-Authress } catch { $_.FullyQualifiedErrorId }' -Environment @{ AUTHRESS_KEY = '' }
            $shell.Output | Should -Be 'CredentialMissing,Authress.PowerShell.Connections.ConnectAuthressCommand'
        }

        It 'takes a token from the environment' {
            $encode = { param($Json) [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($Json)).TrimEnd('=').Replace('+', '-').Replace('/', '_') }
            $jwt = '{0}.{1}.c2ln' -f (& $encode '{"alg":"EdDSA","kid":"k1"}'), (& $encode '{"sub":"sc_a","aud":["https://acc-1.api.authress.io"]}')
            $shell = Invoke-Shell -Environment @{ AUTHRESS_KEY = $jwt; AUTHRESS_API_URL = '' } -Script @'
$connection = Connect-Authress -PassThru
$connection.Authentication, $connection.ClientId, $connection.KeyId, $connection.AccountId, $connection.ApiUrl.Host
'@
            $shell.Line | Should -Be 'AccessToken', 'sc_a', 'k1', 'acc-1', 'acc-1.api.authress.io'
        }

        It 'says what is wrong with the key of the environment: <Format>' -ForEach @(
            @{ Format = 'AUTHRESS_KEY={0}'; Expected = 'NAME=value' }
            @{ Format = 'Bearer {0}'; Expected = 'Bearer' }
            @{ Format = '"{0}"'; Expected = 'quotation marks' }
        ) {
            $shell = Invoke-Shell -Environment @{ AUTHRESS_KEY = $Format -f $emulator.AccessKey } -Script 'try { Connect-Authress } catch { $_.FullyQualifiedErrorId; "$_" }'
            $shell.Line[0] | Should -Be 'InvalidAccessKey,Authress.PowerShell.Connections.ConnectAuthressCommand'
            $shell.Output | Should -Match $Expected
            Find-Secret (Get-SecretPart $emulator.AccessKey) $shell.Output | Should -BeNullOrEmpty
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'reads a key file' {
            $file = Join-Path $TestDrive 'client.key'
            $id = Add-StoredClient
            $null = New-AuthressAccessKey $id -OutFile $file
            (Connect-Authress $emulator.ApiUrl -KeyFile $file -PassThru -WarningVariable warnings).ClientId | Should -Be $id
            $warnings | Should -BeNullOrEmpty
        }

        It 'says which key file is missing' {
            { Connect-Authress $emulator.ApiUrl -KeyFile (Join-Path $TestDrive 'none.key') } |
                Should -Throw -ErrorId 'KeyFileUnreadable,Authress.PowerShell.Connections.ConnectAuthressCommand'
        }

        It 'refuses a key in plain text' {
            { Connect-Authress $emulator.ApiUrl -AccessKey 'some text' } |
                Should -Throw -ErrorId 'ParameterArgumentTransformationError,Authress.PowerShell.Connections.ConnectAuthressCommand'
        }

        It 'refuses what is no access key, and goes on in no other account' {
            { Connect-Authress $emulator.ApiUrl (ConvertTo-Secret 'some text') } |
                Should -Throw -ErrorId 'InvalidAccessKey,Authress.PowerShell.Connections.ConnectAuthressCommand'
            Get-AuthressConnection | Should -BeNullOrEmpty
        }

        It 'refuses the address <_>' -ForEach 'http://example.com', 'https://example.com/api', 'https://example.com/?a=b', 'ftp://example.com' {
            { Connect-Authress $_ $key } | Should -Throw -ErrorId 'InvalidApiUrl,Authress.PowerShell.Connections.ConnectAuthressCommand'
        }

        It 'sends a ready token as it is' {
            $connection = Connect-Authress $emulator.ApiUrl -AccessToken (ConvertTo-Secret 'no.real.token') -PassThru
            $connection.Authentication | Should -Be 'AccessToken'
            Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'AuthenticationFailed,*'
            @(Get-EmulatorRequest).Count | Should -Be 1
        }

        It 'refuses an access key and a token together' {
            { Connect-Authress $emulator.ApiUrl -AccessKey $key -AccessToken $key } |
                Should -Throw -ErrorId 'AmbiguousParameterSet,Authress.PowerShell.Connections.ConnectAuthressCommand'
        }
    }

    Context 'Get-AuthressConnection and Disconnect-Authress' {
        It 'shows where and as whom' {
            $connection = Get-AuthressConnection
            $connection.ApiUrl.AbsoluteUri.TrimEnd('/') | Should -Be $emulator.ApiUrl
            "$connection" | Should -Be "$($emulator.ClientId) at $($emulator.ApiUrl)"
        }

        It 'forgets the connection, and then shows nothing' {
            Disconnect-Authress
            Get-AuthressConnection | Should -BeNullOrEmpty
            { Get-AuthressServiceClient } | Should -Throw -ErrorId 'NotConnected,Authress.PowerShell.ServiceClients.GetAuthressServiceClientCommand'
        }

        It 'disconnects where nothing is connected' {
            Disconnect-Authress
            { Disconnect-Authress } | Should -Not -Throw
        }
    }

    Context 'Test-AuthressConnection' {
        It 'tells that the connection works' {
            $result = Test-AuthressConnection
            $result | Should -BeOfType ([Authress.ConnectionTestResult])
            $result.Success | Should -BeTrue
            $result.StatusCode | Should -Be 200
            $result.Latency | Should -BeGreaterThan ([timespan]::Zero)
        }

        It 'tells that nobody answers, without an error' {
            $dead = Connect-Authress 'http://localhost:1' $key -PassThru
            $result = Test-AuthressConnection -Connection $dead -ErrorAction Stop
            $result.Success | Should -BeFalse
            $result.StatusCode | Should -BeNullOrEmpty
            $result.Message | Should -Not -BeNullOrEmpty
        }

        It 'tells of a status that is no success' {
            Add-EmulatorFault -Fault @{ status = 503 } -Times 0
            (Test-AuthressConnection).StatusCode | Should -Be 503
            Test-AuthressConnection -Quiet | Should -BeFalse
        }
    }

    Context 'Several connections' {
        It 'uses the one that is given and not the session''s own' {
            $mine = Get-AuthressConnection
            Connect-Authress 'http://localhost:1' $key
            @(Get-AuthressServiceClient -Connection $mine).Count | Should -Be 1
            (Get-AuthressConnection).ApiUrl.Port | Should -Be 1
        }

        It 'keeps each account''s own while both are in use' {
            $first = Get-AuthressConnection
            $other = Add-StoredClient
            $second = Connect-Authress $emulator.ApiUrl (ConvertTo-Secret (Add-StoredKey $other).Text) -PassThru
            $null = Get-AuthressServiceClient -Connection $first
            Get-AuthressServiceClient -Connection $second -ErrorAction SilentlyContinue
            @(Get-EmulatorRequest)[-2, -1].clientId | Should -Be @($emulator.ClientId, $other)
        }

        It 'refuses something that is no connection' {
            { Get-AuthressServiceClient -Connection 'production' } |
                Should -Throw -ErrorId 'ParameterArgumentTransformationError,Authress.PowerShell.ServiceClients.GetAuthressServiceClientCommand'
        }
    }

    Context 'A read-only connection' {
        BeforeEach {
            $script:id = Add-StoredClient
            $script:keyId = (Add-StoredKey $id).KeyId
            $script:readOnly = Connect-Authress $emulator.ApiUrl $key -ReadOnly -PassThru
            Clear-EmulatorRequest
        }

        It 'reads' {
            (Get-AuthressServiceClient $id).ClientId | Should -Be $id
            $readOnly.ReadOnly | Should -BeTrue
        }

        It 'refuses <Command>, and sends nothing' -ForEach @(
            @{ Command = 'New-AuthressServiceClient'; Call = { New-AuthressServiceClient other } }
            @{ Command = 'Set-AuthressServiceClient'; Call = { Set-AuthressServiceClient $id -Name other } }
            @{ Command = 'Remove-AuthressServiceClient'; Call = { Remove-AuthressServiceClient $id -Confirm:$false } }
            @{ Command = 'New-AuthressAccessKey'; Call = { New-AuthressAccessKey $id } }
            @{ Command = 'Remove-AuthressAccessKey'; Call = { Remove-AuthressAccessKey $id $keyId -Confirm:$false } }
            @{ Command = 'Invoke-AuthressRequest'; Call = { Invoke-AuthressRequest "v1/clients/$id" DELETE } }
        ) {
            $ErrorActionPreference = 'Continue'
            $problem = & $Call 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
            $problem.FullyQualifiedErrorId | Should -BeLike 'ReadOnlyConnection,*'
            $problem.CategoryInfo.Category | Should -Be 'PermissionDenied'
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            (Get-StoredClient $id).KeyId | Should -Be $keyId
        }
    }
}
