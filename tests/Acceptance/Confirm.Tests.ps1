BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Confirmation' {
    BeforeEach {
        Clear-Emulator
        $script:ids = 'one', 'two', 'three' | ForEach-Object { Add-StoredClient $_ }
        $script:keyId = (Add-StoredKey $ids[0]).KeyId
    }

    It 'is asked for by Remove-AuthressServiceClient, and <Answer> leaves <Left>' -ForEach @(
        @{ Answer = 'y', 'n', 'y'; Left = 'two' }
        @{ Answer = 'n', 'y', 'n'; Left = 'one', 'three' }
        @{ Answer = , 'a'; Left = @() }
        @{ Answer = , 'l'; Left = 'one', 'two', 'three' }
        @{ Answer = 'y', 'l'; Left = 'two', 'three' }
    ) {
        $shell = Invoke-Shell -Answer $Answer -Script "Connect-Authress; '$($ids -join "', '")' | Remove-AuthressServiceClient; 'end'"
        $shell.Line[-1] | Should -Match 'end$'
        @(Get-StoredClient | ForEach-Object { $_.Name }) | Should -Be @($Left)
    }

    It 'names the client and says what is lost' {
        $shell = Invoke-Shell -Answer 'n' -Script "Connect-Authress; Get-AuthressServiceClient $($ids[0]) | Remove-AuthressServiceClient"
        $shell.Output | Should -Match "'one' \($($ids[0])\) and all its access keys\?"
        (Get-StoredClient).Count | Should -Be 3
    }

    It 'is asked for by Remove-AuthressAccessKey, and <Answer> leaves <Left> key' -ForEach @(
        @{ Answer = 'y'; Left = 0 }
        @{ Answer = 'n'; Left = 1 }
    ) {
        $null = Invoke-Shell -Answer $Answer -Script "Connect-Authress; Remove-AuthressAccessKey $($ids[0]) $keyId"
        (Get-StoredClient $ids[0]).KeyId.Count | Should -Be $Left
    }

    It 'is not silenced by -Force' {
        $null = Invoke-Shell -Answer 'n' -Script "Connect-Authress; Remove-AuthressServiceClient $($ids[0]) -Force"
        (Get-StoredClient).Count | Should -Be 3
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

    It 'is asked for by what only makes or changes where the preference is Medium' {
        $shell = Invoke-Shell -Answer 'n' -Script '$ConfirmPreference = "Medium"; Connect-Authress; New-AuthressServiceClient other'
        $shell.Output | Should -Match '\[Y\] Yes'
        (Get-StoredClient).Name | Should -Be @('one', 'two', 'three')
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

    It 'can not be had with -NonInteractive: an error says so, and nothing is deleted' {
        $shell = Invoke-Shell -Script @"
`$ErrorActionPreference = 'Stop'
Connect-Authress
try { Remove-AuthressServiceClient $($ids[0]) } catch { `$_.FullyQualifiedErrorId; "`$_" }
try { Remove-AuthressAccessKey $($ids[0]) $keyId } catch { `$_.FullyQualifiedErrorId }
"@
        $shell.Line[0] | Should -Be 'InvalidOperation,Authress.PowerShell.ServiceClients.RemoveAuthressServiceClientCommand'
        $shell.Output | Should -Match 'NonInteractive'
        $shell.Line[-1] | Should -Be 'InvalidOperation,Authress.PowerShell.AccessKeys.RemoveAuthressAccessKeyCommand'
        (Get-StoredClient).Count | Should -Be 3
        (Get-StoredClient $ids[0]).KeyId | Should -Be $keyId
    }

    It 'is not needed with -NonInteractive for what only makes or changes' {
        $shell = Invoke-Shell -Script "Connect-Authress; Set-AuthressServiceClient $($ids[0]) -Name renamed; (New-AuthressServiceClient new).Name"
        $shell.Output | Should -Be 'new'
        (Get-StoredClient $ids[0]).Name | Should -Be 'renamed'
    }
}
