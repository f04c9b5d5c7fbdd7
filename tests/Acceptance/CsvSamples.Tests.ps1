BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    . (Join-Path $PSScriptRoot 'SampleRun.ps1')
    Import-AuthressModule
    $script:emulator = Open-Emulator
}

AfterAll {
    Disconnect-Authress
    Close-Emulator
}

Describe 'A sample that reads a table' {
    BeforeEach { Enter-Sample }

    AfterEach { Exit-Sample }

    Context 'A CSV file with <Fault>' -ForEach @(
        @{ Fault = 'semicolons'; Text = "ClientId;Name;Tag`n{0};billing;env=prod"; Message = "The delimiter * is ';', not ','. Use -Delimiter ';'." }
        @{ Fault = 'tabs'; Text = "ClientId`tName`tTag`n{0}`tbilling`tenv=prod"; Message = 'The delimiter * is "?t", not *' }
        @{ Fault = 'the line sep=,'; Text = "sep=,`nClientId,Name,Tag`n{0},billing,env=prod"; Message = "*'sep=,'*Delete this line*" }
        @{ Fault = 'the line sep=;'; Text = "sep=;`r`nClientId;Name;Tag`r`n{0};billing;env=prod"; Message = "*'sep=;'*Delete this line*" }
        @{ Fault = 'another encoding'; Text = "ClientId,Name,Tag`n{0},billing,env=prod`n{0},M$([char] 0xFC)ller,env=test"; Encoding = 'iso-8859-1'; Message = 'The encoding * is not UTF-8: line 3 *' }
        @{ Fault = 'UTF-16 without a mark'; Text = "ClientId,Name,Tag`n{0},billing,env=prod"; Encoding = 'utf-16'; Message = 'The encoding * is not UTF-8: line 1 *' }
        @{ Fault = 'a character that was lost'; Text = "ClientId,Name,Tag`n{0},billing,env=prod`n{0},M$([char] 0xFFFD)ller,env=test"; Message = 'The encoding * is not UTF-8: line 3 *' }
        @{ Fault = 'a column too few'; Text = "ClientId,Name,Tags`n{0},billing,env=prod"; Message = "*has no column 'Tag'*Its columns are 'ClientId', 'Name', 'Tags'." }
        @{ Fault = 'a cell too many'; Text = "ClientId,Name,Tag`n{0},billing,env=prod`n{0},billing,env=prod,team=a"; Message = 'Row 3 *more cells*' }
    ) {
        BeforeAll {
            $name = if ($_.ContainsKey('Encoding')) { $_.Encoding } else { 'utf-8' }
            $script:bytesOf = [System.Text.Encoding]::GetEncoding($name)
        }

        It 'changes nothing with <Sample>' -ForEach @(
            @{ Sample = 'Import-ServiceClient.ps1'; WritesFailed = $false }
            @{ Sample = 'Set-TagInBulk.ps1'; WritesFailed = $true }
        ) {
            $csv = Join-Path $TestDrive 'refused.csv'
            $notMade = Join-Path $TestDrive 'not-made.csv'
            $argument = @{ Path = $csv }
            if ($WritesFailed) { $argument.FailedPath = $notMade }
            [System.IO.File]::WriteAllBytes($csv, $bytesOf.GetBytes($Text -f (Add-StoredClient worker)))
            Clear-EmulatorRequest
            { Invoke-SampleHere $Sample $argument } | Should -Throw $Message
            Get-EmulatorRequest | Should -BeNullOrEmpty
            $notMade | Should -Not -Exist
        }
    }

    Context 'Import-CheckedCsv.ps1 reads' {
        It '<Kind>' -ForEach @(
            @{ Kind = 'UTF-8 with a mark'; Encoding = New-Object System.Text.UTF8Encoding $true }
            @{ Kind = 'UTF-16 with a mark'; Encoding = [System.Text.Encoding]::Unicode }
            @{ Kind = 'another delimiter'; Delimiter = ';' }
            @{ Kind = 'what Windows PowerShell exports'; Head = '#TYPE System.Object' }
            @{ Kind = 'empty cells too many'; Tail = ',,' }
        ) {
            $case = @{ Encoding = New-Object System.Text.UTF8Encoding $false; Delimiter = ','; Head = $null; Tail = '' }
            foreach ($name in @($case.Keys)) { if ($_.ContainsKey($name)) { $case[$name] = $_[$name] } }
            $csv = Join-Path $TestDrive 'read.csv'
            $lines = @($case.Head; "Tag$($case.Delimiter)name"; "`"a=b;c=d,`ne`"$($case.Delimiter)M$([char] 0xFC)ller$($case.Tail)") | Where-Object { $_ }
            [System.IO.File]::WriteAllText($csv, ($lines -join "`r`n"), $case.Encoding)
            $row = Invoke-SampleHere 'Import-CheckedCsv.ps1' @{ Path = $csv; Column = 'Name', 'Tag'; Delimiter = $case.Delimiter }
            $row.Name | Should -BeExactly "M$([char] 0xFC)ller"
            $row.Tag | Should -BeExactly "a=b;c=d,`ne"
        }

        It 'no row where there is none' {
            $csv = Join-Path $TestDrive 'none.csv'
            [System.IO.File]::WriteAllText($csv, 'Name,Tag')
            Invoke-SampleHere 'Import-CheckedCsv.ps1' @{ Path = $csv; Column = 'Name', 'Tag' } | Should -BeNullOrEmpty
        }
    }

    Context 'Import-ServiceClient.ps1 brings clients in' {
        BeforeEach {
            $script:csv = Join-Path $TestDrive 'clients.csv'
            Set-Content -LiteralPath $csv -Encoding UTF8 -Value @(
                'Name,Tag,GrantUserPermissionsAccess,GrantTokenGeneration,RateLimit'
                'billing,env=prod;team=a,true,,PT1H:1000'
                'billing,env=test;team=a,,,'
                'search,env=prod,false,0,P1D:5000'
            )
        }

        It 'and creates those that are missing' {
            $shell = Invoke-Sample 'Import-ServiceClient.ps1' '-Path', $csv
            $shell.ErrorOutput | Should -BeNullOrEmpty
            $shell.ExitCode | Should -Be 0
            $stored = @(Get-StoredClient)
            $stored.Name | Should -Be @('billing', 'billing', 'search')
            $stored[0].Tag.team | Should -Be 'a'
            $stored[0].GrantUserPermissionsAccess | Should -BeTrue
            $stored[1].GrantUserPermissionsAccess | Should -BeFalse
            $stored[2].RateLimit | Should -Be 'P1D:5000'
        }

        It 'and changes nothing the second time' {
            $first = Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }
            $first.Action | Should -Be @('Create', 'Create', 'Create')
            Clear-EmulatorRequest
            $second = Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }
            $second.Action | Should -Be @('None', 'None', 'None')
            $second.ClientId | Should -Be $first.ClientId
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        }

        It 'and updates those that are there, and only them' {
            $null = Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }
            $other = Add-StoredClient other @{ tags = @{ env = 'prod' } }
            (Get-Content -LiteralPath $csv) -replace 'P1D:5000', 'P1D:9000' -replace 'env=test;team=a', 'env=test;team=A' | Set-Content -LiteralPath $csv -Encoding UTF8
            Clear-EmulatorRequest
            (Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }).Action | Should -Be @('None', 'Update', 'Update')
            $stored = @(Get-StoredClient)
            $stored[0].RateLimit | Should -Be 'PT1H:1000'
            $stored[1].Tag.team | Should -BeExactly 'A'
            $stored[2].RateLimit | Should -Be 'P1D:9000'
            @(Get-EmulatorRequest -Changing).Count | Should -Be 2
            (Get-StoredClient $other).Name | Should -Be 'other'
        }

        It 'from a file with another delimiter' {
            (Get-Content -LiteralPath $csv) -replace ',', '|' | Set-Content -LiteralPath $csv -Encoding UTF8
            (Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv; Delimiter = '|' }).Action | Should -Be @('Create', 'Create', 'Create')
        }

        It 'and continues if one is deleted in between' {
            $first = Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv }
            (Get-Content -LiteralPath $csv) -replace 'team=a', 'team=b' -replace 'P1D:5000', 'P1D:9000' | Set-Content -LiteralPath $csv -Encoding UTF8
            Add-ClientDeletion $first[0].ClientId -Before Set-AuthressServiceClient
            { Invoke-SampleHere 'Import-ServiceClient.ps1' @{ Path = $csv } 2> $null } | Should -Throw '1 rows*'
            @(Get-StoredClient).Tag.team | Should -Be @('b')
            @(Get-StoredClient)[1].RateLimit | Should -Be 'P1D:9000'
        }

        It 'and only describes its actions with -WhatIf' {
            $null = Add-StoredClient search @{ tags = @{ env = 'prod' } }
            Clear-EmulatorRequest
            $shell = Invoke-Sample 'Import-ServiceClient.ps1' '-Path', $csv, '-WhatIf'
            $shell.ExitCode | Should -Be 0
            @($shell.Line -match '^What if: Create the service client ''billing''').Count | Should -Be 2
            @($shell.Line -match '^What if: Change the service client ''search''').Count | Should -Be 1
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
        }

        It 'and reports every invalid row, applies the others, and fails' {
            Add-Content -LiteralPath $csv -Encoding UTF8 -Value 'untagged,,,,', 'granted,env=prod,perhaps,,', 'limited,env=prod,,,PT1H:1', 'search,env=prod,,,', 'good,env=prod,,,'
            $shell = Invoke-Sample 'Import-ServiceClient.ps1' '-Path', $csv
            $shell.ExitCode | Should -Be 1
            foreach ($row in 5, 6, 7, 8) { $shell.ErrorOutput | Should -Match "Row $row of" }
            $shell.ErrorOutput | Should -Match '4 rows'
            (Get-StoredClient).Name | Should -Be @('billing', 'billing', 'search', 'good')
        }

        It 'and touches none where two could be meant' {
            1..2 | ForEach-Object { $null = Add-StoredClient search @{ tags = @{ env = 'prod' } } }
            $shell = Invoke-Sample 'Import-ServiceClient.ps1' '-Path', $csv
            $shell.ExitCode | Should -Be 1
            $shell.ErrorOutput | Should -Match 'several'
            (Get-StoredClient | Where-Object { $_.Name -eq 'search' }).RateLimit -join '' | Should -BeNullOrEmpty
        }
    }

    Context 'Set-TagInBulk.ps1 tags clients' {
        BeforeEach {
            $script:ids = 1..12 | ForEach-Object { Add-StoredClient "worker $_" @{ tags = @{ env = 'test' } } }
            $script:csv = Join-Path $TestDrive 'tags.csv'
            $script:failedCsv = Join-Path $TestDrive 'failed.csv'
            Remove-Item -Path $failedCsv -ErrorAction Ignore
            $ids | ForEach-Object { [pscustomobject]@{ ClientId = $_; Tag = 'team=a' } } | Export-Csv -LiteralPath $csv -NoTypeInformation
            Clear-EmulatorRequest
        }

        It 'from a file, and nothing the second time' {
            $result = Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv }
            $result.Changed | Should -Be 12
            $result.Failed | Should -Be 0
            foreach ($stored in Get-StoredClient) {
                $stored.Tag.team | Should -Be 'a'
                $stored.Tag.env | Should -Be 'test'
            }
            Clear-EmulatorRequest
            (Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv }).Unchanged | Should -Be 12
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            Test-Path -LiteralPath $failedCsv | Should -BeFalse
            (Get-Content -LiteralPath $csv) -replace 'team=a', 'team=A' | Set-Content -LiteralPath $csv -Encoding UTF8
            (Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv }).Changed | Should -Be 12
        }

        It 'but for those that fail, which are in a file that can be run again' {
            Add-EmulatorFault -Method PUT -Path '/v1/clients/*' -Times 3 -Fault @{ status = 400 }
            $shell = Invoke-Sample 'Set-TagInBulk.ps1' $csv, $failedCsv
            $shell.ExitCode | Should -Not -Be 0
            $shell.ErrorOutput | Should -Match '3 rows'
            @(Get-StoredClient | Where-Object { $_.Tag['team'] -eq 'a' }).Count | Should -Be 9
            $left = @(Import-Csv -LiteralPath $failedCsv)
            $left.Count | Should -Be 3
            $left.Reason | Should -Match '400|InjectedFault'
            Copy-Item -LiteralPath $failedCsv -Destination $csv
            (Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv }).Changed | Should -Be 3
            Test-Path -LiteralPath $failedCsv | Should -BeFalse
        }

        It 'and reports the rows that cannot be used' {
            '"sc_gone","a=b"', '"sc_bad","==="', '"","a=b"', "`"$($ids[0])`",`"a=b`"" | Add-Content -LiteralPath $csv
            { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv } } | Should -Throw '4 rows*'
            (Import-Csv -LiteralPath $failedCsv).ClientId | Sort-Object | Should -Be ('', 'sc_gone', 'sc_bad', $ids[0] | Sort-Object)
            @(Get-StoredClient | Where-Object { $_.Tag['team'] -eq 'a' }).Count | Should -Be 12
        }

        It 'and those that are deleted in between from the others' {
            Add-ClientDeletion $ids[5] -Before Set-AuthressServiceClient
            { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv } } | Should -Throw '1 rows*'
            (Import-Csv -LiteralPath $failedCsv).ClientId | Should -Be $ids[5]
            @(Get-StoredClient | Where-Object { $_.Tag['team'] -eq 'a' }).Count | Should -Be 11
        }

        It 'where only an invisible character differs, with another delimiter' {
            $value = "test$([char] 0x200B)"
            [System.IO.File]::WriteAllText($csv, "ClientId;Tag`n$($ids[0]);env=$value`nsc_gone;env=a")
            { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $failedCsv; Delimiter = ';' } } | Should -Throw '1 rows*'
            [string]::Equals((Get-StoredClient $ids[0]).Tag.env, $value) | Should -BeTrue
            # The failed rows can be run again with the same delimiter.
            (Import-Csv -LiteralPath $failedCsv -Delimiter ';').ClientId | Should -Be 'sc_gone'
        }

        It 'never over its own file: <Way>' -ForEach @(
            @{ Way = 'the same path'; Path = { $csv } }
            @{ Way = 'a relative path'; Path = { "./$(Split-Path $TestDrive -Leaf)/../$(Split-Path $TestDrive -Leaf)/tags.csv" } }
            @{ Way = 'a hard link'; Path = { (New-Item -ItemType HardLink -Path "$TestDrive/hard.csv" -Value $csv -Force).FullName } }
            @{ Way = 'a symbolic link'; Path = { (New-Item -ItemType SymbolicLink -Path "$TestDrive/soft.csv" -Value $csv -Force).FullName } }
            @{ Way = 'a link to its folder'; Path = { "$((New-Item -ItemType SymbolicLink -Path "$TestDrive/folder" -Value $TestDrive -Force).FullName)/tags.csv" } }
            @{ Way = 'another case'; Path = { "$TestDrive/TAGS.csv" } }
        ) {
            Push-Location -LiteralPath (Split-Path $TestDrive)
            try {
                $same = & $Path
                if (-not (Test-Path -LiteralPath $same)) { Set-ItResult -Skipped -Because 'the file system has case'; return }
                $before = Get-Content -LiteralPath $csv -Raw
                { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = $same } } | Should -Throw '*is the file of -Path*'
                Get-Content -LiteralPath $csv -Raw | Should -BeExactly $before
                Get-EmulatorRequest | Should -BeNullOrEmpty
            }
            finally {
                Pop-Location
            }
        }

        It 'and refuses a folder that does not exist before it changes anything' {
            { Invoke-SampleHere 'Set-TagInBulk.ps1' @{ Path = $csv; FailedPath = (Join-Path $TestDrive 'none/failed.csv') } } | Should -Throw 'The folder of*'
            Get-EmulatorRequest | Should -BeNullOrEmpty
        }

        It 'only as a description under -WhatIf' {
            $shell = Invoke-Sample 'Set-TagInBulk.ps1' $csv, $failedCsv, '-WhatIf'
            @($shell.Line | Where-Object { $_ -match 'worker' }).Count | Should -Be 12
            Get-EmulatorRequest -Changing | Should -BeNullOrEmpty
            Test-Path -LiteralPath $failedCsv | Should -BeFalse
        }
    }
}
