BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    $script:own = Get-SecretPart $emulator.AccessKey
    # How every bearer token begins. A shorter piece of it can be in an id.
    $script:token = 'eyJhbGciOi'
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'A secret' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
        $script:key = New-AuthressAccessKey $id
        $script:canary = Get-SecretPart (ConvertFrom-Secret $key.AccessKey)
    }

    Context 'The search itself' {
        It 'finds a secret as <_>' -ForEach 'text', 'text in a longer one', 'UTF-16 text', 'hex', 'hex of UTF-16', 'base64', 'base64 of a longer text', 'base64 of UTF-16', 'CLIXML of a SecureString' {
            $utf8 = [System.Text.Encoding]::UTF8.GetBytes($canary)
            $utf16 = [System.Text.Encoding]::Unicode.GetBytes($canary)
            $place = switch ($_) {
                'text' { $canary }
                'text in a longer one' { "before $canary after" }
                'UTF-16 text' { [System.Text.Encoding]::ASCII.GetString($utf16) }
                'hex' { [System.BitConverter]::ToString($utf8).Replace('-', '').ToLowerInvariant() }
                'hex of UTF-16' { [System.BitConverter]::ToString($utf16).Replace('-', '') }
                'base64' { [System.Convert]::ToBase64String($utf8) }
                'base64 of a longer text' { [System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes("ab$canary and more")) }
                'base64 of UTF-16' { [System.Convert]::ToBase64String($utf16) }
                # What a SecureString is in a file on Linux and macOS; on Windows it is encrypted.
                'CLIXML of a SecureString' { if ($PSVersionTable.PSEdition -eq 'Desktop' -or $IsWindows) { $canary } else { [System.Management.Automation.PSSerializer]::Serialize((ConvertTo-Secret $canary)) } }
            }
            Find-Secret $canary $place | Should -Not -BeNullOrEmpty
        }

        It 'finds nothing where there is nothing' {
            Find-Secret $canary 'Nothing to see here, AAAA 0000.' | Should -BeNullOrEmpty
        }
    }

    Context 'of a new key is not in' {
        It 'a table' { Find-Secret $canary ($key | Format-Table | Out-String -Width 400) | Should -BeNullOrEmpty }
        It 'a list of everything' { Find-Secret $canary ($key | Format-List -Property * -Force | Out-String -Width 400) | Should -BeNullOrEmpty }
        It 'a custom view of everything' { Find-Secret $canary ($key | Format-Custom -Property * -Depth 5 | Out-String -Width 400) | Should -BeNullOrEmpty }
        It 'a string' { Find-Secret $canary "$key $($key.AccessKey) $($key.ClientSecret)" | Should -BeNullOrEmpty }
        It 'JSON' { Find-Secret $canary ($key | ConvertTo-Json -Depth 5 -WarningAction SilentlyContinue) | Should -BeNullOrEmpty }
        It 'CSV' { Find-Secret $canary (($key | ConvertTo-Csv) -join "`n") | Should -BeNullOrEmpty }
        It 'XML' { Find-Secret $canary ($key | ConvertTo-Xml -As String -Depth 5) | Should -BeNullOrEmpty }
        It 'HTML' { Find-Secret $canary (($key | ConvertTo-Html) -join "`n") | Should -BeNullOrEmpty }

        It 'a file of Export-Clixml, where its id is' {
            $file = Join-Path $TestDrive 'key.xml'
            $key, @{ inner = $key } | Export-Clixml -LiteralPath $file -Depth 10
            $text = [System.IO.File]::ReadAllText($file)
            Find-Secret $canary $text | Should -BeNullOrEmpty
            # CLIXML writes an underscore before an x in another way.
            $text -replace '_x005F_', '_' | Should -Match $key.KeyId
        }

        It 'what a job returns' {
            $make = {
                param($Manifest, $ApiUrl, $AccessKey, $ClientId)
                Import-Module $Manifest
                Connect-Authress $ApiUrl $AccessKey
                New-AuthressAccessKey $ClientId
            }
            $job = Start-Job -ScriptBlock $make -ArgumentList (Get-TestPath).Manifest, $emulator.ApiUrl, (ConvertTo-Secret $emulator.AccessKey), $id
            $said = $null
            $copy = Receive-Job -Job $job -Wait -AutoRemoveJob -WarningVariable said -WarningAction SilentlyContinue
            # Whoever makes a key there is told before it is lost.
            @($said).Count | Should -Be 1
            "$said" | Should -Match '-OutFile'
            $copy.ClientId | Should -Be $id
            $copy.PSObject.Properties['AccessKey'] | Should -BeNullOrEmpty
        }

        It 'the verbose, debug, warning and information streams, though they speak' {
            # -Debug would ask in Windows PowerShell.
            $DebugPreference = 'Continue'
            $all = New-AuthressAccessKey $id -Verbose -InformationAction Continue 4>&1 5>&1 3>&1 6>&1
            $made = $all | Where-Object { $_ -is [Authress.IssuedAccessKey] }
            $spoken = $all | Where-Object { $_ -isnot [Authress.IssuedAccessKey] }
            @($spoken).Count | Should -BeGreaterThan 1
            $text = ($spoken | Out-String -Width 400) + ($spoken | ConvertTo-Json -Depth 3 -WarningAction SilentlyContinue)
            Find-Secret (Get-SecretPart (ConvertFrom-Secret $made.AccessKey)) $text | Should -BeNullOrEmpty
            $text | Should -Match 'POST /v1/clients/'
            Find-Secret $own $text | Should -BeNullOrEmpty
            $text | Should -Not -MatchExactly $token
        }

        It 'the answer of Test-AuthressAccessKey' {
            Find-Secret $canary ($key | Test-AuthressAccessKey | Format-List -Property * -Force | Out-String -Width 400) | Should -BeNullOrEmpty
        }

        It 'a list of the client''s keys' {
            Find-Secret $canary (Get-AuthressAccessKey $id | ConvertTo-Json -Depth 4 -WarningAction SilentlyContinue) | Should -BeNullOrEmpty
        }
    }

    Context 'of the connection is not in' {
        It '<Form>' -ForEach @(
            @{ Form = 'a list of everything'; Show = { Get-AuthressConnection | Format-List -Property * -Force | Out-String -Width 400 } }
            @{ Form = 'a custom view of everything'; Show = { Get-AuthressConnection | Format-Custom -Property * -Depth 5 | Out-String -Width 400 } }
            @{ Form = 'JSON'; Show = { Get-AuthressConnection | ConvertTo-Json -Depth 5 -WarningAction SilentlyContinue } }
            @{ Form = 'CLIXML'; Show = { [System.Management.Automation.PSSerializer]::Serialize((Get-AuthressConnection), 8) } }
            @{ Form = 'a string'; Show = { "$(Get-AuthressConnection)" } }
            @{ Form = 'the result of a test'; Show = { Test-AuthressConnection | ConvertTo-Json -Depth 4 -WarningAction SilentlyContinue } }
            @{ Form = 'the session''s variables'; Show = { Get-Variable -Name __Authress* -Scope Global | Format-List -Property * -Force | Out-String -Width 400 } }
        ) {
            # CLIXML writes an underscore before an x in another way, and an id may begin with one.
            $text = (& $Show) -replace '_x005F_', '_'
            $text | Should -Match $emulator.ClientId
            Find-Secret $own $text | Should -BeNullOrEmpty
        }

        It 'an error, whatever is asked of it' {
            $Error.Clear()
            Get-AuthressServiceClient nope -ErrorAction SilentlyContinue
            Add-EmulatorFault -Fault @{ status = 500 } -Times 0
            New-AuthressAccessKey $id -ErrorAction SilentlyContinue
            $Error.Count | Should -Be 2
            $text = ($Error | Format-List -Property * -Force | Out-String -Width 400) + ($Error.Exception | ForEach-Object { $_.ToString() }) +
                ($Error | ForEach-Object { [System.Management.Automation.PSSerializer]::Serialize($_, 5) })
            Find-Secret $own $text | Should -BeNullOrEmpty
            $text | Should -Not -MatchExactly $token
        }
    }

    Context 'given wrongly is not in the error' {
        It 'of Connect-Authress, where it came as <Form>' -ForEach @(
            @{ Form = 'plain text'; Call = { Connect-Authress $emulator.ApiUrl -AccessKey $text } }
            @{ Form = 'a truncated key'; Call = { Connect-Authress $emulator.ApiUrl -AccessKey (ConvertTo-Secret $text.Substring(0, $text.Length - 4)) } }
            @{ Form = 'a key with something after it'; Call = { Connect-Authress $emulator.ApiUrl -AccessKey (ConvertTo-Secret "$text!") } }
            @{ Form = 'a part of the address'; Call = { Connect-Authress "https://user:$own@example.com" (ConvertTo-Secret $text) } }
        ) {
            $script:text = $emulator.AccessKey
            $Error.Clear()
            $failed = $false
            try { & $Call } catch { $failed = $true; $shown = ($_ | Format-List -Property * -Force | Out-String -Width 400) + $_.Exception.ToString() + $_ }
            $failed | Should -BeTrue
            # The script's own line is PowerShell's, and holds only what stands in the script.
            Find-Secret ($own.Substring(0, $own.Length - 8)) $shown | Should -BeNullOrEmpty
        }
    }

    Context 'is shown where it is asked for' {
        It 'by -AsPlainText, and even then not in CLIXML' {
            $plain = New-AuthressAccessKey $id -AsPlainText
            $secret = Get-SecretPart $plain.AccessKey
            Find-Secret $secret ($plain | Format-List -Property * | Out-String -Width 400) | Should -Not -BeNullOrEmpty
            Find-Secret $secret ([System.Management.Automation.PSSerializer]::Serialize($plain, 8)) | Should -BeNullOrEmpty
        }

        It 'in the file of -OutFile, and in the object as SecureString alone' {
            $file = Join-Path $TestDrive 'shown.key'
            $saved = New-AuthressAccessKey $id -OutFile $file
            $secret = Get-SecretPart ([System.IO.File]::ReadAllText($file))
            Find-Secret $secret ($saved | Format-List -Property * -Force | Out-String -Width 400) | Should -BeNullOrEmpty
        }
    }

    Context 'in a session that is recorded' {
        BeforeAll {
            $session = @'
param($Transcript, $Result, $PlainTranscript)
$null = Start-Transcript -Path $Transcript
$VerbosePreference = 'Continue'
$DebugPreference = 'Continue'
Connect-Authress
Get-AuthressConnection
Test-AuthressConnection
$client = New-AuthressServiceClient recorded
$client
$key = $client | New-AuthressAccessKey
$key
$key | Format-List *
$key | ConvertTo-Json -WarningAction SilentlyContinue
Test-AuthressAccessKey $key.AccessKey
Get-AuthressServiceClient nope
$Error[0] | Format-List * -Force
Remove-AuthressServiceClient $client.ClientId -Confirm:$false
$null = Stop-Transcript
$null = Start-Transcript -Path $PlainTranscript
New-AuthressServiceClient plain | New-AuthressAccessKey -AsPlainText | Select-Object -ExpandProperty AccessKey
$null = Stop-Transcript
[System.IO.File]::WriteAllText($Result, (New-Object System.Net.NetworkCredential '', $key.AccessKey).Password)
'@
            $file = Join-Path $TestDrive 'session.ps1'
            Set-Content -LiteralPath $file -Value $session
            $transcript, $result, $script:plainTranscript = 'transcript.txt', 'secret.txt', 'plain.txt' | ForEach-Object { Join-Path $TestDrive $_ }
            $script:shell = Invoke-Shell -File $file -ArgumentList $transcript, $result, $plainTranscript
            $script:secret = Get-SecretPart ([System.IO.File]::ReadAllText($result))
            $script:recorded = [System.IO.File]::ReadAllText($transcript)
        }

        It 'is neither in the transcript nor on the screen nor among the errors' {
            $recorded | Should -Match 'POST /v1/clients/'
            $recorded | Should -Match 'recorded'
            foreach ($text in $recorded, $shell.Output, $shell.ErrorOutput) {
                # A long line is cut in two on a screen.
                $joined = $text -replace '\s', ''
                Find-Secret $secret $joined | Should -BeNullOrEmpty
                Find-Secret $own $joined | Should -BeNullOrEmpty
                $joined | Should -Not -MatchExactly $token
            }
        }

        It 'is not in what is said of further tries and of an unknown outcome' {
            $file = Join-Path $TestDrive 'faults.ps1'
            Set-Content -LiteralPath $file -Value @'
param($Transcript, $ClientId)
$null = Start-Transcript -Path $Transcript
$VerbosePreference = 'Continue'
$DebugPreference = 'Continue'
Connect-Authress
Get-AuthressServiceClient $ClientId
New-AuthressAccessKey $ClientId
Get-AuthressAccessKey $ClientId | Format-List *
$Error | Format-List * -Force
$null = Stop-Transcript
'@
            $transcript = Join-Path $TestDrive 'faults.txt'
            Add-EmulatorFault -Method GET -Path "/v1/clients/$id" -Times 2 -Fault @{ kind = 'status'; status = 503 }
            Add-EmulatorFault -Method POST -Path "/v1/clients/$id/access-keys" -Fault 'actThenDrop'
            $shell = Invoke-Shell -File $file -ArgumentList $transcript, $id
            $recorded = [System.IO.File]::ReadAllText($transcript)
            @($recorded -split "`n" | Where-Object { $_ -match '503 ServiceUnavailable' -and $_ -match 'VERBOSE' }).Count | Should -BeGreaterOrEqual 2
            $recorded | Should -Match 'Remove-AuthressAccessKey'
            @(Get-StoredClient $id).KeyId.Count | Should -Be 2
            foreach ($text in $recorded, $shell.Output, $shell.ErrorOutput) {
                # A long line is cut in two on a screen.
                $joined = $text -replace '\s', ''
                Find-Secret $own $joined | Should -BeNullOrEmpty
                Find-Secret $canary $joined | Should -BeNullOrEmpty
                $joined | Should -Not -MatchExactly $token
            }
        }

        It 'is in the transcript where it was put on the screen with -AsPlainText' {
            $shell.ExitCode | Should -Be 0
            ([System.IO.File]::ReadAllText($plainTranscript) -replace '\s', '') | Should -Match ('sc_' + '\w+\.\w{6}\.acc-')
        }
    }

    Context 'sent' {
        It 'is never in a request, for the key signs and stays' {
            $null = Test-AuthressAccessKey $key.AccessKey
            Find-Secret $canary (Get-EmulatorRequest | ConvertTo-Json -Depth 6) | Should -BeNullOrEmpty
            Find-Secret $own (Get-EmulatorRequest | ConvertTo-Json -Depth 6) | Should -BeNullOrEmpty
            (Get-EmulatorRequest).secretsLeftOut | Should -Not -Contain $true
        }
    }
}
