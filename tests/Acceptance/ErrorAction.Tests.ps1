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
        It 'writes the error and goes on with Continue' {
            $all = 'nope', $id | Get-AuthressServiceClient -ErrorAction Continue 2>&1
            $all[0] | Should -BeOfType ([System.Management.Automation.ErrorRecord])
            $all[1].ClientId | Should -Be $id
        }

        It 'goes on in silence with SilentlyContinue, and keeps the error' {
            $Error.Clear()
            $all = 'nope', $id | Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem 2>&1
            $all.ClientId | Should -Be $id
            $problem.Count | Should -Be 1
            $Error[0].FullyQualifiedErrorId | Should -BeLike 'NotFound,*'
        }

        It 'goes on in silence with Ignore, and keeps no error' {
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

        It 'asks with Inquire, and goes on after Yes' {
            $shell = Invoke-Shell -Answer 'y' -Script "Connect-Authress; ('nope', '$id' | Get-AuthressServiceClient -ErrorAction Inquire).ClientId; 'end'"
            $shell.Line[-2, -1] | Should -Be @($id, 'end')
        }

        It 'asks with Inquire, and ends after Halt' {
            $shell = Invoke-Shell -Answer 'h' -Script "Connect-Authress; ('nope', '$id' | Get-AuthressServiceClient -ErrorAction Inquire).ClientId"
            $shell.Line | Should -Not -Contain $id
            (Get-EmulatorRequest).target | Should -Be '/v1/clients/nope'
        }

        It 'can not silence that there is no connection' {
            Disconnect-Authress
            { Get-AuthressServiceClient -ErrorAction SilentlyContinue } | Should -Throw -ErrorId 'NotConnected,*'
            { Get-AuthressServiceClient -ErrorAction Ignore } | Should -Throw -ErrorId 'NotConnected,*'
        }
    }

    Context 'What Authress answers' {
        It '<Status> is <Expected> in the category <Category>' -ForEach @(
            @{ Status = 400; Expected = 'InvalidRequest'; Category = 'InvalidArgument' }
            @{ Status = 401; Expected = 'AuthenticationFailed'; Category = 'AuthenticationError' }
            @{ Status = 402; Expected = 'PlanLimitReached'; Category = 'LimitsExceeded' }
            @{ Status = 403; Expected = 'PermissionDenied'; Category = 'PermissionDenied' }
            @{ Status = 404; Expected = 'NotFound'; Category = 'ObjectNotFound' }
            @{ Status = 409; Expected = 'AlreadyExists'; Category = 'ResourceExists' }
            @{ Status = 422; Expected = 'InvalidRequest'; Category = 'InvalidArgument' }
            @{ Status = 429; Expected = 'TooManyRequests'; Category = 'LimitsExceeded' }
            @{ Status = 500; Expected = 'ServerFailed'; Category = 'ResourceUnavailable' }
            @{ Status = 503; Expected = 'ServerFailed'; Category = 'ResourceUnavailable' }
        ) {
            Add-EmulatorFault -Fault @{ status = $Status } -Times 0
            Get-AuthressServiceClient $id -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -Be "$Expected,Authress.PowerShell.ServiceClients.GetAuthressServiceClientCommand"
            $problem[0].CategoryInfo.Category | Should -Be $Category
            $problem[0].TargetObject | Should -Be $id
            $problem[0].Exception | Should -BeOfType ([Authress.AuthressApiException])
            $problem[0].Exception.StatusCode | Should -Be $Status
            $problem[0].Exception.RequestId | Should -Not -BeNullOrEmpty
            $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }

        It '<Fault> is <Expected> in the category <Category>' -ForEach @(
            @{ Fault = 'html'; Expected = 'InvalidResponse'; Category = 'InvalidData' }
            @{ Fault = 'empty'; Expected = 'InvalidResponse'; Category = 'InvalidData' }
            @{ Fault = 'oversized'; Expected = 'ResponseTooLarge'; Category = 'LimitsExceeded' }
            @{ Fault = 'drop'; Expected = 'ConnectionFailed'; Category = 'ConnectionError' }
        ) {
            Add-EmulatorFault -Fault $Fault -Times 0
            Get-AuthressServiceClient $id -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike "$Expected,*"
            $problem[0].CategoryInfo.Category | Should -Be $Category
        }

        It 'nothing at all is a failed connection' {
            Connect-Authress 'http://localhost:1' (ConvertTo-Secret $emulator.AccessKey)
            Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'ConnectionFailed,*'
            $problem[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        }

        It 'a cursor that repeats ends the list with an error' {
            foreach ($number in 1..50) { $null = Add-StoredClient "client $number" }
            Add-EmulatorFault -Path '/v1/clients' -Fault 'repeatCursor' -Times 0
            $null = Get-AuthressServiceClient -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'CursorRepeated,*'
        }

        It 'an answer that was lost may have been done, and the error says so' {
            Add-EmulatorFault -Method POST -Fault 'actThenDrop'
            New-AuthressServiceClient lost -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].Exception.OutcomeUnknown | Should -BeTrue
            @(Get-StoredClient | Where-Object { $_.Name -eq 'lost' }).Count | Should -Be 1
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

        It 'read both meanings of 404 and the permission' {
            Get-AuthressServiceClient nope -ErrorAction SilentlyContinue -ErrorVariable problem
            "$($problem[0])" | Should -Match 'does not exist, or'
            "$($problem[0])" | Should -Match 'READ: Authress:ServiceClients/nope'
        }

        It 'see that $? is false after an error' {
            Get-AuthressServiceClient nope -ErrorAction SilentlyContinue
            $? | Should -BeFalse
        }
    }

    Context 'An id that could leave its route' {
        It 'is refused before it is sent: <_>' -ForEach '.', '..', ('x' * 65) {
            Remove-AuthressServiceClient $_ -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'stays one segment of the path: <Given>' -ForEach @(
            @{ Given = 'a/b'; Sent = 'a%2Fb' }
            @{ Given = 'a b'; Sent = 'a%20b' }
            @{ Given = 'a#b'; Sent = 'a%23b' }
            @{ Given = 'a%2fb'; Sent = 'a%252fb' }
            @{ Given = '../v1'; Sent = '..%2Fv1' }
        ) {
            Remove-AuthressServiceClient $Given -Confirm:$false -ErrorAction SilentlyContinue
            (Get-EmulatorRequest).target | Should -BeExactly "/v1/clients/$Sent"
            (Get-StoredClient).ClientId | Should -Be $id
        }

        It 'is refused where it is empty' {
            { Remove-AuthressServiceClient '' -Confirm:$false } | Should -Throw -ErrorId 'ParameterArgumentValidationErrorEmptyStringNotAllowed,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }
    }
}
