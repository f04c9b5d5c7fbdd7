# Keys that are made here or brought along, the scripts and files that they are delivered to, their proof, and tokens for other
# tools. Vaults.Tests.ps1 has the vaults.
BeforeDiscovery {
    $script:hasGit = [bool] (Get-Command git -CommandType Application -ErrorAction Ignore)
    $script:hasOpenSsh = [bool] (Get-Command ssh-keygen -CommandType Application -ErrorAction Ignore)
    $script:isDesktop = $PSVersionTable.PSEdition -eq 'Desktop'
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator

    function Get-KeyCount([string] $Of = $id) { (Get-StoredClient $Of).KeyId.Count }

    function Get-KeyRequest { @(Get-EmulatorRequest -Changing | Where-Object { $_.target -like '*/access-keys' }) }

    # What a script returns, and its one error, whether that ends the script or not.
    function Invoke-Case([scriptblock] $Script) {
        $ErrorActionPreference = 'Continue'
        $result = [pscustomobject]@{ Output = @(); Problem = $null; Id = '' }
        try { & $Script 2>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { $result.Problem = $_ } else { $result.Output += $_ } } }
        catch { $result.Problem = $_ }
        if ($result.Problem) { $result.Id = $result.Problem.FullyQualifiedErrorId.Split(',')[0] }
        $result
    }

    # The public half of a new pair, as the 44 bytes of its DER form: that of a client that is removed again.
    function Get-UnusedPublicKey {
        $owner = Add-StoredClient owner
        $null = Add-StoredKey $owner
        $key = (Get-AuthressAccessKey $owner).PublicKey
        Remove-AuthressServiceClient $owner -Confirm:$false
        Clear-EmulatorRequest
        , [System.Convert]::FromBase64String($key)
    }

    function ConvertTo-Form([byte[]] $Der, [string] $Form) {
        $raw = $Der[12..43]
        $base64 = [System.Convert]::ToBase64String($Der)
        $ssh = [byte[]] (0, 0, 0, 11) + [System.Text.Encoding]::ASCII.GetBytes('ssh-ed25519') + [byte[]] (0, 0, 0, 32) + $raw
        switch ($Form) {
            'base64 of its DER form' { $base64 }
            'its bytes' { , $Der }
            'its 32 bytes' { , [byte[]] $raw }
            'base64 of its 32 bytes' { [System.Convert]::ToBase64String($raw) }
            'PEM' { "-----BEGIN PUBLIC KEY-----`n$base64`n-----END PUBLIC KEY-----`n" }
            'lines of PEM' { '-----BEGIN PUBLIC KEY-----', $base64, '-----END PUBLIC KEY-----' }
            'a JWK' { '{"kty":"OKP","crv":"Ed25519","x":"' + [System.Convert]::ToBase64String($raw).TrimEnd('=').Replace('+', '-').Replace('/', '_') + '"}' }
            'a line of OpenSSH' { "ssh-ed25519 $([System.Convert]::ToBase64String($ssh)) somebody@example.com" }
        }
    }
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'A key that is made here' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
    }

    It 'works, and only its public half is sent' {
        $key = New-AuthressAccessKey $id -GenerateLocally
        $key | Should -BeOfType ([Authress.IssuedAccessKey])
        $result = Test-AuthressAccessKey $key.AccessKey
        $result.Works, $result.IsRegistered, $result.KeyId | Should -Be $true, $true, $key.KeyId
        (Get-KeyRequest).body | Should -Match '^\{"publicKey":"MCow[^"]+"\}$'
        $text = Get-EmulatorRequest | ConvertTo-Json -Depth 9
        Find-Secret (Get-SecretPart (ConvertFrom-Secret $key.AccessKey)) $text | Should -BeNullOrEmpty
    }

    It 'is plain text when asked to, and a file' {
        $plain = New-AuthressAccessKey $id -GenerateLocally -AsPlainText
        $plain.AccessKey.Split('.')[0..2] | Should -Be $id, $plain.KeyId, $emulator.AccountId
        $file = Join-Path $TestDrive 'local.key'
        $null = New-AuthressAccessKey $emulator.ClientId -GenerateLocally -OutFile $file
        Connect-Authress $emulator.ApiUrl -KeyFile $file
        Test-AuthressConnection -Quiet | Should -BeTrue
    }

    It 'is adopted after a lost response, and made once' {
        Add-EmulatorFault -Method POST -Path '*/access-keys' -Fault @{ kind = 'actThenDrop' }
        $key = New-AuthressAccessKey $id -GenerateLocally
        (Get-StoredClient $id).KeyId | Should -Be $key.KeyId
        Test-AuthressAccessKey $key.AccessKey -Quiet | Should -BeTrue
        Get-KeyRequest | Should -HaveCount 1
    }

    It 'is named by its public half where it can not be found, with a command that runs' {
        Add-EmulatorFault -Method POST -Path '*/access-keys' -Fault @{ kind = 'dropThenAct'; milliseconds = 12000 }
        $case = Invoke-Case { New-AuthressAccessKey $id -GenerateLocally }
        $case.Problem.Exception.OutcomeUnknown | Should -BeTrue
        $case.Output | Should -BeNullOrEmpty
        $command = [regex]::Match("$($case.Problem)", 'Get-AuthressAccessKey -ClientId \S+ -PublicKey \S+').Value
        $command | Should -BeLike "*$id*$($case.Problem.Exception.PublicKey)"
        & ([scriptblock]::Create($command)) | Should -BeNullOrEmpty
        $null = New-AuthressAccessKey $id -PublicKey $case.Problem.Exception.PublicKey
        (& ([scriptblock]::Create($command))).ClientId | Should -Be $id
    }

    It 'is not made, where <Why>' -ForEach @(
        @{ Why = 'the client has five keys'; ExpectedId = 'InvalidRequest'; Keys = 5; Sent = 1; Case = { 1..5 | ForEach-Object { $null = Add-StoredKey $id }; Clear-EmulatorRequest; New-AuthressAccessKey $id -GenerateLocally } }
        @{ Why = 'the connection may only read'; ExpectedId = 'ReadOnlyConnection'; Case = { Connect-Authress $emulator.ApiUrl (ConvertTo-Secret $emulator.AccessKey) -ReadOnly; New-AuthressAccessKey $id -GenerateLocally } }
        @{ Why = 'the account is unknown'; ExpectedId = 'AccountUnknown'; Case = { Connect-Authress $emulator.ApiUrl -AccessToken (ConvertTo-Secret 'opaque'); New-AuthressAccessKey $id -GenerateLocally } }
        @{ Why = 'the id of the client has a dot'; ExpectedId = 'InvalidValue'; Case = { New-AuthressAccessKey "$id.x" -GenerateLocally } }
        @{ Why = 'it is a rehearsal'; ExpectedId = ''; Case = { New-AuthressAccessKey $id -GenerateLocally -WhatIf } }
        @{ Why = 'a public key is brought along'; ExpectedId = 'AmbiguousParameterSet'; Case = { New-AuthressAccessKey $id -GenerateLocally -PublicKey (ConvertTo-Form (Get-UnusedPublicKey) 'PEM') } }
        @{ Why = 'creation is limited'; ExpectedId = 'TooManyRequests'; Sent = 1; Case = { Add-EmulatorFault -Method POST -Path '*/access-keys' -Times 0 -Fault @{ kind = 'status'; status = 429; retryAfter = '3600' }; New-AuthressAccessKey $id -GenerateLocally } }
    ) {
        Clear-EmulatorRequest
        $result = Invoke-Case $Case
        $result.Id | Should -Be $ExpectedId
        $result.Output | Should -BeNullOrEmpty
        Get-KeyCount | Should -Be ([int] $Keys)
        @(Get-KeyRequest).Count | Should -Be ([int] $Sent)
    }
}

Describe 'A public key' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
    }

    It 'is registered as <_>, returned without a secret, and found again' -ForEach 'base64 of its DER form', 'its bytes', 'its 32 bytes', 'base64 of its 32 bytes', 'PEM', 'lines of PEM', 'a JWK', 'a line of OpenSSH' {
        $der = Get-UnusedPublicKey
        $form = ConvertTo-Form $der $_
        $key = New-AuthressAccessKey $id -PublicKey $form
        $key | Should -BeOfType ([Authress.AccessKey])
        $key.PSObject.Properties['AccessKey'] | Should -BeNullOrEmpty
        $key.PublicKey | Should -Be ([System.Convert]::ToBase64String($der))
        (Get-StoredClient $id).KeyId | Should -Be $key.KeyId
        (Get-AuthressAccessKey $id -PublicKey $form).KeyId | Should -Be $key.KeyId
    }

    It 'of OpenSSH is registered from the pipeline, as from ssh-add -L' -Skip:(-not $hasOpenSsh) {
        $files = foreach ($number in 1, 2) { Join-Path $TestDrive "id_$number-$([guid]::NewGuid().ToString('N'))" }
        foreach ($file in $files) { ssh-keygen -q -t ed25519 -N '""' -C "key of $file" -f $file }
        $keys = Get-Content -LiteralPath "$($files[0]).pub", "$($files[1]).pub" | New-AuthressAccessKey -ClientId $id
        $keys | Should -HaveCount 2
        (Get-StoredClient $id).KeyId | Should -Be $keys.KeyId
        (Get-AuthressAccessKey $id -PublicKey (Get-Content -LiteralPath "$($files[1]).pub")).KeyId | Should -Be $keys[1].KeyId
    }

    It 'that is <Why> is an error, not a key that is not found' -ForEach @(
        @{ Why = 'of RSA'; Key = { 'ssh-rsa ' + [System.Convert]::ToBase64String([byte[]] (0, 0, 0, 7) + [System.Text.Encoding]::ASCII.GetBytes('ssh-rsa') + (1..40)) } }
        @{ Why = 'of X25519'; Key = { [System.Convert]::ToBase64String([byte[]] (0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 3, 0x21, 0) + (Get-UnusedPublicKey)[12..43]) } }
        @{ Why = 'of X25519 in PEM'; Key = { "-----BEGIN PUBLIC KEY-----`n" + [System.Convert]::ToBase64String([byte[]] (0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 3, 0x21, 0) + (Get-UnusedPublicKey)[12..43]) + "`n-----END PUBLIC KEY-----" } }
        @{ Why = '44 bytes with another head'; Key = { , ([byte[]]::new(12) + (Get-UnusedPublicKey)[12..43]) } }
        @{ Why = 'too short'; Key = { , [byte[]] (Get-UnusedPublicKey)[12..42] } }
        @{ Why = 'too long'; Key = { , ((Get-UnusedPublicKey) + [byte] 0) } }
        @{ Why = 'a private key'; Key = { "-----BEGIN PRIVATE KEY-----`n" + (Get-SecretPart $emulator.AccessKey) + "`n-----END PRIVATE KEY-----" } }
        @{ Why = 'an access key'; Key = { $emulator.AccessKey } }
        @{ Why = 'another text'; Key = { 'no key' } }
        @{ Why = 'two keys in one text'; Key = { (1, 2 | ForEach-Object { ConvertTo-Form (Get-UnusedPublicKey) 'a line of OpenSSH' }) -join "`n" } }
        @{ Why = 'empty'; Key = { '' } }
    ) {
        $value = & $Key
        Clear-EmulatorRequest
        foreach ($command in { New-AuthressAccessKey $id -PublicKey $value }, { Get-AuthressAccessKey $id -PublicKey $value }, { , $value | New-AuthressAccessKey -ClientId $id }) {
            $case = Invoke-Case $command
            $case.Id | Should -BeIn 'InvalidPublicKey', 'ParameterArgumentTransformationError', 'ParameterArgumentValidationError', 'ParameterArgumentValidationErrorEmptyStringNotAllowed', 'InputObjectNotBound', 'CredentialMisplaced'
            $case.Output | Should -BeNullOrEmpty
            Find-Secret (Get-SecretPart $emulator.AccessKey) "$($case.Problem)$($case.Problem.Exception)" | Should -BeNullOrEmpty
        }
        Get-EmulatorRequest | Should -BeNullOrEmpty
        Get-KeyCount | Should -Be 0
    }

    It 'piped without a client is an error' {
        $line = ConvertTo-Form (Get-UnusedPublicKey) 'a line of OpenSSH'
        (Invoke-Case { $line | New-AuthressAccessKey }).Id | Should -Be 'PublicKeyWithoutClient'
        Get-KeyRequest | Should -BeNullOrEmpty
    }
}

Describe 'A pair of scripts' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
        $script:place = $null
    }

    It 'saves and returns a key made <How>, as <As>' -ForEach @(
        foreach ($how in 'by Authress', 'here') {
            @{ How = $how; As = 'SecureString'; Save = { $script:place = $_.AccessKey }; Read = { $script:place } }
            @{ How = $how; As = 'text'; Save = { param($key) $script:place = ConvertFrom-Secret $key.AccessKey }; Read = { $script:place } }
            @{ How = $how; As = 'the output of a function that writes nothing else'; Save = { $script:place = $_; 'this is ignored' }; Read = { return $script:place.AccessKey } }
            @{ How = $how; As = 'a secret that the first read does not find'; Save = { $script:place = $_.AccessKey }; Read = { if (-not $script:place) { throw 'not found' }; $script:place } }
            @{ How = $how; As = 'a copy, while the script disposes of its own'; Save = { $script:place = $_.AccessKey.Copy(); $_.Dispose() }; Read = { $script:place } }
        }
    ) {
        $key = New-AuthressAccessKey $id -SaveScript $Save -ReadScript $Read -GenerateLocally:($How -eq 'here')
        (Get-StoredClient $id).KeyId | Should -Be $key.KeyId
        Test-AuthressAccessKey $key.AccessKey -Quiet | Should -BeTrue
        # Where the value is that of the caller's scope.
        (Connect-Authress $emulator.ApiUrl -ReadScript $Read -PassThru).KeyId | Should -Be $key.KeyId
    }

    It 'that <Why> is <Outcome>' -ForEach @(
        @{ Why = 'holds a value already'; Outcome = 'unusable'; Save = { $script:place = $_.AccessKey }; Read = { 'in use' } }
        @{ Why = 'calls a command that is missing to read'; Outcome = 'unusable'; Save = { $script:place = $_.AccessKey }; Read = { Read-NoSuchPlace } }
        @{ Why = 'can not be called with the key'; Outcome = 'not saved'; Save = { param([securestring] $Key) $script:place = $Key }; Read = { $script:place } }
        @{ Why = 'has several clauses'; Outcome = 'not saved'; Save = { begin { } process { $script:place = $_.AccessKey } }; Read = { $script:place } }
        @{ Why = 'throws when it saves'; Outcome = 'not saved'; Save = { throw 'boo' }; Read = { $script:place } }
        @{ Why = 'writes an error when it saves'; Outcome = 'not saved'; Save = { Write-Error 'boo'; $script:place = $_.AccessKey }; Read = { $script:place } }
        @{ Why = 'calls a command that is missing to save'; Outcome = 'not saved'; Save = { Save-ToNoSuchPlace }; Read = { $script:place } }
        @{ Why = 'runs a program that exits with 1'; Outcome = 'not saved'; Save = { $script:place = $_.AccessKey; & (Get-Process -Id $PID).Path '-no-such-option' 2>$null }; Read = { $script:place } }
        @{ Why = 'exits'; Outcome = 'not saved'; Save = { $script:place = $_.AccessKey; exit 3 }; Read = { $script:place } }
        @{ Why = 'breaks'; Outcome = 'not saved'; Save = { break }; Read = { $script:place } }
        @{ Why = 'continues'; Outcome = 'not saved'; Save = { continue }; Read = { $script:place } }
        @{ Why = 'returns nothing'; Outcome = 'not saved'; Save = { $script:place = $_.AccessKey }; Read = { } }
        @{ Why = 'returns an empty text'; Outcome = 'not saved'; Save = { }; Read = { '' } }
        @{ Why = 'returns another key'; Outcome = 'not saved'; Save = { $script:place = ConvertTo-Secret 'another' }; Read = { $script:place } }
        @{ Why = 'returns two objects'; Outcome = 'not saved'; Save = { $script:place = $_.AccessKey, $_.AccessKey }; Read = { $script:place } }
        @{ Why = 'returns an object of another kind'; Outcome = 'not saved'; Save = { $script:place = $_ }; Read = { $script:place } }
        @{ Why = 'returns a secret that it disposed of'; Outcome = 'not saved'; Save = { $script:place = $_.AccessKey; $_.Dispose() }; Read = { $script:place } }
        @{ Why = 'throws when it reads back'; Outcome = 'not saved'; Save = { $script:place = $_.AccessKey }; Read = { throw 'boo' } }
    ) {
        foreach ($more in @{}, @{ GenerateLocally = $true }) {
            $script:place = $null
            Clear-EmulatorRequest
            $before = Get-KeyCount
            $loops = 0
            $case = foreach ($once in 1) {
                Invoke-Case { New-AuthressAccessKey $id -SaveScript $Save -ReadScript $Read @more }
                $loops++
            }
            $loops | Should -Be 1
            if ($Outcome -eq 'unusable') {
                $case.Id | Should -Be 'DestinationUnusable'
                $case.Output | Should -BeNullOrEmpty
                Get-KeyRequest | Should -BeNullOrEmpty
                Get-KeyCount | Should -Be 0
            }
            else {
                $case.Id | Should -Be 'SecretNotSaved'
                Get-KeyCount | Should -Be ($before + 1)
                Test-AuthressAccessKey $case.Output.AccessKey -Quiet | Should -BeTrue
                Test-AuthressAccessKey $case.Problem.TargetObject.AccessKey -Quiet | Should -BeTrue
            }
        }
    }

    It 'leaves nothing in $Error where the first read finds nothing' {
        $Error.Clear()
        Write-Error 'earlier' -ErrorAction SilentlyContinue
        foreach ($read in { if (-not $script:place) { throw 'not found' }; $script:place }, { if (-not $script:place) { Write-Error 'not found' }; $script:place }, { if (-not $script:place) { Get-Item -LiteralPath (Join-Path $TestDrive 'no such file') }; $script:place }) {
            $script:place = $null
            $null = New-AuthressAccessKey $id -SaveScript { $script:place = $_.AccessKey } -ReadScript $read -ErrorVariable problem
            $script:place | Should -Not -BeNullOrEmpty
            $problem | Should -BeNullOrEmpty
            "$Error" | Should -Be 'earlier'
        }
    }

    It 'replaces what it holds with -Force' {
        $script:place = 'in use'
        $key = New-AuthressAccessKey $id -SaveScript { $script:place = $_.AccessKey } -ReadScript { $script:place } -Force
        ConvertFrom-Secret $script:place | Should -BeExactly (ConvertFrom-Secret $key.AccessKey)
    }

    It 'takes one key in a pipeline, and no second is made' {
        $case = Invoke-Case { $id, $id | New-AuthressAccessKey -SaveScript { $script:place = $_.AccessKey } -ReadScript { $script:place } }
        $case.Id | Should -Be 'DestinationTaken'
        Get-KeyCount | Should -Be 1
        ConvertFrom-Secret $script:place | Should -BeExactly (ConvertFrom-Secret $case.Output.AccessKey)
    }

    It 'connects not, where it <Why>' -ForEach @(
        @{ Why = 'throws'; Read = { throw 'boo' } }
        @{ Why = 'returns nothing'; Read = { } }
        @{ Why = 'returns two objects'; Read = { 'a'; 'b' } }
        @{ Why = 'exits'; Read = { exit 3 } }
    ) {
        { Connect-Authress $emulator.ApiUrl -ReadScript $Read } | Should -Throw -ErrorId 'SecretUnreadable,*'
        Get-AuthressConnection | Should -BeNullOrEmpty
    }
}

Describe 'A file in a git work tree' -Skip:(-not $hasGit) {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
        $script:tree = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $null = New-Item -ItemType Directory -Path (Join-Path $tree 'inner')
        git -C $tree init --quiet
        Set-Content -LiteralPath (Join-Path $tree '.gitignore') -Value '*.key'
    }

    It 'is saved with a warning where git does not ignore it, and without one where it does' {
        foreach ($name in 'plain.txt', 'inner/plain.txt') {
            $null = New-AuthressAccessKey $id -OutFile (Join-Path $tree $name) -WarningVariable warned -WarningAction SilentlyContinue
            $warned | Should -HaveCount 1
            "$warned" | Should -BeLike '*git*'
        }
        foreach ($path in (Join-Path $tree 'a.key'), (Join-Path $tree 'inner/b.key'), (Join-Path $TestDrive "$([guid]::NewGuid()).txt")) {
            $null = New-AuthressAccessKey $id -OutFile $path -WarningVariable warned -WarningAction SilentlyContinue
            $warned | Should -BeNullOrEmpty
        }
    }

    It 'is found through a link to a folder in it, and git ignores it there too' -Skip:($IsWindows -or $isDesktop) {
        $link = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        $null = New-Item -ItemType SymbolicLink -Path $link -Value (Join-Path $tree 'inner')
        $null = New-AuthressAccessKey $id -OutFile (Join-Path $link 'plain.txt') -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 1
        "$warned" | Should -BeLike '*git*'
        $null = New-AuthressAccessKey $id -OutFile (Join-Path $link 'b.key') -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeNullOrEmpty
    }

    It 'is warned of in a linked work tree, and where git is not on PATH' {
        git -C $tree -c user.name=n -c user.email=e@example.com commit --quiet --allow-empty -m first
        $linked = Join-Path $TestDrive ([guid]::NewGuid().ToString('N'))
        git -C $tree worktree add --quiet $linked 2>&1 | Out-Null
        $null = New-AuthressAccessKey $id -OutFile (Join-Path $linked 'a.txt') -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 1
        $path = $env:PATH
        try {
            $env:PATH = ''
            $null = New-AuthressAccessKey $id -OutFile (Join-Path $tree 'c.key') -WarningVariable warned -WarningAction SilentlyContinue
        }
        finally {
            $env:PATH = $path
        }
        $warned | Should -HaveCount 1
    }
}

Describe 'The test of a key' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
    }

    It 'says that a key works, does not work, or that nothing is proved, where <Why>' -ForEach @(
        @{ Why = 'it lists'; Works = $true; Registered = $true; Prepare = { } }
        @{ Why = 'it may not list'; Works = $true; Registered = $true; Own = $true; Prepare = { } }
        @{ Why = 'it was deleted'; Works = $false; Registered = $false; Own = $true; Prepare = { Remove-AuthressAccessKey $id $key.KeyId -Confirm:$false } }
        @{ Why = 'its client was deleted'; Works = $false; Registered = $null; Own = $true; Prepare = { Remove-AuthressServiceClient $id -Confirm:$false } }
        @{ Why = 'a proxy answers with a page'; Works = $null; Registered = $true; Prepare = { Add-EmulatorFault -Path '/v1/clients' -Times 0 -Fault @{ kind = 'html' } } }
        @{ Why = 'the server fails'; Works = $null; Registered = $true; Prepare = { Add-EmulatorFault -Path '/v1/clients' -Times 0 -Fault @{ kind = 'status'; status = 500 } } }
        @{ Why = 'it is throttled'; Works = $null; Registered = $true; Prepare = { Add-EmulatorFault -Path '/v1/clients' -Times 0 -Fault @{ kind = 'status'; status = 429; retryAfter = '600' } } }
        @{ Why = 'it is redirected'; Works = $null; Registered = $true; Prepare = { Add-EmulatorFault -Path '/v1/clients' -Times 0 -Fault @{ kind = 'redirect'; location = 'https://login.example.com' } } }
        @{ Why = 'a gateway refuses all alike'; Works = $null; Registered = $true; Prepare = { Add-EmulatorFault -Path '/v1/clients' -Times 0 -Fault @{ kind = 'status'; status = 403 } } }
    ) {
        $key = if ($Own) { $made = Add-StoredKey $id; [pscustomobject]@{ KeyId = $made.KeyId; Text = $made.Text } } else { [pscustomobject]@{ KeyId = $emulator.KeyId; Text = $emulator.AccessKey } }
        & $Prepare
        Connect-Authress $emulator.ApiUrl (ConvertTo-Secret $emulator.AccessKey) -MaximumRetryCount 0
        $secret = ConvertTo-Secret $key.Text
        $result = Test-AuthressAccessKey $secret
        $result.Works, $result.IsRegistered, $result.KeyId | Should -Be $Works, $Registered, $key.KeyId
        $quiet = Invoke-Case { Test-AuthressAccessKey $secret -Quiet }
        if ($null -eq $Works) {
            $result.Message | Should -Not -BeNullOrEmpty
            $quiet.Id | Should -Be 'AccessKeyNotTested'
            $quiet.Output | Should -BeNullOrEmpty
        }
        else {
            $quiet.Id | Should -Be ''
            $quiet.Output | Should -Be $Works
        }
    }

    It 'waits for a new key with -WaitSec, and says without it that it is too new' {
        Add-EmulatorFault -Method POST -Path '*/access-keys' -Times 2 -Fault @{ kind = 'keyNotYetUsable'; requests = 2 }
        $key = New-AuthressAccessKey $id
        $result = Test-AuthressAccessKey $key.AccessKey
        $result.Works, $result.IsRegistered | Should -Be $false, $true
        $key = New-AuthressAccessKey $id -GenerateLocally
        (Test-AuthressAccessKey $key.AccessKey -WaitSec 60).Works | Should -BeTrue
    }

    It 'reads a file' {
        $file = Join-Path $TestDrive 'test.key'
        $key = New-AuthressAccessKey $id -OutFile $file
        (Test-AuthressAccessKey -KeyFile $file).KeyId | Should -Be $key.KeyId
        { Test-AuthressAccessKey -KeyFile (Join-Path $TestDrive 'missing.key') } | Should -Throw -ErrorId 'KeyFileUnreadable,*'
    }
}

Describe 'A token for another tool' {
    BeforeEach { Clear-Emulator }

    It 'is accepted until it expires, and shows no secret' {
        $token = Get-AuthressAccessToken -Lifetime 00:05:00
        $token.ClientId, $token.KeyId | Should -Be $emulator.ClientId, $emulator.KeyId
        ($token.ExpirationDate - [datetimeoffset]::UtcNow).TotalMinutes | Should -BeGreaterThan 4
        ($token.ExpirationDate - [datetimeoffset]::UtcNow).TotalMinutes | Should -BeLessOrEqual 5
        $text = ConvertFrom-Secret $token.Token
        Find-Secret $text ($token | Format-List * | Out-String -Width 2000) | Should -BeNullOrEmpty
        (Invoke-RestMethod "$($emulator.ApiUrl)/v1/clients" -Headers @{ Authorization = "Bearer $text" }).clients | Should -HaveCount 1
        (Get-AuthressAccessToken -AsPlainText).Token | Should -Match '^eyJ'
        Get-EmulatorRequest | Should -HaveCount 1
    }

    It 'is what Invoke-RestMethod takes' -Skip:$isDesktop {
        (Invoke-RestMethod "$($emulator.ApiUrl)/v1/clients" -Authentication Bearer -Token (Get-AuthressAccessToken).Token -AllowUnencryptedAuthentication).clients | Should -HaveCount 1
    }

    It 'connects, and signs no other' {
        $other = Connect-Authress $emulator.ApiUrl -AccessToken (Get-AuthressAccessToken 1:00:00).Token -PassThru
        Test-AuthressConnection -Quiet | Should -BeTrue
        { Get-AuthressAccessToken -Connection $other } | Should -Throw -ErrorId 'NoSigningKey,*'
    }

    It 'has no lifetime of <_>' -ForEach '00:00:59', '24:00:01', '1.00:00:01', '-01:00:00', 3600, '3600', 'one hour', $null {
        $lifetime = $_
        (Invoke-Case { Get-AuthressAccessToken -Lifetime $lifetime }).Id | Should -BeLike 'ParameterArgument*'
    }
}
