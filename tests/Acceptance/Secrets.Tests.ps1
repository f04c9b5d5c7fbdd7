# The forms and recordings that a shell makes, in PowerShell and in Windows PowerShell. The rest is in the xUnit tests: every
# cmdlet, response and place of a session (Contract/SecretTests, CanaryPlacesTests), and malformed credentials (CredentialTests).
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    $script:own = Get-SecretPart $emulator.AccessKey
    # The start of every bearer token. A shorter piece of it can be in an id.
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
                # Windows encrypts a SecureString; Linux and macOS write it as hex.
                'CLIXML of a SecureString' { if ($PSVersionTable.PSEdition -eq 'Desktop' -or $IsWindows) { $canary } else { [System.Management.Automation.PSSerializer]::Serialize((ConvertTo-Secret $canary)) } }
            }
            Find-Secret $canary $place | Should -Not -BeNullOrEmpty
        }

        It 'finds nothing in other text' {
            Find-Secret $canary 'Other text, AAAA 0000.' | Should -BeNullOrEmpty
        }
    }

    # Every command that turns an object into text, and every object that stands for something secret.
    Context 'is in no <What> made from' -ForEach @(
        @{ What = 'table'; Convert = { $_ | Format-Table | Out-String -Width 400 } }
        @{ What = 'list of all properties'; Convert = { $_ | Format-List -Property * -Force | Out-String -Width 400 } }
        @{ What = 'custom view of all properties'; Convert = { $_ | Format-Custom -Property * -Depth 5 | Out-String -Width 400 } }
        @{ What = 'string'; Convert = { "$_ $($_.AccessKey) $($_.ClientSecret)" } }
        @{ What = 'JSON'; Convert = { $_ | ConvertTo-Json -Depth 5 -WarningAction SilentlyContinue } }
        @{ What = 'CSV'; Convert = { ($_ | ConvertTo-Csv) -join "`n" } }
        @{ What = 'XML'; Convert = { $_ | ConvertTo-Xml -As String -Depth 5 } }
        @{ What = 'HTML'; Convert = { ($_ | ConvertTo-Html) -join "`n" } }
        @{ What = 'CLIXML file'; Convert = { $file = Join-Path $TestDrive 'object.xml'; $_, @{ inner = $_ } | Export-Clixml -LiteralPath $file -Depth 10; [System.IO.File]::ReadAllText($file) } }
    ) {
        It '<Source>' -ForEach @(
            @{ Source = 'a new key'; Get = { $key } }
            @{ Source = 'a new key that a file received'; Get = { New-AuthressAccessKey $id -OutFile (Join-Path $TestDrive "$([guid]::NewGuid()).key") } }
            @{ Source = 'the keys of a client'; Get = { Get-AuthressAccessKey $id } }
            @{ Source = 'the test of a key'; Get = { $key | Test-AuthressAccessKey } }
            @{ Source = 'the connection'; Get = { Get-AuthressConnection } }
            @{ Source = 'the test of the connection'; Get = { Test-AuthressConnection } }
            @{ Source = 'the session''s variable'; Get = { Get-Variable -Name __Authress* -Scope Global } }
        ) {
            $objects = @(& $Get)
            $text = ($objects | ForEach-Object $Convert) -join "`n"
            $text | Should -Not -BeNullOrEmpty
            $secrets = @($own, $canary) + @($objects | Where-Object { $_.AccessKey -is [securestring] } | ForEach-Object { Get-SecretPart (ConvertFrom-Secret $_.AccessKey) })
            foreach ($secret in $secrets) { Find-Secret $secret $text | Should -BeNullOrEmpty }
        }
    }

    It 'does not leave a job, which warns of it: <Property> of <Command>' -ForEach @(
        @{ Command = 'New-AuthressAccessKey'; Arguments = '-ClientId {0}'; Property = 'AccessKey'; Advice = '-OutFile' }
        @{ Command = 'Get-AuthressAccessToken'; Arguments = ''; Property = 'Token'; Advice = '-AsPlainText' }
    ) {
        $make = {
            param($Manifest, $ApiUrl, $AccessKey, $Script)
            Import-Module $Manifest
            Connect-Authress $ApiUrl $AccessKey
            & ([scriptblock]::Create($Script))
        }
        $job = Start-Job -ScriptBlock $make -ArgumentList (Get-TestPath).Manifest, $emulator.ApiUrl, (ConvertTo-Secret $emulator.AccessKey), "$Command $($Arguments -f $id)"
        $warnings = $null
        $copy = Receive-Job -Job $job -Wait -AutoRemoveJob -WarningVariable warnings -WarningAction SilentlyContinue
        @($warnings).Count | Should -Be 1
        "$warnings" | Should -Match $Advice
        $copy.KeyId | Should -Not -BeNullOrEmpty
        $copy.PSObject.Properties[$Property] | Should -BeNullOrEmpty
    }

    It 'is not in the verbose, debug, warning and information streams' {
        # -Debug would prompt in Windows PowerShell.
        $DebugPreference = 'Continue'
        $all = New-AuthressAccessKey $id -Verbose -InformationAction Continue 4>&1 5>&1 3>&1 6>&1
        $made = $all | Where-Object { $_ -is [Authress.IssuedAccessKey] }
        $text = $all | Where-Object { $_ -isnot [Authress.IssuedAccessKey] } | Out-String -Width 400
        $text | Should -Match 'POST /v1/clients/'
        foreach ($secret in $own, (Get-SecretPart (ConvertFrom-Secret $made.AccessKey))) { Find-Secret $secret $text | Should -BeNullOrEmpty }
        $text | Should -Not -MatchExactly $token
    }

    Context 'is shown where it is asked for' {
        It 'by -AsPlainText, also to where the object is serialized' {
            $plain = New-AuthressAccessKey $id -AsPlainText
            $secret = Get-SecretPart $plain.AccessKey
            Find-Secret $secret ($plain | Format-List -Property * | Out-String -Width 400) | Should -Not -BeNullOrEmpty
            Find-Secret $secret ([System.Management.Automation.PSSerializer]::Serialize($plain, 8)) | Should -Not -BeNullOrEmpty
            $file = Join-Path $TestDrive 'plain.xml'
            $plain | Export-Clixml -LiteralPath $file
            (Import-Clixml -LiteralPath $file).AccessKey | Should -Be $plain.AccessKey
            Import-Clixml -LiteralPath $file | Test-AuthressAccessKey -Quiet | Should -BeTrue
        }

        It 'by -AsPlainText to another process, and without it is lost with a warning: <Property> of <Command>' -ForEach @(
            @{ Command = 'New-AuthressAccessKey'; Arguments = '-ClientId {0}'; Property = 'AccessKey'; Start = 'sc_'; Advice = '-OutFile' }
            @{ Command = 'Get-AuthressAccessToken'; Arguments = ''; Property = 'Token'; Start = 'eyJ'; Advice = '-AsPlainText' }
        ) {
            $run = "$Command $($Arguments -f $id)"
            $asked = Invoke-Shell -Script "Connect-Authress; $run -AsPlainText" -OutputFormat XML
            $asked.Output | Should -Match "<S N=""$Property"">$Start"
            $asked.ErrorOutput | Should -Not -Match $Advice
            $lost = Invoke-Shell -Script "Connect-Authress; $run" -OutputFormat XML
            $lost.Output | Should -Match 'KeyId'
            $lost.Output | Should -Not -Match "N=""$Property"""
            $lost.ErrorOutput | Should -Match $Advice
            $kept = Invoke-Shell -Script "Connect-Authress; `$made = $run; `$made.KeyId"
            $kept.ErrorOutput | Should -BeNullOrEmpty
        }
    }

    Context 'in a recorded session' {
        BeforeAll {
            Clear-Emulator
            $retried = Add-StoredClient retried
            Add-EmulatorFault -Method GET -Path "/v1/clients/$retried" -Times 2 -Fault @{ kind = 'status'; status = 503 }
            Add-EmulatorFault -Method POST -Path "/v1/clients/$retried/access-keys" -Fault 'actThenDrop'
            $session = @'
param($Transcript, $Result, $PlainTranscript, $Retried)
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
Get-AuthressServiceClient $Retried
New-AuthressAccessKey $Retried
$Error | Format-List * -Force
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
            $script:shell = Invoke-Shell -File $file -ArgumentList $transcript, $result, $plainTranscript, $retried
            $script:secret = Get-SecretPart ([System.IO.File]::ReadAllText($result))
            $script:recorded = [System.IO.File]::ReadAllText($transcript)
        }

        It 'is not in the transcript, the output and the errors' {
            $recorded | Should -Match 'POST /v1/clients/'
            $recorded | Should -Match 'recorded'
            # The two retries, and the command of the unknown outcome.
            @($recorded -split "`n" | Where-Object { $_ -match '503 ServiceUnavailable' -and $_ -match 'VERBOSE' }).Count | Should -BeGreaterOrEqual 2
            $recorded | Should -Match 'Remove-AuthressAccessKey'
            foreach ($text in $recorded, $shell.Output, $shell.ErrorOutput) {
                # The screen wraps long lines.
                $joined = $text -replace '\s', ''
                Find-Secret $secret $joined | Should -BeNullOrEmpty
                Find-Secret $own $joined | Should -BeNullOrEmpty
                $joined | Should -Not -MatchExactly $token
            }
        }

        It 'is in the transcript after -AsPlainText' {
            $shell.ExitCode | Should -Be 0
            ([System.IO.File]::ReadAllText($plainTranscript) -replace '\s', '') | Should -Match ('sc_' + '\w+\.\w{6}\.acc-')
        }
    }
}
