# The access key cmdlets in a real session. AccessKeyCommandTests, OutFileTests and TestAccessKeyTests have the rules.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'An access key' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
    }

    It 'is created, found and deleted' {
        $key = New-AuthressAccessKey $id
        $key | Should -BeOfType ([Authress.IssuedAccessKey])
        $key.AccessKey | Should -BeOfType ([securestring])
        $other = Get-AuthressServiceClient $id | New-AuthressAccessKey -AsPlainText
        $other.AccessKey.Split('.')[0, 1] | Should -Be @($id, $other.KeyId)

        $listed = Get-AuthressAccessKey $id
        $listed.KeyId | Should -Be @($key.KeyId, $other.KeyId)
        $listed[0] | Should -BeOfType ([Authress.AccessKey])
        $listed[0].PSObject.Properties.Name | Should -Not -Contain 'AccessKey'
        (Get-AuthressAccessKey $id -PublicKey $listed[1].PublicKey).KeyId | Should -Be $other.KeyId
        Get-AuthressAccessKey $id -OlderThan 30 | Should -BeNullOrEmpty

        Remove-AuthressAccessKey $id $key.KeyId -Confirm:$false | Should -BeNullOrEmpty
        (Get-StoredClient $id).KeyId | Should -Be $other.KeyId
    }

    It 'is tested: not usable yet, usable, deleted, and on an account of its own' {
        # Two refusals: after the first, the client signs a new token and sends the request again.
        Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault @{ kind = 'keyNotYetUsable'; requests = 2 }
        $key = New-AuthressAccessKey $id
        Test-AuthressAccessKey $key.AccessKey -Quiet | Should -BeFalse
        $result = $key | Test-AuthressAccessKey
        $result.Works | Should -BeTrue
        $result.ClientId, $result.KeyId, $result.AccountId | Should -Be @($id, $key.KeyId, $emulator.AccountId)
        $key | Remove-AuthressAccessKey -Confirm:$false
        (Test-AuthressAccessKey $key.AccessKey).StatusCode | Should -Be 401

        $other = New-AuthressAccessKey $id
        Disconnect-Authress
        Test-AuthressAccessKey $other.AccessKey -ApiUrl $emulator.ApiUrl -Quiet | Should -BeTrue
    }

    It 'is saved in a file that only its owner can read' {
        $file = Join-Path $TestDrive 'client.key'
        $key = New-AuthressAccessKey $id -OutFile $file
        Get-Content -LiteralPath $file -Raw | Should -BeExactly (ConvertFrom-Secret $key.AccessKey)
        (Get-ChildItem -LiteralPath $TestDrive -Force).Name | Should -Be 'client.key'
        if ($PSVersionTable.PSEdition -eq 'Core' -and -not $IsWindows) {
            # 0600
            [int] [System.IO.File]::GetUnixFileMode($file) | Should -Be 384
        }
    }

    It 'is saved on a drive of PowerShell' {
        $null = New-AuthressAccessKey $id -OutFile 'TestDrive:\drive.key'
        Get-Content 'TestDrive:\drive.key' -Raw | Should -Match "^$id\."
    }
}
