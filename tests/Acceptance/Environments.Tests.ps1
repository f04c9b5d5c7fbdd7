# The environments that people and companies set up: profiles, default parameter values, prefixes, a constrained language.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'The main job' {
    BeforeEach {
        Clear-Emulator
    }

    It 'works for every cmdlet under a profile that is strict and stops at every error' -Skip:($PSVersionTable.PSEdition -ne 'Core' -or $IsWindows) {
        # A home folder of its own: on Windows a profile lies in the documents folder, wherever HOME points.
        $profileFolder = Join-Path $TestDrive '.config/powershell'
        $null = New-Item -ItemType Directory -Path $profileFolder
        Set-Content -LiteralPath (Join-Path $profileFolder 'profile.ps1') -Value 'Set-StrictMode -Version Latest', '$ErrorActionPreference = "Stop"'
        $shell = Invoke-Shell -LoadProfile -Environment @{ HOME = "$TestDrive"; XDG_CONFIG_HOME = Join-Path $TestDrive '.config'; XDG_DATA_HOME = Join-Path $TestDrive '.local/share' } -Script @'
try { $null = $neverSet } catch { "strict $ErrorActionPreference" }
Import-Module Authress
Connect-Authress
"connected $((Get-AuthressConnection).ClientId)"
"test $((Test-AuthressConnection).Success)"
$client = New-AuthressServiceClient -Name strict -Tag @{ env = 'prod' } -RateLimit PT1H:1000 -GrantUserPermissionsAccess $true
$client.Tag['team'] = 'a'
$client | Set-AuthressServiceClient
Update-AuthressServiceClient $client.ClientId -Name stricter -Clear RateLimit
$key = $client | New-AuthressAccessKey
"key $($key | Test-AuthressAccessKey -Quiet)"
$old = $client | New-AuthressAccessKey
$old | Remove-AuthressAccessKey -Confirm:$false
"kept $(($client | Get-AuthressAccessKey).KeyId -eq $key.KeyId)"
"request $((Invoke-AuthressRequest -Path "v1/clients/$($client.ClientId)").name)"
"table $((Get-AuthressServiceClient | Format-Table | Out-String) -match "$($client.ClientId) +stricter +1/5")"
"list $(($key, $client, (Get-AuthressConnection), (Test-AuthressConnection) | Format-List | Out-String).Length -gt 400)"
"parameter $((TabExpansion2 'Get-AuthressServiceClient -Cli' 30).CompletionMatches[0].CompletionText)"
"value $((TabExpansion2 'Remove-AuthressServiceClient stricter' 37).CompletionMatches[0].CompletionText.Trim("'") -eq $client.ClientId)"
try { Get-AuthressServiceClient nope } catch { "error $($_.FullyQualifiedErrorId.Split(',')[0])" }
Get-AuthressServiceClient -Name strict* | Remove-AuthressServiceClient -Confirm:$false
"left $(@(Get-AuthressServiceClient).Count)"
Disconnect-Authress
"disconnected $($null -eq (Get-AuthressConnection))"
'@
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.Line | Should -Be @(
            'strict Stop', "connected $($emulator.ClientId)", 'test True', 'key True', 'kept True', 'request stricter', 'table True', 'list True'
            'parameter -ClientId', 'value True', 'error NotFound', 'left 1', 'disconnected True')
        $shell.ExitCode | Should -Be 0
        Get-StoredClient | Should -BeNullOrEmpty
    }

    It 'uses the connection that $PSDefaultParameterValues names' {
        $shell = Invoke-Shell -Script @'
Import-Module Authress
$PSDefaultParameterValues['*-Authress*:Connection'] = Connect-Authress -PassThru
Disconnect-Authress
$client = New-AuthressServiceClient -Name defaults
$client | Set-AuthressServiceClient -Name changed
$key = $client | New-AuthressAccessKey
"test $(Test-AuthressConnection -Quiet) $($key | Test-AuthressAccessKey -Quiet)"
"request $((Invoke-AuthressRequest -Path "v1/clients/$($client.ClientId)").name)"
"keys $(($client | Get-AuthressAccessKey).KeyId -eq $key.KeyId)"
$key | Remove-AuthressAccessKey -Confirm:$false
Get-AuthressServiceClient -Name changed | Remove-AuthressServiceClient -Confirm:$false
$PSDefaultParameterValues.Clear()
try { Get-AuthressServiceClient } catch { "cleared $($_.FullyQualifiedErrorId.Split(',')[0])" }
'@
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.Line | Should -Be @('test True True', 'request changed', 'keys True', 'cleared NotConnected')
        @(Get-EmulatorRequest -Changing).method | Should -Be @('POST', 'PUT', 'POST', 'DELETE', 'DELETE')
        Get-StoredClient | Should -BeNullOrEmpty
    }

    It 'works with a prefix of the user''s own' {
        $shell = Invoke-Shell -Script @'
Import-Module Authress -Prefix My
Connect-MyAuthress
$client = New-MyAuthressServiceClient -Name prefixed
$client | Update-MyAuthressServiceClient -Tag @{ a = 'b' }
$key = $client | New-MyAuthressAccessKey
"key $($key | Test-MyAuthressAccessKey -Quiet) $((Get-MyAuthressAccessKey $client).KeyId -eq $key.KeyId)"
"table $((Get-MyAuthressServiceClient | Out-String) -match "$($client.ClientId) +prefixed +1/5")"
"value $((TabExpansion2 'Get-MyAuthressServiceClient pre' 31).CompletionMatches[0].CompletionText.Trim("'") -eq $client.ClientId)"
'@
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.Line | Should -Be @('key True True', 'table True', 'value True')
        (Get-StoredClient).Tag.a | Should -Be 'b'
    }

    It 'works in the constrained language' {
        $shell = Invoke-Shell -Script @'
Import-Module Authress
$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
Connect-Authress
$client = New-AuthressServiceClient -Name constrained -Tag @{ env = 'prod' } -RateLimit PT1H:1000
"made $($client.Name) $($client.Tag) $($client.RateLimit)"
$client | Set-AuthressServiceClient -Name changed -Tag @{ env = 'test' }
$key = $client | New-AuthressAccessKey
"key $($key | Test-AuthressAccessKey -Quiet) $((Get-AuthressAccessKey $client.ClientId).KeyId -eq $key.KeyId)"
"csv $((Get-AuthressServiceClient $client.ClientId | Select-Object Name, Tag, RateLimit | ConvertTo-Csv -NoTypeInformation)[1])"
"json $((Get-AuthressServiceClient $client.ClientId | Select-Object ClientId, Name | ConvertTo-Json | ConvertFrom-Json).Name)"
"test $((Test-AuthressConnection).Success)"
"table $((Get-AuthressServiceClient $client.ClientId | Out-String) -match "$($client.ClientId) +changed +1/5 +env=test")"
"list $((Get-AuthressAccessKey $client.ClientId | Format-List | Out-String) -match "KeyId +: $($key.KeyId)")"
$client.ClientId, 'nope' | Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem | ForEach-Object { "found $($_.Name)" }
"error $($problem[0].FullyQualifiedErrorId)"
$key | Remove-AuthressAccessKey -Confirm:$false
Get-AuthressServiceClient -Name changed | Remove-AuthressServiceClient -WhatIf
Get-AuthressServiceClient -Name changed | Where-Object Name -EQ changed | Remove-AuthressServiceClient -Confirm:$false
"mode $($ExecutionContext.SessionState.LanguageMode)"
'@
        $shell.ErrorOutput | Should -BeNullOrEmpty
        $shell.Line | Where-Object { $_ -notlike 'What if:*' } | Should -Be @(
            'made constrained env=prod PT1H:1000', 'key True True', 'csv "changed","env=test","PT1H:1000"', 'json changed', 'test True', 'table True', 'list True', 'found changed'
            'error NotFound,Authress.PowerShell.ServiceClients.GetAuthressServiceClientCommand', 'mode ConstrainedLanguage')
        Get-StoredClient | Should -BeNullOrEmpty
    }
}
