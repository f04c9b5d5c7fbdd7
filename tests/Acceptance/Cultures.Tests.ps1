# Numbers, dates and letters are written in other ways elsewhere; ids, tags, limits and JSON are not.
BeforeDiscovery {
    # Turkish and Azerbaijani have an i of their own; Arabic, Persian and Thai calendars count other years; German and French swap . and ,
    $script:cultures = 'tr-TR', 'az-Latn-AZ', 'ar-SA', 'fa-IR', 'th-TH', 'de-DE', 'fr-FR' | ForEach-Object { @{ Culture = $_ } }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    # A date in the past, so that nobody waits for it.
    Add-EmulatorFault -Method POST -Fault @{ status = 429; retryAfter = 'Wed, 21 Oct 2015 07:28:00 GMT' } -Times 1

    # One shell for all cultures, in the order above: what is cached is cached in the Turkish one.
    $shell = Invoke-Shell -Script @'
Import-Module Authress
Connect-Authress
foreach ($name in 'tr-TR', 'az-Latn-AZ', 'ar-SA', 'fa-IR', 'th-TH', 'de-DE', 'fr-FR') {
    [System.Threading.Thread]::CurrentThread.CurrentCulture = $name
    [System.Threading.Thread]::CurrentThread.CurrentUICulture = $name
    [cultureinfo]::DefaultThreadCurrentCulture = $name
    $client = New-AuthressServiceClient -Name "Importer $name" -Tag ([ordered] @{ ID = 'Istanbul 1,5'; team = 'i' }) -RateLimit @{ Duration = 'PT1H'; Quota = 12345 } -Grantuserpermissionsaccess $true
    $key = $client | New-AuthressAccessKey
    $read = Get-AuthressServiceClient -Clientid $client.ClientId
    $rows = @($read | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv)
    $rows | Set-AuthressServiceClient
    $rows[0].RateLimit = 'PT5M:2500'
    $rows[0].GrantUserPermissionsAccess = 'FALSE'
    $changed = $rows | Set-AuthressServiceClient -PassThru
    'nope' | Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
    ConvertTo-Json -Compress -Depth 3 @{
        culture  = [cultureinfo]::CurrentCulture.Name
        clientId = $client.ClientId
        keyId    = $key.KeyId
        keyWorks = $key | Test-AuthressAccessKey -Quiet
        created  = $read.CreatedTime.UtcDateTime.ToString('o', [cultureinfo]::InvariantCulture)
        json     = $read | ConvertTo-Json -Depth 5
        key      = Get-AuthressAccessKey $client.ClientId | ConvertTo-Json -Depth 5
        tag      = "$($read.Tag)"
        limit    = "$($read.RateLimit)"
        csv      = $rows[0]
        changed  = "$($changed.RateLimit)"
        found    = @(Get-AuthressServiceClient -Name "importer $name").ClientId
        byTag    = @(Get-AuthressServiceClient -Tag 'team=i' | Where-Object ClientId -EQ $client.ClientId).Count
        table    = Get-AuthressServiceClient $client.ClientId | Format-Table | Out-String -Width 120
        error    = $problem[0].FullyQualifiedErrorId
        text     = "$($problem[0])"
    }
}
'@
    $script:errorOutput = $shell.ErrorOutput
    $script:seen = $shell.Line | ForEach-Object { $_ | ConvertFrom-Json }
    $script:requests = Get-EmulatorRequest -Changing
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Another culture' {
    It 'is no reason for an error' {
        $errorOutput | Should -BeNullOrEmpty
        $seen.culture | Should -Be @('tr-TR', 'az-Latn-AZ', 'ar-SA', 'fa-IR', 'th-TH', 'de-DE', 'fr-FR')
    }

    Context '<Culture>' -ForEach $cultures {
        BeforeAll {
            $script:one = $seen | Where-Object culture -EQ $Culture
            $script:stored = Get-StoredClient $one.clientId
        }

        It 'stores what was given' {
            $stored.Name | Should -Be "Importer $Culture"
            $stored.Tag.ID | Should -BeExactly 'Istanbul 1,5'
            $stored.KeyId | Should -BeExactly $one.keyId
            $one.keyWorks | Should -BeTrue
        }

        It 'reads tags and limits as they are written everywhere' {
            $one.tag | Should -BeExactly 'ID=Istanbul 1,5;team=i'
            $one.limit | Should -BeExactly 'PT1H:12345'
        }

        It 'reads dates of this century' {
            $age = [datetime]::UtcNow - [datetime]::Parse($one.created, [cultureinfo]::InvariantCulture, 'RoundtripKind')
            $age.TotalMinutes | Should -BeGreaterThan -5
            $age.TotalMinutes | Should -BeLessThan 60
        }

        It 'writes JSON that every reader understands' -Skip:($PSVersionTable.PSEdition -ne 'Core') {
            $json = $one.json | ConvertFrom-Json
            $json.ClientId | Should -BeExactly $one.clientId
            ([datetime] $json.CreatedTime).ToUniversalTime().Year | Should -Be ([datetime]::UtcNow.Year)
            $key = $one.key | ConvertFrom-Json
            $key.KeyId | Should -BeExactly $one.keyId
            ([datetime] $key.GenerationDate).ToUniversalTime().Year | Should -Be ([datetime]::UtcNow.Year)
        }

        It 'takes an edited row of CSV back, and sends nothing for a row as it was' {
            $one.changed | Should -BeExactly 'PT5M:2500'
            $stored.RateLimit | Should -BeExactly 'PT5M:2500'
            $stored.GrantUserPermissionsAccess | Should -BeFalse
            @($requests | Where-Object { $_.method -eq 'PUT' -and $_.target -eq "/v1/clients/$($one.clientId)" }).Count | Should -Be 1
        }

        It 'finds a client by its name in other letters, and by its tag' {
            $one.found | Should -BeExactly $one.clientId
            $one.byTag | Should -Be 1
        }

        It 'shows the client and its keys in a table' {
            $one.table | Should -Match "$($one.clientId) +Importer $Culture +1/5"
        }

        It 'names an error by the same id' {
            $one.error | Should -Be 'NotFound,Authress.PowerShell.ServiceClients.GetAuthressServiceClientCommand'
            $one.text | Should -Match 'nope'
        }
    }
}
