BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Errors' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
        Clear-EmulatorRequest
    }

    Context '-ErrorAction' {
        It 'writes the error and continues with Continue' {
            $all = 'nope', $id | Get-AuthressServiceClient -ErrorAction Continue 2>&1
            $all[0] | Should -BeOfType ([System.Management.Automation.ErrorRecord])
            $all[1].ClientId | Should -Be $id
        }

        It 'continues without output with SilentlyContinue, and keeps the error' {
            $Error.Clear()
            $all = 'nope', $id | Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem 2>&1
            $all.ClientId | Should -Be $id
            $problem.Count | Should -Be 1
            $Error[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        }

        It 'continues without output with Ignore, and keeps no error' {
            $Error.Clear()
            $all = 'nope', $id | Get-AuthressServiceClient -ErrorAction Ignore 2>&1
            $all.ClientId | Should -Be $id
            $Error.Count | Should -Be 0
        }

        It 'ends the pipeline with Stop, and sends nothing more' {
            { 'nope', $id | Get-AuthressServiceClient -ErrorAction Stop } |
                Should -Throw -ErrorId 'NotFound,Authress.PowerShell.ServiceClients.GetAuthressServiceClientCommand'
            (Get-EmulatorRequest).target | Should -Be '/v1/clients/nope'
        }

        It 'obeys the preference as it obeys the parameter' {
            $shell = Invoke-Shell -Script @"
`$ErrorActionPreference = 'Stop'
Connect-Authress
try { 'nope', '$id' | Get-AuthressServiceClient } catch { 'caught' }
`$ErrorActionPreference = 'SilentlyContinue'
('nope', '$id' | Get-AuthressServiceClient).ClientId
"@
            $shell.Line | Should -Be @('caught', $id)
            $shell.ErrorOutput | Should -BeNullOrEmpty
        }

        It 'prompts with Inquire, and continues after Yes' {
            $shell = Invoke-Shell -Answer 'y' -Script "Connect-Authress; ('nope', '$id' | Get-AuthressServiceClient -ErrorAction Inquire).ClientId; 'end'"
            $shell.Line[-2, -1] | Should -Be @($id, 'end')
        }

        It 'prompts with Inquire, and ends after Halt' {
            $shell = Invoke-Shell -Answer 'h' -Script "Connect-Authress; ('nope', '$id' | Get-AuthressServiceClient -ErrorAction Inquire).ClientId"
            $shell.Line | Should -Not -Contain $id
            (Get-EmulatorRequest).target | Should -Be '/v1/clients/nope'
        }

        It 'does not silence a missing connection' {
            Disconnect-Authress
            { Get-AuthressServiceClient -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'NotConnected,*'
            { Get-AuthressServiceClient -ErrorAction Ignore } | Should -Throw -ErrorId 'NotConnected,*'
        }
    }

    Context 'Scripts' {
        It 'catch an error by its type and read its status' {
            $status = 0
            try {
                Get-AuthressServiceClient nope -ErrorAction Stop
            }
            catch [Authress.AuthressApiException] {
                $status = $_.Exception.StatusCode
            }
            $status | Should -Be 404
        }

        It 'see that $? is false after an error' {
            Get-AuthressServiceClient nope -ErrorAction SilentlyContinue
            $? | Should -BeFalse
        }
    }
}
