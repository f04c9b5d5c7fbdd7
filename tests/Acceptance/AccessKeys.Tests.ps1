BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Access keys' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
    }

    Context 'New-AuthressAccessKey' {
        It 'makes a key whose secret is a SecureString and works' {
            $key = New-AuthressAccessKey $id
            $key | Should -BeOfType ([Authress.IssuedAccessKey])
            $key.AccessKey | Should -BeOfType ([securestring])
            (Get-StoredClient $id).KeyId | Should -Be $key.KeyId
            Test-AuthressAccessKey $key.AccessKey -Quiet | Should -BeTrue
        }

        It 'gives the secret in plain text when asked to' {
            $key = New-AuthressAccessKey $id -AsPlainText
            $key.AccessKey | Should -BeOfType ([string])
            $key.AccessKey.Split('.')[0, 1] | Should -Be @($id, $key.KeyId)
        }

        It 'makes a key for every client that is piped in' {
            $other = Add-StoredClient search
            (Get-AuthressServiceClient $id, $other | New-AuthressAccessKey).ClientId | Should -Be @($id, $other)
        }

        It 'says that a client has its five keys' {
            foreach ($number in 1..5) { $null = Add-StoredKey $id }
            New-AuthressAccessKey $id -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidRequest,*'
            (Get-StoredClient $id).KeyId.Count | Should -Be 5
        }

        It 'refuses -AsPlainText together with -OutFile' {
            { New-AuthressAccessKey $id -AsPlainText -OutFile (Join-Path $TestDrive 'both.key') } |
                Should -Throw -ErrorId 'AmbiguousParameterSet,Authress.PowerShell.AccessKeys.NewAuthressAccessKeyCommand'
            (Get-StoredClient $id).KeyId.Count | Should -Be 0
        }
    }

    Context 'New-AuthressAccessKey -OutFile' {
        BeforeEach { $script:file = Join-Path $TestDrive ([guid]::NewGuid().ToString('N') + '.key') }

        It 'saves the key, and nothing beside it' {
            $key = New-AuthressAccessKey $id -OutFile $file
            Get-Content -LiteralPath $file -Raw | Should -BeExactly (ConvertFrom-Secret $key.AccessKey)
            @(Get-ChildItem -LiteralPath $TestDrive -Force -Filter '*.key*').Count | Should -Be @(Get-ChildItem -LiteralPath $TestDrive -Filter '*.key').Count
        }

        It 'lets nobody but its owner read the file' -Skip:($PSVersionTable.PSEdition -eq 'Desktop' -or $IsWindows) {
            $null = New-AuthressAccessKey $id -OutFile $file
            # 0600
            [int] [System.IO.File]::GetUnixFileMode($file) | Should -Be 384
        }

        It 'takes a path of a PowerShell drive' {
            $null = New-AuthressAccessKey $id -OutFile 'TestDrive:\drive.key'
            Get-Content 'TestDrive:\drive.key' -Raw | Should -Match "^$id\."
        }

        It 'makes no key where the file is there already' {
            Set-Content -LiteralPath $file -Value 'precious'
            New-AuthressAccessKey $id -OutFile $file -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'DestinationUnusable,*'
            $problem[0].CategoryInfo.Category | Should -Be 'WriteError'
            Get-Content -LiteralPath $file | Should -Be 'precious'
            (Get-StoredClient $id).KeyId.Count | Should -Be 0
        }

        It 'replaces the file when forced to' {
            Set-Content -LiteralPath $file -Value 'old'
            $null = New-AuthressAccessKey $id -OutFile $file -Force
            Get-Content -LiteralPath $file -Raw | Should -Match "^$id\."
        }

        It 'makes no key where the folder is missing' {
            New-AuthressAccessKey $id -OutFile (Join-Path $TestDrive 'none/client.key') -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'DestinationUnusable,*'
            (Get-StoredClient $id).KeyId.Count | Should -Be 0
        }

        It 'makes one key for one file, and no second one' {
            $other = Add-StoredClient search
            New-AuthressAccessKey $id, $other -OutFile $file -ErrorAction SilentlyContinue -ErrorVariable problem | Should -HaveCount 1
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'DestinationTaken,*'
            (Get-StoredClient $other).KeyId.Count | Should -Be 0
            Get-Content -LiteralPath $file -Raw | Should -Match "^$id\."
        }
    }

    Context 'Get-AuthressAccessKey' {
        BeforeEach { $script:keyIds = 1..3 | ForEach-Object { (Add-StoredKey $id).KeyId } }

        It 'lists the keys of a client with their age' {
            $keys = Get-AuthressAccessKey $id
            $keys.KeyId | Should -Be $keyIds
            $keys[0] | Should -BeOfType ([Authress.AccessKey])
            $keys[0].Age | Should -BeOfType ([timespan])
            $keys[0].PSObject.Properties.Name | Should -Not -Contain 'AccessKey'
        }

        It 'finds keys by id and by wildcard' {
            (Get-AuthressAccessKey $id $keyIds[1]).KeyId | Should -Be $keyIds[1]
            (Get-AuthressAccessKey $id ($keyIds[2].Substring(0, 4) + '*')).KeyId | Should -Contain $keyIds[2]
        }

        It 'says that there is no such key, and nothing of a pattern that finds none' {
            Get-AuthressAccessKey $id nope -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'AccessKeyNotFound,*'
            $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            Get-AuthressAccessKey $id 'nope*' -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'finds a key by its public key' {
            $public = (Get-AuthressAccessKey $id $keyIds[1]).PublicKey
            (Get-AuthressAccessKey $id -PublicKey $public).KeyId | Should -Be $keyIds[1]
        }

        It 'chooses by an age of <Age> and finds <Count>' -ForEach @(
            @{ Age = 0; Count = 3 }
            @{ Age = 30; Count = 0 }
            @{ Age = '30'; Count = 0 }
            @{ Age = [timespan]::FromHours(1); Count = 0 }
        ) {
            @(Get-AuthressAccessKey $id -OlderThan $Age).Count | Should -Be $Count
        }

        It 'never takes an empty id for all keys' {
            { Get-AuthressAccessKey $id -KeyId '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
            { Get-AuthressAccessKey $id -KeyId $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }
    }

    Context 'Remove-AuthressAccessKey' {
        BeforeEach { $script:keys = 1..3 | ForEach-Object { Add-StoredKey $id } }

        It 'deletes the keys that are named and no other' {
            Remove-AuthressAccessKey $id $keys[0].KeyId, $keys[2].KeyId -Confirm:$false | Should -BeNullOrEmpty
            (Get-StoredClient $id).KeyId | Should -Be $keys[1].KeyId
        }

        It 'takes the deleted key its access' {
            $secret = ConvertTo-Secret $keys[0].Text
            Test-AuthressAccessKey $secret -Quiet | Should -BeTrue
            Remove-AuthressAccessKey $id $keys[0].KeyId -Confirm:$false
            $result = Test-AuthressAccessKey $secret
            $result.Works | Should -BeFalse
            $result.StatusCode | Should -Be 401
        }

        It 'does not delete the key that signs for the connection, unless forced to' {
            Remove-AuthressAccessKey $emulator.ClientId $emulator.KeyId -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'OwnAccessKey,*'
            Test-AuthressConnection -Quiet | Should -BeTrue
            Remove-AuthressAccessKey $emulator.ClientId $emulator.KeyId -Confirm:$false -Force
            Test-AuthressConnection -Quiet | Should -BeFalse
        }

        It 'refuses a piped key together with another client''s id' {
            $other = Add-StoredClient search
            Get-AuthressAccessKey $id $keys[0].KeyId | Remove-AuthressAccessKey -ClientId $other -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'ContradictoryClientId,*'
            (Get-StoredClient $id).KeyId.Count | Should -Be 3
        }
    }

    Context 'Test-AuthressAccessKey' {
        It 'tells whose a working key is' {
            $key = New-AuthressAccessKey $id
            $result = $key | Test-AuthressAccessKey
            $result.Works | Should -BeTrue
            $result.ClientId | Should -Be $id
            $result.KeyId | Should -Be $key.KeyId
            $result.AccountId | Should -Be $emulator.AccountId
        }

        It 'tells that a text is no key, and sends nothing' {
            Clear-EmulatorRequest
            $result = Test-AuthressAccessKey (ConvertTo-Secret 'some text')
            $result.IsWellFormed | Should -BeFalse
            $result.Works | Should -BeFalse
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'tells that a new key does not work yet, and later that it does' {
            # Two, since a refused token is signed anew and sent once more.
            Add-EmulatorFault -Method POST -Path '/v1/clients/*/access-keys' -Fault @{ kind = 'keyNotYetUsable'; requests = 2 }
            $key = New-AuthressAccessKey $id
            Test-AuthressAccessKey $key.AccessKey -Quiet | Should -BeFalse
            Test-AuthressAccessKey $key.AccessKey -Quiet | Should -BeTrue
        }

        It 'does not know where nobody answers' {
            $key = New-AuthressAccessKey $id
            (Test-AuthressAccessKey $key.AccessKey -ApiUrl 'http://localhost:1').Works | Should -Be $null
        }

        It 'needs no connection' {
            $key = New-AuthressAccessKey $id
            Disconnect-Authress
            Test-AuthressAccessKey $key.AccessKey -ApiUrl $emulator.ApiUrl -Quiet | Should -BeTrue
        }
    }
}
