BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'The pipeline' {
    BeforeEach {
        Clear-Emulator
        $script:a = Add-StoredClient one @{ tags = @{ env = 'prod' }; rateLimits = @(@{ duration = 'PT1H'; quota = 1000 }); options = @{ grantUserPermissionsAccess = $true } }
        $script:b = Add-StoredClient two
        $script:keyId = (Add-StoredKey $a).KeyId
        $script:typed = Get-AuthressServiceClient $a
        $script:key = Get-AuthressAccessKey $a
        Clear-EmulatorRequest
    }

    Context 'Clients as <Form>' -ForEach @(
        @{ Form = 'a parameter'; Get = { Get-AuthressServiceClient -ClientId $a }; Set = { Set-AuthressServiceClient -ClientId $a -Name new }; New = { New-AuthressAccessKey -ClientId $a }; Keys = { Get-AuthressAccessKey -ClientId $a }; Remove = { Remove-AuthressServiceClient -ClientId $a -Confirm:$false } }
        @{ Form = 'an argument by position'; Get = { Get-AuthressServiceClient $a }; Set = { Set-AuthressServiceClient $a -Name new }; New = { New-AuthressAccessKey $a }; Keys = { Get-AuthressAccessKey $a }; Remove = { Remove-AuthressServiceClient $a -Confirm:$false } }
        @{ Form = 'an object in place of the argument'; Get = { Get-AuthressServiceClient $typed }; Set = { Set-AuthressServiceClient $typed -Name new }; New = { New-AuthressAccessKey $typed }; Keys = { Get-AuthressAccessKey $typed }; Remove = { Remove-AuthressServiceClient $typed -Confirm:$false } }
        @{ Form = 'a piped id'; Get = { $a | Get-AuthressServiceClient }; Set = { $a | Set-AuthressServiceClient -Name new }; New = { $a | New-AuthressAccessKey }; Keys = { $a | Get-AuthressAccessKey }; Remove = { $a | Remove-AuthressServiceClient -Confirm:$false } }
        @{ Form = 'a piped object'; Get = { $typed | Get-AuthressServiceClient }; Set = { $typed | Set-AuthressServiceClient -Name new }; New = { $typed | New-AuthressAccessKey }; Keys = { $typed | Get-AuthressAccessKey }; Remove = { $typed | Remove-AuthressServiceClient -Confirm:$false } }
        @{ Form = 'an object with a property of that name'; Get = { [pscustomobject] @{ ClientId = $a } | Get-AuthressServiceClient }; Set = { [pscustomobject] @{ ClientId = $a; Name = 'new' } | Set-AuthressServiceClient }; New = { [pscustomobject] @{ ClientId = $a } | New-AuthressAccessKey }; Keys = { [pscustomobject] @{ ClientId = $a } | Get-AuthressAccessKey }; Remove = { [pscustomobject] @{ ClientId = $a } | Remove-AuthressServiceClient -Confirm:$false } }
        @{ Form = 'what Select-Object left'; Get = { $typed | Select-Object ClientId, Name | Get-AuthressServiceClient }; Set = { $typed | Select-Object ClientId | Set-AuthressServiceClient -Name new }; New = { $typed | Select-Object ClientId, Name | New-AuthressAccessKey }; Keys = { $typed | Select-Object * | Get-AuthressAccessKey -KeyId * }; Remove = { $typed | Select-Object ClientId, Name | Remove-AuthressServiceClient -Confirm:$false } }
        @{ Form = 'all that Select-Object copied'; Get = { $typed | Select-Object * | Get-AuthressServiceClient }; Set = { $typed | Select-Object * | Set-AuthressServiceClient -Name new }; New = { $typed | Select-Object * | New-AuthressAccessKey }; Keys = { $typed | Select-Object * | Get-AuthressAccessKey }; Remove = { $typed | Select-Object * | Remove-AuthressServiceClient -Confirm:$false } }
        @{ Form = 'expanded ids'; Get = { $typed | Select-Object -ExpandProperty ClientId | Get-AuthressServiceClient }; Set = { $typed | Select-Object -ExpandProperty ClientId | Set-AuthressServiceClient -Name new }; New = { $typed | Select-Object -ExpandProperty ClientId | New-AuthressAccessKey }; Keys = { $typed | Select-Object -ExpandProperty ClientId | Get-AuthressAccessKey }; Remove = { $typed | Select-Object -ExpandProperty ClientId | Remove-AuthressServiceClient -Confirm:$false } }
        @{ Form = 'rows of CSV'; Get = { $typed | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv | Get-AuthressServiceClient }; Set = { $typed | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv | Set-AuthressServiceClient -Name new }; New = { $typed | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv | New-AuthressAccessKey }; Keys = { $typed | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv | Get-AuthressAccessKey }; Remove = { $typed | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv | Remove-AuthressServiceClient -Confirm:$false } }
        @{ Form = 'objects out of JSON'; Get = { $typed | Select-Object ClientId | ConvertTo-Json | ConvertFrom-Json | Get-AuthressServiceClient }; Set = { $typed | Select-Object ClientId | ConvertTo-Json | ConvertFrom-Json | Set-AuthressServiceClient -Name new }; New = { $typed | Select-Object ClientId | ConvertTo-Json | ConvertFrom-Json | New-AuthressAccessKey }; Keys = { $typed | Select-Object ClientId | ConvertTo-Json | ConvertFrom-Json | Get-AuthressAccessKey }; Remove = { $typed | Select-Object ClientId | ConvertTo-Json | ConvertFrom-Json | Remove-AuthressServiceClient -Confirm:$false } }
    ) {
        It 'are fetched' {
            (& $Get).ClientId | Should -Be $a
        }

        It 'are changed' {
            & $Set | Should -BeNullOrEmpty
            $stored = Get-StoredClient $a
            $stored.Name | Should -Be 'new'
            $stored.Tag.env | Should -Be 'prod'
            $stored.RateLimit | Should -Be 'PT1H:1000'
            $stored.GrantUserPermissionsAccess | Should -BeTrue
            (Get-StoredClient $b).Name | Should -Be 'two'
        }

        It 'are given a key' {
            $made = & $New
            $made.ClientId | Should -Be $a
            (Get-StoredClient $a).KeyId | Should -Be @($keyId, $made.KeyId)
        }

        It 'list their keys' {
            (& $Keys).KeyId | Should -Be $keyId
        }

        It 'are deleted' {
            & $Remove
            (Get-StoredClient).ClientId | Should -Be $b
        }
    }

    Context 'Clients as arrays' {
        It 'are taken as a parameter, in their order' {
            (Get-AuthressServiceClient -ClientId $b, $a).ClientId | Should -Be @($b, $a)
        }

        It 'are taken from the pipeline, in their order' {
            ($b, $a | Get-AuthressServiceClient).ClientId | Should -Be @($b, $a)
        }

        It 'are deleted together' {
            Get-AuthressServiceClient $a, $b | Remove-AuthressServiceClient -Confirm:$false
            Get-StoredClient | Should -BeNullOrEmpty
        }
    }

    Context 'Keys as <Form>' -ForEach @(
        @{ Form = 'parameters'; Remove = { Remove-AuthressAccessKey -ClientId $a -KeyId $keyId -Confirm:$false } }
        @{ Form = 'arguments by position'; Remove = { Remove-AuthressAccessKey $a $keyId -Confirm:$false } }
        @{ Form = 'a piped key id'; Remove = { $keyId | Remove-AuthressAccessKey -ClientId $a -Confirm:$false } }
        @{ Form = 'a piped key'; Remove = { $key | Remove-AuthressAccessKey -Confirm:$false } }
        @{ Form = 'a key that was just made'; Remove = { Remove-AuthressAccessKey $a $keyId -Confirm:$false; New-AuthressAccessKey $a | Remove-AuthressAccessKey -Confirm:$false } }
        @{ Form = 'an object with both ids'; Remove = { [pscustomobject] @{ ClientId = $a; KeyId = $keyId } | Remove-AuthressAccessKey -Confirm:$false } }
        @{ Form = 'what Select-Object left'; Remove = { $key | Select-Object ClientId, KeyId | Remove-AuthressAccessKey -Confirm:$false } }
        @{ Form = 'rows of CSV'; Remove = { $key | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv | Remove-AuthressAccessKey -Confirm:$false } }
        @{ Form = 'the whole chain from the client on'; Remove = { Get-AuthressServiceClient $a | Get-AuthressAccessKey | Remove-AuthressAccessKey -Confirm:$false } }
    ) {
        It 'are deleted' {
            & $Remove
            (Get-StoredClient $a).KeyId.Count | Should -Be 0
        }
    }

    Context 'One bad input among many' {
        It 'is an error of its own, and the rest continue' {
            $found = $a, 'nope', $b | Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
            $found.ClientId | Should -Be @($a, $b)
            $problem.Count | Should -Be 1
            $problem[0].TargetObject | Should -Be 'nope'
        }

        It 'leaves an object of another kind alone, with an error' {
            $null = Get-Item -LiteralPath $TestDrive | Remove-AuthressServiceClient -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.Count | Should -Be 1
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'InputObjectNotBound,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'gives every row of a file its own error' {
            $rows = 'Name,RateLimit', 'good,PT1H:500', 'bad,PT1H:5', 'alsogood,' | ConvertFrom-Csv
            $made = $rows | New-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
            $made.Name | Should -Be @('good', 'alsogood')
            $problem.Count | Should -Be 1
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
            $problem[0].TargetObject.Name | Should -Be 'bad'
        }
    }

    Context 'Rows of new clients' {
        It 'are bound without an exception, which would take longer than the rest of the binding' {
            $trace = Join-Path $TestDrive 'binding.txt'
            Trace-Command -Name ParameterBinding -FilePath $trace -Expression { 'Name,Tag', 'one,env=prod', 'two,' | ConvertFrom-Csv | New-AuthressServiceClient }
            $trace | Should -FileContentMatch 'BIND PIPELINE object to parameters: \[New-AuthressServiceClient\]'
            $trace | Should -Not -FileContentMatch 'ERROR'
        }
    }

    Context 'Export-Csv and Import-Csv' {
        BeforeEach {
            $script:file = Join-Path $TestDrive 'clients.csv'
            Get-AuthressServiceClient $a, $b | Export-Csv -LiteralPath $file -NoTypeInformation -Encoding UTF8
            Clear-EmulatorRequest
        }

        It 'write tags, limits and grants as text that people can edit' {
            $row = (Import-Csv -LiteralPath $file)[0]
            $row.Tag | Should -Be 'env=prod'
            $row.RateLimit | Should -Be 'PT1H:1000'
            $row.GrantUserPermissionsAccess | Should -Be 'True'
            $row.AccessKey | Should -Be $keyId
        }

        It 'change nothing on the way there and back' {
            Import-Csv -LiteralPath $file | Set-AuthressServiceClient
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        }

        It 'make equal clients in another account' {
            Import-Csv -LiteralPath $file | New-AuthressServiceClient | Select-Object -ExpandProperty Name | Should -Be @('one', 'two')
            $copy = Get-StoredClient | Where-Object { $_.Name -eq 'one' -and $_.ClientId -ne $a }
            $copy.Tag.env | Should -Be 'prod'
            $copy.RateLimit | Should -Be 'PT1H:1000'
            $copy.GrantUserPermissionsAccess | Should -BeTrue
            $copy.GrantTokenGeneration | Should -BeFalse
        }

        It 'carry an edit to the right client' {
            $rows = Import-Csv -LiteralPath $file
            $rows[1].Tag = 'env=test;team=x'
            $rows | Set-AuthressServiceClient
            (Get-StoredClient $b).Tag.team | Should -Be 'x'
            (Get-EmulatorRequest -Changing).target | Should -Be "/v1/clients/$b"
        }
    }

    Context 'Start-Job' {
        BeforeAll {
            $script:manifest = (Get-TestPath).Manifest
            $script:connect = {
                param($Manifest, $ApiUrl, $AccessKey, $ClientId)
                Import-Module $Manifest
                Connect-Authress $ApiUrl $AccessKey
                Get-AuthressServiceClient $ClientId
                Get-AuthressAccessKey $ClientId
            }
        }

        BeforeEach {
            $job = Start-Job -ScriptBlock $connect -ArgumentList $manifest, $emulator.ApiUrl, (ConvertTo-Secret $emulator.AccessKey), $a
            $script:copies = @(Receive-Job -Job $job -Wait -AutoRemoveJob)
        }

        It 'gives copies that are read, changed and deleted as the objects themselves would be' {
            $copies[0].PSObject.TypeNames[0] | Should -Be 'Deserialized.Authress.ServiceClient'
            ($copies[0] | Get-AuthressServiceClient).ClientId | Should -Be $a
            $copies[0].Name = 'edited'
            $copies[0] | Set-AuthressServiceClient
            $stored = Get-StoredClient $a
            $stored.Name | Should -Be 'edited'
            $stored.Tag.env | Should -Be 'prod'
            $stored.RateLimit | Should -Be 'PT1H:1000'
            $copies[1].PSObject.TypeNames[0] | Should -Be 'Deserialized.Authress.AccessKey'
            $copies[1] | Remove-AuthressAccessKey -Confirm:$false
            (Get-StoredClient $a).KeyId.Count | Should -Be 0
            $copies[0] | Remove-AuthressServiceClient -Confirm:$false
            (Get-StoredClient).ClientId | Should -Be $b
        }

        It 'shows the copies as the objects themselves' {
            $table = $copies[0] | Format-Table | Out-String -Width 120
            $table | Should -Be ($typed | Format-Table | Out-String -Width 120)
            $table | Should -Match "$a\s+one"
        }
    }

    Context 'Start-Job with a connection of this session' {
        It 'is refused, with the reason' {
            $use = {
                param($Manifest, $Connection)
                Import-Module $Manifest
                try { Get-AuthressServiceClient -Connection $Connection } catch { $_.FullyQualifiedErrorId; "$_" }
            }
            $job = Start-Job -ScriptBlock $use -ArgumentList (Get-TestPath).Manifest, (Get-AuthressConnection)
            $answer = Receive-Job -Job $job -Wait -AutoRemoveJob
            $answer[0] | Should -BeLike 'ParameterArgumentTransformationError,*'
            $answer[1] | Should -Match 'Connect-Authress'
        }
    }

    Context 'ForEach-Object -Parallel' -Skip:($PSVersionTable.PSEdition -ne 'Core') {
        BeforeEach {
            $script:manifest = (Get-TestPath).Manifest
            $script:connection = Get-AuthressConnection
        }

        It 'works with a connection through $using:' {
            $names = 1..12 | ForEach-Object -ThrottleLimit 4 -Parallel {
                Import-Module $using:manifest
                (New-AuthressServiceClient "parallel $_" -Connection $using:connection).Name
            }
            ($names | Sort-Object) -join ';' | Should -Be ((1..12 | ForEach-Object { "parallel $_" } | Sort-Object) -join ';')
            @(Get-StoredClient | Where-Object { $_.Name -like 'parallel *' }).Count | Should -Be 12
        }

        It 'gives no iteration a connection that it did not make, though they share a runspace' {
            $apiUrl = $emulator.ApiUrl
            $secret = ConvertTo-Secret $emulator.AccessKey
            $seen = 1..4 | ForEach-Object -ThrottleLimit 1 -Parallel {
                Import-Module $using:manifest
                if ($_ % 2) {
                    Connect-Authress $using:apiUrl $using:secret
                    [pscustomobject] @{ Runspace = [runspace]::DefaultRunspace.Id; Result = @(Get-AuthressServiceClient).Count }
                }
                else {
                    try { $result = Get-AuthressServiceClient } catch { $result = $_.FullyQualifiedErrorId.Split(',')[0] }
                    [pscustomobject] @{ Runspace = [runspace]::DefaultRunspace.Id; Result = $result }
                }
            }
            $seen.Result | Should -Be @(3, 'NotConnected', 3, 'NotConnected')
            @($seen.Runspace | Select-Object -Unique).Count | Should -Be 1
        }
    }
}
