BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Service clients' {
    BeforeEach { Clear-Emulator }

    Context 'New-AuthressServiceClient' {
        It 'creates a client with a name alone' {
            $client = New-AuthressServiceClient -Name 'Nightly invoices'
            $client | Should -BeOfType ([Authress.ServiceClient])
            $stored = Get-StoredClient $client.ClientId
            $stored.Name | Should -Be 'Nightly invoices'
            $stored.GrantUserPermissionsAccess | Should -BeFalse
            $stored.GrantTokenGeneration | Should -BeFalse
        }

        It 'creates a client with all that it may have' {
            $client = New-AuthressServiceClient demo -Tag @{ env = 'prod'; team = 'a' } -GrantUserPermissionsAccess $true -GrantTokenGeneration $false -RateLimit PT1H:1000
            $stored = Get-StoredClient $client.ClientId
            $stored.Tag.Count | Should -Be 2
            $stored.Tag.team | Should -Be 'a'
            $stored.GrantUserPermissionsAccess | Should -BeTrue
            $stored.RateLimit | Should -Be 'PT1H:1000'
        }

        It 'takes tags as <Form>' -ForEach @(
            @{ Form = 'a hashtable'; Tag = @{ env = 'prod' } }
            @{ Form = 'an ordered hashtable'; Tag = [ordered] @{ env = 'prod' } }
            @{ Form = 'an object'; Tag = [pscustomobject] @{ env = 'prod' } }
            @{ Form = 'text'; Tag = 'env=prod' }
        ) {
            $client = New-AuthressServiceClient demo -Tag $Tag
            "$($client.Tag)" | Should -Be 'env=prod'
            (Get-StoredClient $client.ClientId).Tag.env | Should -Be 'prod'
        }

        It 'takes a rate limit as <Form>' -ForEach @(
            @{ Form = 'text'; Limit = 'P1D:5000' }
            @{ Form = 'a hashtable'; Limit = @{ Duration = 'P1D'; Quota = 5000 } }
            @{ Form = 'an object'; Limit = [pscustomobject] @{ Duration = 'P1D'; Quota = 5000 } }
        ) {
            (Get-StoredClient (New-AuthressServiceClient demo -RateLimit $Limit).ClientId).RateLimit | Should -Be 'P1D:5000'
        }

        It 'warns of a client that may create tokens for anybody, and of no other' {
            $null = New-AuthressServiceClient demo -GrantTokenGeneration $true -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings.Count | Should -Be 1
            $null = New-AuthressServiceClient demo -GrantTokenGeneration $false -WarningVariable none
            $none | Should -BeNullOrEmpty
        }

        It 'refuses <Why>, and sends nothing' -ForEach @(
            @{ Why = 'a rate limit out of range'; Arguments = @{ Name = 'demo'; RateLimit = 'PT1H:99' } }
            @{ Why = 'a duration that does not exist'; Arguments = @{ Name = 'demo'; RateLimit = 'PT2H:1000' } }
            @{ Why = 'tags that are none'; Arguments = @{ Name = 'demo'; Tag = 'env' } }
            @{ Why = 'a grant that is neither true nor false'; Arguments = @{ Name = 'demo'; GrantTokenGeneration = 'perhaps' } }
        ) {
            { New-AuthressServiceClient @Arguments } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'refuses a name that is too long, and sends nothing' {
            New-AuthressServiceClient ('n' * 129) -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }
    }

    Context 'Get-AuthressServiceClient' {
        It 'gets clients by their ids, in the order asked for' {
            $first = Add-StoredClient one
            $second = Add-StoredClient two
            (Get-AuthressServiceClient $second, $first).Name | Should -Be @('two', 'one')
        }

        It 'lists every page' {
            foreach ($number in 1..45) { $null = Add-StoredClient "client $number" }
            @(Get-AuthressServiceClient).Count | Should -Be 46
        }

        It 'asks for no page that nobody wants' {
            foreach ($number in 1..30) { $null = Add-StoredClient "client $number" }
            Clear-EmulatorRequest
            @(Get-AuthressServiceClient -First 3).Count | Should -Be 3
            @(Get-EmulatorRequest).Count | Should -Be 1
        }

        It 'stops asking when Select-Object has enough' {
            foreach ($number in 1..30) { $null = Add-StoredClient "client $number" }
            Clear-EmulatorRequest
            @(Get-AuthressServiceClient | Select-Object -First 2).Count | Should -Be 2
            @(Get-EmulatorRequest).Count | Should -Be 1
        }

        It 'finds clients by name with wildcards and without regard to case' {
            foreach ($name in 'billing-eu', 'Billing-US', 'search') { $null = Add-StoredClient $name }
            (Get-AuthressServiceClient -Name 'billing-*').Name | Should -Be @('billing-eu', 'Billing-US')
            (Get-AuthressServiceClient -Name 'search', '*-eu').Name | Should -Be @('billing-eu', 'search')
        }

        It 'finds clients by all of the tags given' {
            $null = Add-StoredClient a @{ tags = @{ env = 'prod'; team = 'x' } }
            $null = Add-StoredClient b @{ tags = @{ env = 'prod' } }
            $null = Add-StoredClient c @{ tags = @{ env = 'test' } }
            (Get-AuthressServiceClient -Tag @{ env = 'prod' }).Name | Should -Be @('a', 'b')
            (Get-AuthressServiceClient -Tag 'env=prod;team=*').Name | Should -Be 'a'
        }

        It 'counts -Skip and -First after the filters' {
            foreach ($name in 'x1', 'y1', 'x2', 'y2', 'x3') { $null = Add-StoredClient $name }
            (Get-AuthressServiceClient -Name 'x*' -Skip 1 -First 1).Name | Should -Be 'x2'
        }

        It 'reads one page and says where to go on' {
            foreach ($number in 1..4) { $null = Add-StoredClient "client $number" }
            $page = Get-AuthressServiceClient -PageSize 3 -NoAutoPaging -NextCursorVariable cursor
            $page.Count | Should -Be 3
            $cursor | Should -Not -BeNullOrEmpty
            $rest = Get-AuthressServiceClient -PageSize 3 -Cursor $cursor -NoAutoPaging -NextCursorVariable cursor
            $rest.Name | Should -Be @('client 3', 'client 4')
            $cursor | Should -BeNullOrEmpty
        }

        It 'says that a wildcard is no id, and sends nothing' {
            Get-AuthressServiceClient 'bill*' -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'WildcardInClientId,*'
            $problem[0].ErrorDetails.RecommendedAction | Should -Match '-Name'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'names itself by its id in a string' {
            $id = Add-StoredClient
            "$(Get-AuthressServiceClient $id)" | Should -Be $id
        }

        It 'shows a table with the keys counted' {
            $id = Add-StoredClient 'Nightly invoices'
            $null = Add-StoredKey $id
            $text = Get-AuthressServiceClient $id | Format-Table | Out-String -Width 120
            $text | Should -Match "$id\s+Nightly invoices\s+1/5"
        }
    }

    Context 'Set-AuthressServiceClient' {
        BeforeEach {
            $script:id = Add-StoredClient before @{
                tags = @{ env = 'prod' }; rateLimits = @(@{ duration = 'PT1H'; quota = 1000 }); options = @{ grantUserPermissionsAccess = $true }
            }
        }

        It 'changes only what is given, and says nothing' {
            Set-AuthressServiceClient $id -Name after | Should -BeNullOrEmpty
            $stored = Get-StoredClient $id
            $stored.Name | Should -Be 'after'
            $stored.Tag.env | Should -Be 'prod'
            $stored.RateLimit | Should -Be 'PT1H:1000'
            $stored.GrantUserPermissionsAccess | Should -BeTrue
        }

        It 'returns the client with -PassThru' {
            (Set-AuthressServiceClient $id -RateLimit PT5M:500 -PassThru).RateLimit.Quota | Should -Be 500
        }

        It 'writes what was edited in an object' {
            $client = Get-AuthressServiceClient $id
            $client.Name = 'after'
            $client.Tag = @{ env = 'test'; team = 'x' }
            $client.GrantUserPermissionsAccess = $false
            $client | Set-AuthressServiceClient
            $stored = Get-StoredClient $id
            $stored.Name | Should -Be 'after'
            $stored.Tag.team | Should -Be 'x'
            $stored.GrantUserPermissionsAccess | Should -BeFalse
            $stored.RateLimit | Should -Be 'PT1H:1000'
        }

        It 'keeps what somebody else changed in another field' {
            $client = Get-AuthressServiceClient $id
            Set-AuthressServiceClient $id -Tag @{ by = 'another' }
            $client.Name = 'after'
            $client | Set-AuthressServiceClient
            $stored = Get-StoredClient $id
            $stored.Name | Should -Be 'after'
            $stored.Tag.by | Should -Be 'another'
        }

        It 'refuses to overwrite what somebody else changed in the same field' {
            $client = Get-AuthressServiceClient $id
            Set-AuthressServiceClient $id -Name theirs
            $client.Name = 'mine'
            $client | Set-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'EditConflict,*'
            (Get-StoredClient $id).Name | Should -Be 'theirs'
        }

        It 'sends no change where nothing is different' {
            Clear-EmulatorRequest
            Set-AuthressServiceClient $id -Name before -Tag 'env=prod'
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        }

        It 'empties only the fields that -Clear names' {
            Set-AuthressServiceClient $id -Clear Tag, RateLimit
            $stored = Get-StoredClient $id
            $stored.Tag.Count | Should -Be 0
            $stored.RateLimit | Should -BeNullOrEmpty
            $stored.Name | Should -Be 'before'
        }

        It 'empties nothing by an empty value' {
            Set-AuthressServiceClient $id -Name '' -Tag $null -RateLimit ''
            $stored = Get-StoredClient $id
            $stored.Name | Should -Be 'before'
            $stored.Tag.env | Should -Be 'prod'
            $stored.RateLimit | Should -Be 'PT1H:1000'
        }

        It 'refuses to set and clear the same field' {
            Set-AuthressServiceClient $id -Name after -Clear Name -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'ClearedAndSet,*'
            (Get-StoredClient $id).Name | Should -Be 'before'
        }

        It 'works under its other name' {
            Update-AuthressServiceClient $id -Name after
            (Get-StoredClient $id).Name | Should -Be 'after'
        }
    }

    Context 'Remove-AuthressServiceClient' {
        It 'deletes the client and no other' {
            $kept = Add-StoredClient kept
            $gone = Add-StoredClient gone
            Remove-AuthressServiceClient $gone -Confirm:$false | Should -BeNullOrEmpty
            (Get-StoredClient).ClientId | Should -Be $kept
        }

        It 'deletes a hundred piped clients and no other' {
            $kept = Add-StoredClient kept
            foreach ($number in 1..100) { $null = Add-StoredClient "batch $number" }
            Get-AuthressServiceClient -Name 'batch *' | Remove-AuthressServiceClient -Confirm:$false
            (Get-StoredClient).ClientId | Should -Be $kept
        }

        It 'does not delete the client that the connection signs in as, unless forced to' {
            Remove-AuthressServiceClient $emulator.ClientId -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'OwnServiceClient,*'
            Test-AuthressConnection -Quiet | Should -BeTrue
            Remove-AuthressServiceClient $emulator.ClientId -Confirm:$false -Force
            Test-AuthressConnection -Quiet | Should -BeFalse
        }
    }
}
