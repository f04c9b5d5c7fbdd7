BeforeDiscovery {
    $script:removals = @(
        @{ Case = 0; Answer = 'y', 'n', 'y'; Left = 'two' }
        @{ Case = 1; Answer = 'n', 'y', 'n'; Left = 'one', 'three' }
        @{ Case = 2; Answer = , 'a'; Left = @() }
        @{ Case = 3; Answer = , 'l'; Left = 'one', 'two', 'three' }
        @{ Case = 4; Answer = 'y', 'l'; Left = 'two', 'three' }
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

# A shell starts in a second, so one is asked all of this. It reads the answers in order.
Describe 'Confirmation at a prompt' -ForEach @{ Removals = $removals } {
    BeforeAll {
        Clear-Emulator
        $script:clients = @{}
        $parts = foreach ($case in $removals) {
            $clients[$case.Case] = 'one', 'two', 'three' | ForEach-Object { Add-StoredClient $_ }
            "'$($clients[$case.Case] -join "', '")' | Remove-AuthressServiceClient"
        }
        $script:named = Add-StoredClient named
        $parts += "Get-AuthressServiceClient $named | Remove-AuthressServiceClient"
        $script:forced = Add-StoredClient forced
        $parts += "Remove-AuthressServiceClient $forced -Force"
        $script:keys = @{}
        foreach ($answer in 'y', 'n') {
            $keys[$answer] = Add-StoredClient "key $answer"
            $parts += "Remove-AuthressAccessKey $($keys[$answer]) $((Add-StoredKey $keys[$answer]).KeyId)"
        }
        $parts += '$ConfirmPreference = "Medium"; New-AuthressServiceClient medium'
        # The input has ended by now.
        $script:unanswered = Add-StoredClient unanswered
        $parts += "try { Remove-AuthressServiceClient $unanswered } catch { `$_.FullyQualifiedErrorId }", '"end"'
        $answers = @($removals.Answer) + 'n', 'n', 'y', 'n', 'n'
        $script:shell = Invoke-Shell -Answer $answers -Script (@('Connect-Authress') + $parts -join "`n")
        $script:stored = Get-StoredClient
    }

    It 'reads each choice once, and continues' {
        $shell.Line[-1] | Should -Match 'end$'
        ([regex]::Matches($shell.Output, '\[Y\] Yes')).Count | Should -Be (@($removals.Answer).Count + 6)
    }

    It 'is an error once the input has ended, and nothing is deleted' {
        $shell.Output | Should -Match 'ConfirmationImpossible,Authress'
        $stored.ClientId | Should -Contain $unanswered
    }

    It 'is asked for by Remove-AuthressServiceClient, and <Answer> leaves <Left>' -ForEach $removals {
        @($stored | Where-Object { $_.ClientId -in $clients[$Case] } | ForEach-Object { $_.Name }) | Should -Be @($Left)
    }

    It 'names the client and says what is lost' {
        $shell.Output | Should -Match "'named' \($named\) and all its\s+access keys\?"
        $stored.ClientId | Should -Contain $named
    }

    It 'is asked for by Remove-AuthressAccessKey, and <Answer> leaves <Left> key' -ForEach @(
        @{ Answer = 'y'; Left = 0 }
        @{ Answer = 'n'; Left = 1 }
    ) {
        ($stored | Where-Object { $_.ClientId -eq $keys[$Answer] }).KeyId.Count | Should -Be $Left
    }

    It 'is not silenced by -Force' {
        $stored.ClientId | Should -Contain $forced
    }

    It 'is asked for by what only makes or changes where the preference is Medium' {
        $stored.Name | Should -Not -Contain 'medium'
    }
}

Describe 'Confirmation' {
    BeforeEach {
        Clear-Emulator
        $script:ids = 'one', 'two', 'three' | ForEach-Object { Add-StoredClient $_ }
        $script:keyId = (Add-StoredKey $ids[0]).KeyId
    }

    It 'is asked for by a change only with -Confirm, and No changes nothing' {
        $shell = Invoke-Shell -Answer 'n', 'n', 'n', 'n' -Script @"
Connect-Authress
New-AuthressServiceClient other -Confirm
Set-AuthressServiceClient $($ids[0]) -Name other -Confirm
New-AuthressAccessKey $($ids[1]) -OutFile '$(Join-Path $TestDrive 'asked.key')' -Confirm
Invoke-AuthressRequest v1/clients POST @{ name = 'other' } -Confirm
"@
        ([regex]::Matches($shell.Output, '\[Y\] Yes')).Count | Should -Be 4
        (Get-StoredClient).Name | Should -Be @('one', 'two', 'three')
        (Get-StoredClient $ids[1]).KeyId.Count | Should -Be 0
        Join-Path $TestDrive 'asked.key' | Should -Not -Exist
    }

    It 'is given beforehand with -Confirm:$false' {
        Remove-AuthressAccessKey $ids[0] $keyId -Confirm:$false
        (Get-StoredClient $ids[0]).KeyId.Count | Should -Be 0
        $ids | Remove-AuthressServiceClient -Confirm:$false
        Get-StoredClient | Should -BeNullOrEmpty
    }

    It 'is given beforehand with the preference' {
        $ConfirmPreference = 'None'
        Remove-AuthressServiceClient $ids[0]
        (Get-StoredClient).Name | Should -Be @('two', 'three')
    }

    It 'is an error with -NonInteractive, and nothing is deleted' {
        $shell = Invoke-Shell -Script @"
`$ErrorActionPreference = 'Stop'
Connect-Authress
try { Remove-AuthressServiceClient $($ids[0]) } catch { `$_.FullyQualifiedErrorId }
try { Remove-AuthressAccessKey $($ids[0]) $keyId } catch { `$_.FullyQualifiedErrorId }
"@
        $shell.Line[0] | Should -Be 'ConfirmationImpossible,Authress.PowerShell.ServiceClients.RemoveAuthressServiceClientCommand'
        $shell.Line[-1] | Should -Be 'ConfirmationImpossible,Authress.PowerShell.AccessKeys.RemoveAuthressAccessKeyCommand'
        (Get-StoredClient).Count | Should -Be 3
        (Get-StoredClient $ids[0]).KeyId | Should -Be $keyId
    }

    It 'is not needed with -NonInteractive for what only makes or changes' {
        $shell = Invoke-Shell -Script "Connect-Authress; Set-AuthressServiceClient $($ids[0]) -Name renamed; (New-AuthressServiceClient new).Name"
        $shell.Output | Should -Be 'new'
        (Get-StoredClient $ids[0]).Name | Should -Be 'renamed'
    }
}
