BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Requests' {
    BeforeEach {
        Clear-Emulator
        $script:id = Add-StoredClient billing
        Clear-EmulatorRequest
    }

    Context 'Invoke-AuthressRequest' {
        It 'reads a route, signed, and returns objects' {
            (Invoke-AuthressRequest "v1/clients/$id").name | Should -Be 'billing'
            (Get-EmulatorRequest).authorizationScheme | Should -Be 'Bearer'
        }

        It 'sends a <Kind> as JSON' -ForEach @(
            @{ Kind = 'hashtable'; Body = @{ name = 'new' } }
            @{ Kind = 'object'; Body = [pscustomobject] @{ name = 'new' } }
            @{ Kind = 'text'; Body = '{"name":"new"}' }
        ) {
            $made = Invoke-AuthressRequest v1/clients POST $Body
            (Get-StoredClient $made.clientId).Name | Should -Be 'new'
        }

        It 'sends one request for every piped body' {
            $made = @{ name = 'a' }, @{ name = 'b' } | Invoke-AuthressRequest v1/clients -Method POST
            $made.name | Should -Be @('a', 'b')
            (Get-EmulatorRequest -Changing).method | Should -Be @('POST', 'POST')
        }

        It 'stores the status and headers in variables' {
            $null = Invoke-AuthressRequest v1/clients POST @{ name = 'new' } -StatusCodeVariable status -ResponseHeadersVariable headers
            $status | Should -Be 201
            @($headers['x-amzn-requestid']).Count | Should -Be 1
        }

        It 'stores the status of a failure too, and none without a response' {
            $status = $headers = 'from before'
            Invoke-AuthressRequest v1/clients/nope -StatusCodeVariable status -ResponseHeadersVariable headers -ErrorAction SilentlyContinue
            $status | Should -Be 404
            @($headers['x-amzn-requestid']).Count | Should -Be 1
            $nowhere = Connect-Authress http://localhost:1 (ConvertTo-Secret $emulator.AccessKey) -MaximumRetryCount 0 -PassThru
            Connect-Emulator
            Invoke-AuthressRequest v1/clients -Connection $nowhere -StatusCodeVariable status -ResponseHeadersVariable headers -ErrorAction SilentlyContinue
            $status | Should -BeNullOrEmpty
            $headers | Should -BeNullOrEmpty
        }

        It 'refuses the path <_>, and sends nothing' -ForEach 'https://example.com/v1/clients', '//example.com/v1', 'v1/../v2' {
            Invoke-AuthressRequest $_ -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'refuses a method that does not exist' {
            { Invoke-AuthressRequest v1/clients FETCH } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'never puts a SecureString into a body' {
            Invoke-AuthressRequest v1/clients POST @{ name = (ConvertTo-Secret 'canary') } -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'InvalidValue,*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'reports an error as every cmdlet does' {
            Invoke-AuthressRequest v1/clients/nope -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -Be 'NotFound,Authress.PowerShell.Requests.InvokeAuthressRequestCommand'
            $problem[0].Exception.StatusCode | Should -Be 404
            $problem[0].TargetObject | Should -Be 'v1/clients/nope'
        }

        It 'deletes without output' {
            Invoke-AuthressRequest "v1/clients/$id" DELETE | Should -BeNullOrEmpty
            Get-StoredClient | Should -BeNullOrEmpty
        }
    }
}
