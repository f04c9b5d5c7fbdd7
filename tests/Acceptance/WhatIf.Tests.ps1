BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:changing = Get-Command -Module Authress -CommandType Cmdlet | Where-Object { $_.Verb -in 'New', 'Set', 'Remove', 'Invoke' } | ForEach-Object { @{ Name = $_.Name } }
    $script:calls = @(
        @{ What = 'New-AuthressServiceClient'; Call = { New-AuthressServiceClient demo -GrantTokenGeneration $true -WarningAction SilentlyContinue @more } }
        @{ What = 'New-AuthressServiceClient with rows'; Call = { 'Name', 'a', 'b' | ConvertFrom-Csv | New-AuthressServiceClient @more } }
        @{ What = 'Set-AuthressServiceClient with an id'; Call = { Set-AuthressServiceClient $id -Name other @more } }
        @{ What = 'Set-AuthressServiceClient with an edited object'; Call = { $client.Name = 'other'; $client | Set-AuthressServiceClient @more } }
        @{ What = 'Set-AuthressServiceClient -Clear'; Call = { Set-AuthressServiceClient $id -Clear Name @more } }
        @{ What = 'Update-AuthressServiceClient'; Call = { Update-AuthressServiceClient $id -Name other @more } }
        @{ What = 'Remove-AuthressServiceClient'; Call = { Remove-AuthressServiceClient $id @more } }
        @{ What = 'Remove-AuthressServiceClient with all clients'; Call = { Get-AuthressServiceClient | Remove-AuthressServiceClient -Force @more } }
        @{ What = 'New-AuthressAccessKey'; Call = { New-AuthressAccessKey $id @more } }
        @{ What = 'New-AuthressAccessKey -AsPlainText'; Call = { New-AuthressAccessKey $id -AsPlainText @more } }
        @{ What = 'New-AuthressAccessKey -OutFile'; Call = { New-AuthressAccessKey $id -OutFile $file @more } }
        @{ What = 'New-AuthressAccessKey -OutFile -Force'; Call = { New-AuthressAccessKey $id -OutFile $taken -Force @more } }
        @{ What = 'Remove-AuthressAccessKey'; Call = { Remove-AuthressAccessKey $id $keyId @more } }
        @{ What = 'Remove-AuthressAccessKey with piped keys'; Call = { Get-AuthressAccessKey $id | Remove-AuthressAccessKey @more } }
        @{ What = 'Invoke-AuthressRequest POST'; Call = { Invoke-AuthressRequest v1/clients POST @{ name = 'x' } @more } }
        @{ What = 'Invoke-AuthressRequest PUT'; Call = { Invoke-AuthressRequest "v1/clients/$id" PUT @{ name = 'x' } @more } }
        @{ What = 'Invoke-AuthressRequest PATCH'; Call = { Invoke-AuthressRequest "v1/clients/$id" PATCH @{ name = 'x' } @more } }
        @{ What = 'Invoke-AuthressRequest DELETE'; Call = { Invoke-AuthressRequest "v1/clients/$id" DELETE @more } }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe '-WhatIf' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
        $script:keyId = (Add-StoredKey $id).KeyId
        $script:client = Get-AuthressServiceClient $id
        $script:file = Join-Path $TestDrive 'whatif.key'
        $script:taken = Join-Path $TestDrive 'taken.key'
        Set-Content -LiteralPath $taken -Value 'precious'
        $script:before = Get-StoredClient | ConvertTo-Json -Depth 5
        $script:filesBefore = (Get-ChildItem -LiteralPath $TestDrive -Force).Name -join ';'
        Clear-EmulatorRequest
    }

    It 'exists in <Name>, as does -Confirm' -ForEach $changing {
        $parameters = (Get-Command $Name).Parameters
        $parameters.ContainsKey('WhatIf') | Should -BeTrue
        $parameters.ContainsKey('Confirm') | Should -BeTrue
    }

    It 'sends nothing and touches nothing: <What>' -ForEach $calls {
        $script:more = @{ WhatIf = $true }
        & $Call | Should -BeNullOrEmpty
        Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        Get-StoredClient | ConvertTo-Json -Depth 5 | Should -Be $before
        (Get-ChildItem -LiteralPath $TestDrive -Force).Name -join ';' | Should -Be $filesBefore
        Get-Content -LiteralPath $taken | Should -Be 'precious'
    }

    It 'sends a change without it: <What>' -ForEach $calls {
        $script:more = @{ Confirm = $false; ErrorAction = 'Ignore' }
        $null = & $Call
        Get-EmulatorRequest -Changing | Should -Not -BeNullOrEmpty
        Remove-Item -LiteralPath $file -ErrorAction Ignore
    }

    It 'obeys the preference' {
        $WhatIfPreference = $true
        Remove-AuthressServiceClient $id
        New-AuthressServiceClient other
        $WhatIfPreference = $false
        Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
    }

    It 'describes the action and names the target by name and id' {
        $shell = Invoke-Shell -Script @"
Connect-Authress
Get-AuthressServiceClient $id | Remove-AuthressServiceClient -WhatIf
Set-AuthressServiceClient $id -Name other -Tag a=b -WhatIf
Remove-AuthressAccessKey $id $keyId -WhatIf
Invoke-AuthressRequest v1/clients/$id DELETE -WhatIf
"@
        $shell.Line.Count | Should -Be 4
        $shell.Line | ForEach-Object { $_ | Should -Match '^What if: ' }
        $shell.Line[0] | Should -Match "'billing' \($id\)"
        $shell.Line[1] | Should -Match "$id.*Name, Tag"
        $shell.Line[2] | Should -Match "$keyId.*$id"
        $shell.Line[3] | Should -Match "DELETE v1/clients/$id"
    }

    It 'reads all the same' {
        (Invoke-AuthressRequest "v1/clients/$id" -WhatIf).name | Should -Be 'billing'
    }
}
