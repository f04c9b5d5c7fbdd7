BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule
    $script:emulator = Open-Emulator

    function Get-Completion {
        param([string] $Line)
        (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches |
            Where-Object { $_.ResultType -in 'ParameterValue', 'Variable', 'ParameterName' }
    }
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'Tab' {
    BeforeEach {
        Clear-Emulator
        $script:billing = Add-StoredClient 'Nightly billing' @{ tags = @{ env = 'prod'; 'cost centre' = '12' } }
        $script:search = Add-StoredClient 'search' @{ tags = @{ env = 'test' } }
        $script:keyIds = 1..2 | ForEach-Object { (Add-StoredKey $billing).KeyId }
        $null = Get-AuthressServiceClient $billing, $search
        Clear-EmulatorRequest
    }

    AfterEach {
        # Whatever Tab offers, it never waits for the network.
        Get-EmulatorRequest | Should -BeNullOrEmpty
    }

    It 'offers the cached ids after <_>' -ForEach 'Get-AuthressServiceClient ', 'Get-AuthressServiceClient -ClientId ', 'Set-AuthressServiceClient -ClientId ', 'Remove-AuthressServiceClient ', 'Get-AuthressAccessKey ', 'New-AuthressAccessKey ', 'Remove-AuthressAccessKey ' {
        $found = Get-Completion $_
        @($found.CompletionText | Sort-Object) | Should -Be @($billing, $search | Sort-Object)
        $found.ListItemText | Should -Contain "$billing (Nightly billing)"
    }

    It 'finds an id by a part of its client''s name' {
        (Get-Completion 'Get-AuthressServiceClient bill').CompletionText | Should -Be $billing
    }

    It 'keeps the opening quote' {
        (Get-Completion "Get-AuthressServiceClient 'Night").CompletionText | Should -Be "'$billing'"
    }

    It 'offers the keys of the client that is on the line, and no other''s' {
        # An id that begins with a digit, as some do, is offered in quotes.
        (Get-Completion "Remove-AuthressAccessKey $billing ").CompletionText.Trim("'") | Should -Be $keyIds
        (Get-Completion "Get-AuthressAccessKey -ClientId $billing -KeyId ").CompletionText.Trim("'") | Should -Be $keyIds
        Get-Completion "Remove-AuthressAccessKey $search -KeyId " | Should -BeNullOrEmpty
    }

    It 'offers names, quoted where they must be' {
        (Get-Completion 'Get-AuthressServiceClient -Name night').CompletionText | Should -Be "'Nightly billing'"
    }

    It 'offers tags, the key first and then its values' {
        (Get-Completion 'Get-AuthressServiceClient -Tag ').CompletionText | Should -Be @("'cost centre='", 'env=')
        (Get-Completion 'Get-AuthressServiceClient -Tag env=').CompletionText | Should -Be @('env=prod', 'env=test')
    }

    It 'offers rate limits' {
        (Get-Completion 'New-AuthressServiceClient -RateLimit PT5M').CompletionText | Should -Contain 'PT5M:1000'
    }

    It 'offers the fields that can be cleared' {
        @((Get-Completion 'Set-AuthressServiceClient x -Clear ').CompletionText | Sort-Object) | Should -Be @('Name', 'RateLimit', 'Tag')
    }

    It 'offers methods' {
        (Get-Completion 'Invoke-AuthressRequest v1/clients P').CompletionText | Should -Be @('PATCH', 'POST', 'PUT')
    }

    It 'offers the variables that hold a connection' {
        Set-Variable -Name acceptanceConnection -Scope Global -Value (Get-AuthressConnection)
        try {
            (Get-Completion 'Get-AuthressServiceClient -Connection $acc').CompletionText | Should -Be '$acceptanceConnection'
        }
        finally {
            Remove-Variable -Name acceptanceConnection -Scope Global
        }
    }

    It 'offers nothing of one account to another' {
        Connect-Emulator
        Get-Completion 'Get-AuthressServiceClient -ClientId ' | Should -BeNullOrEmpty
    }

    It 'offers nothing without a connection, and does not fail' {
        Disconnect-Authress
        Get-Completion 'Get-AuthressServiceClient -ClientId ' | Should -BeNullOrEmpty
    }

    It 'hides the parameter for piped objects' {
        (Get-Completion 'Remove-AuthressServiceClient -').CompletionText | Should -Not -Contain '-PipedObject'
        (Get-Completion 'Remove-AuthressServiceClient -').CompletionText | Should -Contain '-ClientId'
    }

    It 'offers no client that was deleted' {
        Remove-AuthressServiceClient $search -Confirm:$false
        Clear-EmulatorRequest
        (Get-Completion 'Get-AuthressServiceClient -ClientId ').CompletionText | Should -Be $billing
    }
}
