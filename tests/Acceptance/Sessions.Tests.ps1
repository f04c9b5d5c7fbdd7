# Sessions beside the one that a person types in: jobs, thread jobs, parallel and nested runspaces, a recorded session.
# What each form of the pipeline does with a job's copies is in Pipelines.Tests.ps1.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
    $script:manifest = (Get-TestPath).Manifest
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'A session of another kind' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing @{ tags = @{ env = 'prod' }; rateLimits = @(@{ duration = 'PT1H'; quota = 1000 }) }
        $script:secret = ConvertTo-Secret $emulator.AccessKey
        $script:connection = Get-AuthressConnection
    }

    Context 'Start-Job with Invoke-Command in it' {
        BeforeEach {
            $job = Start-Job -ArgumentList $manifest, $emulator.ApiUrl, $secret, $id -ScriptBlock {
                param($Manifest, $ApiUrl, $AccessKey, $ClientId)
                Import-Module $Manifest
                Connect-Authress $ApiUrl $AccessKey
                Invoke-Command -ScriptBlock { Get-AuthressServiceClient $ClientId }
                Invoke-Command -ScriptBlock { New-AuthressServiceClient -Name made -Tag @{ a = 'b' } -RateLimit PT5M:100 }
                Invoke-Command -ScriptBlock { param($Id) Set-AuthressServiceClient $Id -Name changed } -ArgumentList $ClientId
                'nope' | Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
                $problem[0]
            }
            $script:returned = @(Receive-Job -Job $job -Wait -AutoRemoveJob)
        }

        It 'makes its changes' {
            (Get-StoredClient $id).Name | Should -Be 'changed'
            $made = Get-StoredClient | Where-Object Name -EQ 'made'
            $made.ClientId | Should -Be $returned[1].ClientId
            $made.Tag.a | Should -Be 'b'
            $made.RateLimit | Should -Be 'PT5M:100'
        }

        It 'returns copies and errors that keep every value' {
            $returned[0].PSObject.TypeNames[0] | Should -Be 'Deserialized.Authress.ServiceClient'
            $returned[0].ClientId | Should -Be $id
            $returned[0].Name | Should -Be 'billing'
            $returned[0].Tag.env | Should -Be 'prod'
            "$($returned[0].RateLimit)" | Should -Be 'PT1H:1000'
            [System.DateTimeOffset] $returned[0].CreatedTime | Should -BeGreaterThan ([System.DateTimeOffset]::UtcNow.AddHours(-1))
            $returned[2].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
            $returned[2].TargetObject | Should -Be 'nope'
        }
    }

    Context 'Start-ThreadJob' -Skip:($PSVersionTable.PSEdition -ne 'Core') {
        It 'has no connection of its own' {
            $job = Start-ThreadJob -ScriptBlock {
                Import-Module $using:manifest
                try { Get-AuthressServiceClient } catch { $_.FullyQualifiedErrorId }
            }
            Receive-Job -Job $job -Wait -AutoRemoveJob | Should -BeLike 'NotConnected,*'
        }

        It 'works with the connection of another session, and returns the objects themselves' {
            $job = Start-ThreadJob -ScriptBlock {
                Import-Module $using:manifest
                Invoke-Command -ScriptBlock { Get-AuthressServiceClient $using:id -Connection $using:connection }
            }
            $client = Receive-Job -Job $job -Wait -AutoRemoveJob
            $client | Should -BeOfType ([Authress.ServiceClient])
            # Changed in between by somebody else, in another field: only an object as it was read can be merged.
            Set-AuthressServiceClient $id -Tag @{ env = 'test' }
            $client.Name = 'edited'
            $client | Set-AuthressServiceClient
            (Get-StoredClient $id).Name | Should -Be 'edited'
            (Get-StoredClient $id).Tag.env | Should -Be 'test'
        }

        It 'works five at once, each with a connection that it made' {
            $apiUrl = $emulator.ApiUrl
            $jobs = 1..5 | ForEach-Object {
                Start-ThreadJob -ArgumentList $_ -ScriptBlock {
                    param($Number)
                    Import-Module $using:manifest
                    Connect-Authress $using:apiUrl $using:secret
                    $client = New-AuthressServiceClient "job $Number"
                    $key = $client | New-AuthressAccessKey
                    $key | Test-AuthressAccessKey -Quiet
                    Disconnect-Authress
                }
            }
            Receive-Job -Job $jobs -Wait -AutoRemoveJob | Should -Be (, $true * 5)
            (Get-StoredClient | Where-Object Name -Like 'job *').Name | Sort-Object | Should -Be (1..5 | ForEach-Object { "job $_" })
            (Get-AuthressServiceClient $id).ClientId | Should -Be $id
        }
    }

    Context 'ForEach-Object -Parallel -AsJob' -Skip:($PSVersionTable.PSEdition -ne 'Core') {
        It 'deletes by piped objects' {
            1..6 | ForEach-Object { $null = Add-StoredClient "old $_" }
            $job = Get-AuthressServiceClient -Name 'old *' | ForEach-Object -AsJob -ThrottleLimit 3 -Parallel {
                Import-Module $using:manifest
                $_ | Remove-AuthressServiceClient -Connection $using:connection -Confirm:$false
            }
            Receive-Job -Job $job -Wait -AutoRemoveJob | Should -BeNullOrEmpty
            (Get-StoredClient).ClientId | Should -Be $id
        }
    }

    # The examples of about_Authress, as they stand there.
    Context 'What PowerShell does not pass on' -Skip:($PSVersionTable.PSEdition -ne 'Core') {
        BeforeAll {
            $topic = [System.IO.File]::ReadAllText((Join-Path (Get-TestPath).Module 'en-US/about_Authress.help.txt')) -replace "`r`n", "`n"
            $section = [regex]::Match($topic, '(?ms)^WHAT POWERSHELL DOES NOT PASS ON\n(.+?)(?=^\w)').Groups[1].Value
            $script:examples = [regex]::Matches($section, '(?m)(^ {8}.*\n)+').Value
            # A parallel runspace of the tests does not find the module by its name.
            $script:parallel = $examples[0] -replace '-Parallel \{', "-Parallel { Import-Module '$manifest'"
        }

        BeforeEach {
            $script:ids = @($id)
            Clear-EmulatorRequest
        }

        It 'is -WhatIf, to ForEach-Object -Parallel' {
            function Invoke-Review {
                [CmdletBinding(SupportsShouldProcess)] param([string] $Script)
                . ([scriptblock]::Create($Script))
            }
            Invoke-Review -WhatIf -Script ($parallel -replace '\$options\.WhatIf = .*', '')
            (Get-StoredClient $id).Tag.reviewed | Should -Be 'yes'
        }

        It 'is passed on as the topic shows' {
            function Invoke-Review {
                [CmdletBinding(SupportsShouldProcess)] param([string] $Script)
                . ([scriptblock]::Create($Script))
            }
            Invoke-Review -WhatIf -Script $parallel
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            Invoke-Review -Script $parallel
            (Get-StoredClient $id).Tag.reviewed | Should -Be 'yes'
        }

        It 'is -WhatIf, to a function of a script module, and is passed on as the topic shows' {
            $definition, $call = $examples[1] -split '(?m)(?=^ +Rename-Client \$)'
            $module = New-Module -Name Operations -ScriptBlock ([scriptblock]::Create($definition)) | Import-Module -PassThru
            try {
                function Invoke-Rename {
                    [CmdletBinding(SupportsShouldProcess)] param([string] $Script)
                    . ([scriptblock]::Create($Script))
                }
                Invoke-Rename -WhatIf -Script $call
                Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
                Invoke-Rename -WhatIf -Script ($call -replace ' -WhatIf:.*', '')
                (Get-StoredClient $id).Name | Should -Be 'renamed'
            }
            finally {
                $module | Remove-Module
            }
        }
    }

    Context 'A runspace pool' {
        It 'keeps a runspace''s connection for the next script, until it disconnects' {
            $pool = [runspacefactory]::CreateRunspacePool(1, 1)
            $pool.Open()
            try {
                $connected = foreach ($script in "Import-Module '$manifest'; Connect-Authress '$($emulator.ApiUrl)' `$args[0]", '', 'Disconnect-Authress') {
                    $shell = [powershell]::Create()
                    $shell.RunspacePool = $pool
                    $shell.AddScript("$script; @(Get-AuthressConnection).Count").AddArgument($secret).Invoke()
                    $shell.Dispose()
                }
                $connected | Should -Be 1, 1, 0
            }
            finally {
                $pool.Dispose()
            }
        }
    }

    Context 'A nested pipeline' {
        It 'in this runspace uses this connection' {
            $nested = [powershell]::Create('CurrentRunspace')
            try {
                $found = $nested.AddScript('Get-AuthressServiceClient -Name bill* | Set-AuthressServiceClient -Name nested -PassThru').Invoke()
                $found.ClientId | Should -Be $id
                $nested.HadErrors | Should -BeFalse
                (Get-StoredClient $id).Name | Should -Be 'nested'
            }
            finally {
                $nested.Dispose()
            }
        }

        It 'in a runspace of its own connects, and leaves this one connected when it is closed' {
            $nested = [powershell]::Create()
            try {
                $script = {
                    param($Manifest, $ApiUrl, $AccessKey)
                    Import-Module $Manifest
                    try { Get-AuthressServiceClient } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
                    Connect-Authress $ApiUrl $AccessKey
                    Get-AuthressServiceClient -Name bill*
                    Remove-Module Authress
                }
                $found = $nested.AddScript($script).AddArgument($manifest).AddArgument($emulator.ApiUrl).AddArgument($secret).Invoke()
                $found[0] | Should -Be 'NotConnected'
                $found[1].ClientId | Should -Be $id
            }
            finally {
                $nested.Dispose()
            }
            (Get-AuthressServiceClient $id).Name | Should -Be 'billing'
        }
    }

    Context 'Start-Transcript' {
        It 'records tables, errors, warnings and what -WhatIf says' {
            $file = Join-Path $TestDrive 'transcript.txt'
            # Without Out-Host, the shell holds a table's first rows for 300 ms, in a fast script beyond Stop-Transcript.
            $shell = Invoke-Shell -Script @"
`$null = Start-Transcript -LiteralPath '$file'
Connect-Authress
Get-AuthressServiceClient $id | Out-Host
Get-AuthressServiceClient nope
Remove-AuthressServiceClient $id -WhatIf
`$null = New-AuthressServiceClient -Name tokens -GrantTokenGeneration `$true
`$null = Stop-Transcript
"@
            $shell.ExitCode | Should -Be 0
            $recorded = [System.IO.File]::ReadAllText($file)
            $recorded | Should -Match "$id\s+billing"
            $recorded | Should -Match "'nope' does not exist"
            $recorded | Should -Match "What if: .*$id"
            $recorded | Should -Match 'WARNING: '
        }
    }
}
