# The service client cmdlets in a real session. ServiceClientCommandTests, MergeTests, ListingTests and CsvTests have the rules.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'A service client' {
    BeforeEach { Clear-Emulator }

    It 'is created, found, changed and deleted' {
        $kept = Add-StoredClient kept
        $client = New-AuthressServiceClient demo -Tag @{ env = 'prod'; team = 'a' } -GrantUserPermissionsAccess $true -RateLimit PT1H:1000
        $client | Should -BeOfType ([Authress.ServiceClient])
        $stored = Get-StoredClient $client.ClientId
        $stored.Name, $stored.Tag.team, $stored.RateLimit, $stored.GrantUserPermissionsAccess | Should -Be @('demo', 'a', 'PT1H:1000', $true)

        "$(Get-AuthressServiceClient $client.ClientId)" | Should -Be $client.ClientId
        (Get-AuthressServiceClient -Name 'd*' -Tag 'env=prod;team=*').ClientId | Should -Be $client.ClientId

        $client.Name = 'after'
        $client | Set-AuthressServiceClient | Should -BeNullOrEmpty
        (Update-AuthressServiceClient $client.ClientId -Clear Tag -PassThru).Tag.Count | Should -Be 0
        $stored = Get-StoredClient $client.ClientId
        $stored.Name, $stored.Tag.Count, $stored.RateLimit | Should -Be @('after', 0, 'PT1H:1000')

        $client | Remove-AuthressServiceClient -Confirm:$false | Should -BeNullOrEmpty
        (Get-StoredClient).ClientId | Should -Be $kept
    }

    It 'keeps what another caller changed, and refuses to overwrite it' {
        $id = Add-StoredClient before
        $client = Get-AuthressServiceClient $id
        Set-AuthressServiceClient $id -Name theirs -Tag @{ by = 'another' }
        $client.GrantUserPermissionsAccess = $true
        $client | Set-AuthressServiceClient
        (Get-StoredClient $id).Tag.by | Should -Be 'another'
        $client = Get-AuthressServiceClient $id
        Set-AuthressServiceClient $id -Name again
        $client.Name = 'mine'
        $client | Set-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'EditConflict,*'
        (Get-StoredClient $id).Name | Should -Be 'again'
    }
}

Describe 'A list of service clients' {
    BeforeEach {
        Clear-Emulator
        foreach ($number in 1..45) { $null = Add-StoredClient "client $number" }
        Clear-EmulatorRequest
    }

    It 'has every page, and is deleted as a whole' {
        @(Get-AuthressServiceClient).Count | Should -Be 46
        Get-AuthressServiceClient -Name 'client *' | Remove-AuthressServiceClient -Confirm:$false
        Get-StoredClient | Should -BeNullOrEmpty
    }

    It 'ends when Select-Object has enough' {
        @(Get-AuthressServiceClient | Select-Object -First 2).Count | Should -Be 2
        @(Get-EmulatorRequest).Count | Should -Be 1
    }

    It 'is read page by page' {
        @(Get-AuthressServiceClient -PageSize 20 -NoAutoPaging -NextCursorVariable cursor).Count | Should -Be 20
        $rest = Get-AuthressServiceClient -PageSize 20 -Cursor $cursor -NoAutoPaging -NextCursorVariable cursor
        $rest[0].Name | Should -Be 'client 20'
        $cursor | Should -Not -BeNullOrEmpty
    }

    It 'is a table with the keys counted' {
        $id = Add-StoredClient 'Nightly invoices'
        $null = Add-StoredKey $id
        Get-AuthressServiceClient $id | Format-Table | Out-String -Width 120 | Should -Match "$id\s+Nightly invoices\s+1/5"
    }
}
