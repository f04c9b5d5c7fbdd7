#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5' }
# Every example of every help page, run as it stands there, in a session of its own for each page, against an account that
# is seeded for the purpose. What it shows must be what the page shows, but for ids, dates and durations.
# PowerShell 7 only: the pages are written for it, and some examples use what came with it.

BeforeDiscovery {
    $runs = $PSVersionTable.PSVersion.Major -ge 7
    $folder = Join-Path $PSScriptRoot '../../docs'
    $pages = foreach ($file in Get-ChildItem -Path $folder -Filter '*-*.md' | Sort-Object -Property Name) {
        $text = [System.IO.File]::ReadAllText($file.FullName) -replace "`r`n", "`n"
        $examples = [regex]::Matches($text, '(?ms)^### (?<title>Example (?<number>\d+): [^\n]+)\n(?<intro>.+?)^```powershell\n(?<code>.+?)\n```\n(\n```output\n(?<output>.+?)\n```\n)?') | ForEach-Object {
            @{ Number = [int] $_.Groups['number'].Value; Title = $_.Groups['title'].Value; Code = $_.Groups['code'].Value; Output = $_.Groups['output'].Value }
        }
        # A block that the pattern misses would not be run, and nobody would know.
        $blocks = [regex]::Matches($text, '(?m)^```powershell$').Count
        @{ Page = $file.BaseName; Examples = @($examples); Blocks = $blocks }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Acceptance.psm1') -Force
    Import-AuthressModule

    # The account of the pages: their ages are dates here, so that what is old there stays old.
    function Initialize-Account {
        $emulator = Open-Emulator
        try {
            $invoices = New-AuthressServiceClient -Name 'Nightly invoices' -Tag 'env=prod;team=billing'
            $report = New-AuthressServiceClient -Name 'Report builder' -Tag 'env=prod;team=data' -GrantUserPermissionsAccess $true
            $deploy = New-AuthressServiceClient -Name 'Deploy pipeline' -Tag 'env=test;team=platform' -RateLimit PT1H:1000
            $null = New-AuthressServiceClient -Name 'Old importer' -Tag 'env=test;team=data'
            $dates = [ordered] @{}
            $invoices | New-AuthressAccessKey | ForEach-Object { $dates[$_.KeyId] = '2025-09-29T08:00:00+00:00' }
            $invoices | New-AuthressAccessKey | ForEach-Object { $dates[$_.KeyId] = [datetime]::UtcNow.AddDays(-21).ToString('yyyy-MM-ddTHH:mm:ss') + '+00:00' }
            $report | New-AuthressAccessKey | ForEach-Object { $dates[$_.KeyId] = '2026-08-11T08:00:00+00:00' }
            $deploy | New-AuthressAccessKey | ForEach-Object { $dates[$_.KeyId] = [datetime]::UtcNow.AddDays(-3).ToString('yyyy-MM-ddTHH:mm:ss') + '+00:00' }
            $data = [System.IO.File]::ReadAllText($emulator.DataFile)
            foreach ($keyId in $dates.Keys) {
                $pattern = '(?s)("keyId":\s*"' + [regex]::Escape($keyId) + '".*?"generationDate":\s*")[^"]+'
                $data | Should -Match $pattern
                $data = $data -replace $pattern, ('${1}' + $dates[$keyId])
            }
            $data
        }
        finally {
            Close-Emulator
        }
    }

    # Runs a page's examples one after the other, a statement at a time, as if they were typed.
    $runner = {
        # Long names, since the examples set variables of their own beside these.
        param($ExampleInFile, $ExampleOutFile)
        Import-Module Authress
        $ProgressPreference = 'SilentlyContinue'
        $exampleResults = foreach ($exampleRun in Get-Content -LiteralPath $ExampleInFile -Raw | ConvertFrom-Json) {
            Connect-Authress
            $Error.Clear()
            $exampleShown = [System.Text.StringBuilder]::new()
            $exampleErrors = [System.Collections.Generic.List[string]]::new()
            $exampleTree = [System.Management.Automation.Language.Parser]::ParseInput($exampleRun.Code, [ref] $null, [ref] $null)
            foreach ($exampleStatement in $exampleTree.EndBlock.Statements) {
                $exampleTranscript = [System.IO.Path]::GetTempFileName()
                # What -WhatIf says goes to the screen alone; a transcript has it.
                $null = Start-Transcript -LiteralPath $exampleTranscript -UseMinimalHeader
                $exampleText = try {
                    . ([scriptblock]::Create($exampleStatement.Extent.Text)) 2>&1 3>&1 | ForEach-Object {
                        if ($_ -is [System.Management.Automation.ErrorRecord]) { $exampleErrors.Add("$_") }
                        if ($_ -is [System.Management.Automation.WarningRecord]) { "WARNING: $_" } else { $_ }
                    } | Out-String -Width 100
                }
                catch {
                    $exampleErrors.Add("$_")
                    $_ | Out-String -Width 100
                }
                $null = Stop-Transcript
                $exampleSaid = Get-Content -LiteralPath $exampleTranscript | Where-Object { $_ -like 'What if: *' }
                Remove-Item -LiteralPath $exampleTranscript
                $null = $exampleShown.AppendLine(($exampleSaid -join "`n")).AppendLine($exampleText -join "`n")
            }
            @{ Number = $exampleRun.Number; Output = $exampleShown.ToString(); Errors = @($exampleErrors) }
        }
        ConvertTo-Json @($exampleResults) -Depth 4 | Set-Content -LiteralPath $ExampleOutFile
    }

    # A runspace is a session of its own as well as a shell is, and starts in a tenth of the time.
    function Invoke-Session([scriptblock] $Script, [object[]] $ArgumentList, [string] $Location, [hashtable] $Environment) {
        $before = @{}
        foreach ($name in $Environment.Keys) {
            $before[$name] = [System.Environment]::GetEnvironmentVariable($name)
            [System.Environment]::SetEnvironmentVariable($name, $Environment[$name])
        }
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        $session = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $null = $session.AddCommand('Set-Location').AddParameter('LiteralPath', $Location).AddStatement().AddScript($Script)
            foreach ($argument in $ArgumentList) {
                $null = $session.AddArgument($argument)
            }
            $session.Invoke()
            $session.Streams.Error
        }
        finally {
            $session.Dispose()
            $PSStyle.OutputRendering = $rendering
            foreach ($name in $before.Keys) {
                [System.Environment]::SetEnvironmentVariable($name, $before[$name])
            }
        }
    }

    # What differs from run to run is replaced by what it is; how lines were wrapped does not matter.
    function ConvertTo-Shape([string] $Text) {
        $shape = $Text -replace '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', '<guid>'
        $shape = $shape -creplace 'Error id: \w+', 'Error id: <id>'
        $shape = $shape -creplace '\bsc_[A-Za-z0-9]+', '<client>'
        $shape = $shape -creplace '\bacc-[a-z0-9]+', '<account>'
        $shape = $shape -replace 'http://(localhost|127\.0\.0\.1|\[::1\]):\d+', 'http://<local>'
        $shape = $shape -replace '\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d( [+-]\d\d:\d\d|Z))?', '<time>'
        $shape = $shape -creplace '\b\d\d-\d\d \d\d:\d\dZ', '<time>'
        $shape = $shape -replace '\b(\d+ (minute|hour|day|month|year)s?|now)\b', '<age>'
        $shape = $shape -replace '\b[\d,]+ ms\b', '<time>' -replace '(?m)^(ClockSkew\s*: ).*$', '$1<skew>'
        $shape = $shape -creplace '[A-Za-z0-9+/_-]{43,}=*', '<key>' -creplace '-{2,}', '--' -creplace '\b[A-Za-z0-9]{6}\b', '<id>'
        $shape = [regex]::Replace($shape, '\S+=\S+(;\S+=\S+)+', { param($tags) ($tags.Value -split '(?<!\\);' | Sort-Object) -join ';' })
        $lines = $shape -split "`n" | ForEach-Object { $_ -replace '\s+', '' } | Where-Object { $_ }
        [pscustomobject]@{ Whole = $lines -join ''; Lines = ($lines | Sort-Object -Culture '') -join "`n" }
    }

    if ($PSVersionTable.PSVersion.Major -ge 7) {
        $account = Initialize-Account
    }
}

Describe 'The examples of <Page>' -ForEach $pages -Skip:(-not $runs) -Tag Examples {
    BeforeAll {
        $emulator = Open-Emulator -Data $account
        $workFolder = Join-Path $emulator.Folder 'work'
        $null = New-Item -ItemType Directory -Path $workFolder
        $inFile = Join-Path $emulator.Folder 'examples.json'
        $outFile = Join-Path $emulator.Folder 'results.json'
        ConvertTo-Json @($Examples) -Depth 4 | Set-Content -LiteralPath $inFile
        $ran = Invoke-Session -Script $runner -ArgumentList $inFile, $outFile -Location $workFolder -Environment @{
            AUTHRESS_API_URL = $emulator.ApiUrl
            AUTHRESS_KEY     = $emulator.AccessKey
            # Examples with a vault use the one that stands in for SecretManagement.
            PSModulePath     = (Split-Path (Get-TestPath).Module), (Get-TestPath).StandIns, $env:PSModulePath -join [System.IO.Path]::PathSeparator
        }
        $results = @{}
        if (Test-Path -LiteralPath $outFile) {
            Get-Content -LiteralPath $outFile -Raw | ConvertFrom-Json | ForEach-Object { $results[[int] $_.Number] = $_ }
        }
    }

    AfterAll {
        Close-Emulator
    }

    It 'are all found' {
        $Examples.Count | Should -Be $Blocks
        $Examples.Count | Should -BeGreaterOrEqual 3
    }

    It 'were run to the end' {
        $results.Count | Should -Be $Examples.Count -Because ($ran | Out-String)
    }

    It '<Title>' -ForEach $Examples {
        $result = $results[$Number]
        $expected = ConvertTo-Shape $Output
        foreach ($text in $result.Errors) {
            $expected.Whole | Should -BeLike ('*' + [WildcardPattern]::Escape((ConvertTo-Shape $text).Whole) + '*') -Because 'an error must be on the page'
        }
        # Windows has other files' modes and other words for a refused connection.
        if ($IsWindows) {
            return
        }
        $actual = ConvertTo-Shape $result.Output
        if ($actual.Whole -cne $expected.Whole) {
            $actual.Lines | Should -BeExactly $expected.Lines -Because $result.Output
        }
    }
}
