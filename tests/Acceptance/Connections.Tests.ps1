# Connections in a real session, and the environment of a new one. ConnectionTests, SeveralConnectionsTests, KeyFileTests
# and CredentialTests have the rules.
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

Describe 'A connection' {
    BeforeEach { Clear-Emulator }

    It 'is made, shown, tested and removed' {
        Clear-EmulatorRequest
        Connect-Authress $emulator.ApiUrl $key | Should -BeNullOrEmpty
        Get-EmulatorRequest | Should -BeNullOrEmpty

        $connection = Get-AuthressConnection
        $connection | Should -BeOfType ([Authress.Connection])
        $connection.AccountId, $connection.ClientId, $connection.KeyId | Should -Be @($emulator.AccountId, $emulator.ClientId, $emulator.KeyId)

        $result = Test-AuthressConnection
        $result | Should -BeOfType ([Authress.ConnectionTestResult])
        $result.StatusCode | Should -Be 200

        Disconnect-Authress
        Get-AuthressConnection | Should -BeNullOrEmpty
        { Get-AuthressServiceClient } | Should -Throw -ErrorId 'NotConnected,Authress.PowerShell.ServiceClients.GetAuthressServiceClientCommand'
        { Disconnect-Authress } | Should -Not -Throw
    }

    It 'is used by the command that it is given to, beside the session''s own' {
        $first = Get-AuthressConnection
        $other = Add-StoredClient
        $second = Connect-Authress $emulator.ApiUrl (ConvertTo-Secret (Add-StoredKey $other).Text) -PassThru
        $null = Get-AuthressServiceClient -Connection $first
        Get-AuthressServiceClient -Connection $second -ErrorAction SilentlyContinue
        @(Get-EmulatorRequest)[-2, -1].clientId | Should -Be @($emulator.ClientId, $other)
    }

    It 'reads its key from a file' {
        $file = Join-Path $TestDrive 'client.key'
        $id = Add-StoredClient
        $null = New-AuthressAccessKey $id -OutFile $file
        (Connect-Authress $emulator.ApiUrl -KeyFile $file -PassThru -WarningVariable warnings).ClientId | Should -Be $id
        $warnings | Should -BeNullOrEmpty
    }
}

Describe 'The environment' {
    BeforeEach { Clear-Emulator }

    It 'gives the API URL and the key' {
        $shell = Invoke-Shell -Script 'Connect-Authress; (Get-AuthressConnection).ClientId; Test-AuthressConnection -Quiet'
        $shell.Line | Should -Be @($emulator.ClientId, 'True')
    }

    It 'gives a token' {
        $encode = { param($Json) [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($Json)).TrimEnd('=').Replace('+', '-').Replace('/', '_') }
        $jwt = '{0}.{1}.c2ln' -f (& $encode '{"alg":"EdDSA","kid":"k1"}'), (& $encode '{"sub":"sc_a","aud":["https://acc-1.api.authress.io"]}')
        $shell = Invoke-Shell -Environment @{ AUTHRESS_KEY = $jwt; AUTHRESS_API_URL = '' } -Script @'
$connection = Connect-Authress -PassThru
$connection.Authentication, $connection.ClientId, $connection.KeyId, $connection.AccountId, $connection.ApiUrl.Host
'@
        $shell.Line | Should -Be 'AccessToken', 'sc_a', 'k1', 'acc-1', 'acc-1.api.authress.io'
    }

    It 'is refused without a key' {
        $shell = Invoke-Shell -Script 'try { Connect-Authress } catch { $_.FullyQualifiedErrorId }' -Environment @{ AUTHRESS_KEY = '' }
        $shell.Output | Should -Be 'CredentialMissing,Authress.PowerShell.Connections.ConnectAuthressCommand'
    }

    It 'is refused with a key in the form <Format>, and the error names the mistake' -ForEach @(
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
}
