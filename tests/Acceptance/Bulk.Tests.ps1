# Several requests in flight, as -ThrottleLimit asks for.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Several requests in flight' {
    BeforeEach {
        Clear-Emulator
        $script:ids = @(1..12 | ForEach-Object { Add-StoredClient "worker $_" })
        Clear-EmulatorRequest
    }

    It 'are taken by the cmdlets that do one thing for each input, and by no other' {
        (Get-Command -Module Authress -CommandType Cmdlet -ParameterName ThrottleLimit).Name | Sort-Object | Should -Be @(
            'Complete-AuthressAccessKeyRotation', 'Get-AuthressAccessKey', 'Get-AuthressAccessKeyRotation', 'Get-AuthressServiceClient',
            'New-AuthressAccessKey', 'New-AuthressServiceClient', 'Remove-AuthressAccessKey', 'Remove-AuthressServiceClient',
            'Set-AuthressServiceClient', 'Start-AuthressAccessKeyRotation')
    }

    It 'are at least one and at most 256: not <_>' -ForEach 0, 257 {
        { Get-AuthressServiceClient $ids -ThrottleLimit $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    Context 'write in the order of the input' {
        BeforeEach {
            # The first answer comes last.
            Add-EmulatorFault -Path "*$($ids[0])*" -Fault @{ kind = 'delay'; milliseconds = 300 }
        }

        It 'clients by id' {
            ($ids | Get-AuthressServiceClient -ThrottleLimit 8).ClientId | Should -Be $ids
        }

        It 'new clients' {
            Add-EmulatorFault -Method POST -Path '/v1/clients' -Fault @{ kind = 'delay'; milliseconds = 300 }
            $names = 1..12 | ForEach-Object { "new $_" }
            $made = $names | ForEach-Object { [pscustomobject]@{ Name = $_ } } | New-AuthressServiceClient -ThrottleLimit 8
            $made.Name | Should -Be $names
        }

        It 'changed clients' {
            ($ids | Set-AuthressServiceClient -Tag a=b -PassThru -ThrottleLimit 8).ClientId | Should -Be $ids
            @(Get-StoredClient | Where-Object { $_.Tag['a'] -eq 'b' }).Count | Should -Be 12
        }

        It 'new keys, which are then listed and deleted' {
            $keys = $ids | New-AuthressAccessKey -ThrottleLimit 8
            $keys.ClientId | Should -Be $ids
            ($ids | Get-AuthressAccessKey -ThrottleLimit 8).KeyId | Should -Be $keys.KeyId
            $keys | Remove-AuthressAccessKey -ThrottleLimit 8 -Confirm:$false
            (Get-StoredClient).KeyId | Should -BeNullOrEmpty
        }
    }

    It 'delete many' {
        $ids | Remove-AuthressServiceClient -ThrottleLimit 8 -Confirm:$false
        Get-StoredClient | Should -BeNullOrEmpty
    }

    It 'put each error in its place, with its input' {
        $all = @($ids[0], 'sc_gone', $ids[1], 'sc_away', $ids[2])
        $shown = $all | Get-AuthressServiceClient -ThrottleLimit 8 -ErrorAction Continue 2>&1 | ForEach-Object {
            if ($_ -is [System.Management.Automation.ErrorRecord]) { $_.TargetObject } else { $_.ClientId }
        }
        $shown | Should -Be $all
    }

    It 'send nothing under -WhatIf' {
        $ids | Set-AuthressServiceClient -Tag a=b -ThrottleLimit 8 -WhatIf
        $ids | New-AuthressAccessKey -ThrottleLimit 8 -WhatIf
        $ids | Remove-AuthressServiceClient -ThrottleLimit 8 -WhatIf
        1..12 | ForEach-Object { [pscustomobject]@{ Name = "new $_" } } | New-AuthressServiceClient -ThrottleLimit 8 -WhatIf
        Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
    }

    Context 'and -ErrorAction Stop' {
        It 'start nothing after the error where -ThrottleLimit is not given' {
            { @($ids[0], 'sc_gone') + $ids[1..11] | Remove-AuthressServiceClient -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'NotFound,*'
            @(Get-StoredClient).Count | Should -Be 11
        }

        It 'finish what was begun and name it where it is given' {
            $before = @($ids[0], 'sc_gone', $ids[1], $ids[2])
            { $before | Remove-AuthressServiceClient -Confirm:$false -ThrottleLimit 4 -ErrorAction Stop -WarningVariable said -WarningAction SilentlyContinue } |
                Should -Throw -ErrorId 'NotFound,*'
            $gone = @($ids | Where-Object { $_ -notin (Get-StoredClient).ClientId })
            $gone | Should -Contain $ids[0]
            $gone.Count | Should -BeLessOrEqual 3
        }
    }

    Context 'and Select-Object -First 1' {
        It 'leave no key without an owner' {
            $key = $ids | New-AuthressAccessKey -ThrottleLimit 4 3>$null | Select-Object -First 1
            $key.ClientId | Should -Be $ids[0]
            @((Get-StoredClient).KeyId) | Should -Be @($key.KeyId)
        }

        It 'start nothing more' {
            $null = $ids | Get-AuthressServiceClient -ThrottleLimit 2 | Select-Object -First 1
            @(Get-EmulatorRequest).Count | Should -BeLessOrEqual 12
        }
    }

    It 'succeed despite responses with status 429' {
        Add-EmulatorFault -Path '/v1/clients/*' -Times 6 -Fault @{ status = 429 }
        ($ids | Get-AuthressServiceClient -ThrottleLimit 8).ClientId | Should -Be $ids
        @(Get-EmulatorRequest | Where-Object { $_.status -eq 429 }).Count | Should -Be 6
    }

    It 'report each retry under -Verbose' {
        Add-EmulatorFault -Path "*$($ids[0])" -Times 2 -Fault @{ status = 503 }
        $said = @(Get-AuthressServiceClient $ids[0] -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })
        $said.Count | Should -Be 2
        "$($said[0])" | Should -Match "/v1/clients/$($ids[0]): 503"
    }

    It 'name the candidates of a creation with an unknown outcome, and send it once' {
        Add-EmulatorFault -Method POST -Path '/v1/clients' -Fault @{ kind = 'actThenDrop' }
        $problem = $null
        New-AuthressServiceClient -Name alone -ErrorAction SilentlyContinue -ErrorVariable problem
        $made = @(Get-StoredClient | Where-Object { $_.Name -eq 'alone' })
        $made.Count | Should -Be 1
        "$problem" | Should -Match $made[0].ClientId
        @(Get-EmulatorRequest -Changing).Count | Should -Be 1
    }

    It 'work in a job that connects itself' {
        $work = {
            param($Manifest, $ApiUrl, $AccessKey, $Ids)
            Import-Module $Manifest
            Connect-Authress $ApiUrl $AccessKey
            $Ids | Set-AuthressServiceClient -Tag from=job -PassThru -ThrottleLimit 4
        }
        $job = Start-Job -ScriptBlock $work -ArgumentList (Get-TestPath).Manifest, $emulator.ApiUrl, (ConvertTo-Secret $emulator.AccessKey), $ids
        $copies = Receive-Job -Job $job -Wait -AutoRemoveJob
        $copies.ClientId | Should -Be $ids
        @(Get-StoredClient | Where-Object { $_.Tag['from'] -eq 'job' }).Count | Should -Be 12
    }

    It 'work in parallel runspaces over one connection' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
        $connection = Get-AuthressConnection
        $manifest = (Get-TestPath).Manifest
        $parts = @($ids[0..5] -join ' '), @($ids[6..11] -join ' ')
        $found = $parts | ForEach-Object -Parallel {
            Import-Module $using:manifest
            "$_" -split ' ' | Get-AuthressServiceClient -Connection $using:connection -ThrottleLimit 4
        }
        $found.ClientId | Sort-Object | Should -Be @($ids | Sort-Object)
    }
}
