# What every file of the acceptance suite uses: the module as it ships, an emulator of its own for each file, and shells
# of their own for what only shows in a fresh one. Written for Windows PowerShell 5.1 as well as for PowerShell 7.
Set-StrictMode -Version 3

$script:root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).ProviderPath
$script:artifacts = Join-Path $script:root 'artifacts'
$script:isWindowsHere = $PSVersionTable.PSEdition -eq 'Desktop' -or $IsWindows
$script:emulator = $null
$script:ownState = $env:XDG_STATE_HOME

<#
.SYNOPSIS
    The paths of what is tested.
#>
function Get-TestPath {
    [pscustomobject]@{
        Root     = $script:root
        Module   = Join-Path $script:artifacts 'Authress'
        Manifest = Join-Path $script:artifacts 'Authress/Authress.psd1'
        Help     = Join-Path $script:artifacts 'Authress/en-US/Authress.PowerShell.dll-Help.xml'
        Samples  = Join-Path $script:root 'samples'
        StandIns = Join-Path $script:root 'tests/StandIns'
    }
}

<#
.SYNOPSIS
    Imports the module as it ships, for a whole session.
#>
function Import-AuthressModule {
    Import-Module (Get-TestPath).Manifest -Global -ErrorAction Stop
}

<#
.SYNOPSIS
    Makes a SecureString of a text.
#>
function ConvertTo-Secret {
    param([Parameter(Mandatory = $true)][string] $Text)
    (New-Object System.Net.NetworkCredential '', $Text).SecurePassword
}

<#
.SYNOPSIS
    Reads a SecureString.
#>
function ConvertFrom-Secret {
    param([Parameter(Mandatory = $true)][securestring] $Secret)
    (New-Object System.Net.NetworkCredential '', $Secret).Password
}

# The emulator of whichever configuration was built last.
function Find-EmulatorProgram {
    $built = Get-ChildItem -Path (Join-Path $script:root 'src/Authress.Emulator/bin/*/net*/Authress.Emulator.dll') |
        Sort-Object -Property LastWriteTimeUtc -Descending | Select-Object -First 1
    if (-not $built) {
        throw 'The emulator is not built: run dotnet build first.'
    }
    $built.FullName
}

<#
.SYNOPSIS
    Starts an emulator on a free port and connects this session to it. Its data file tells what is really stored.
.PARAMETER Data
    The text of a data file to start with, instead of an empty account.
#>
function Open-Emulator {
    param([string] $Data)
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) ('authress-' + [guid]::NewGuid().ToString('N'))
    $null = New-Item -ItemType Directory -Path $folder
    # Rotations of tests don't belong in the journal of the user who runs them.
    $env:XDG_STATE_HOME = Join-Path $folder 'state'
    $dataFile = Join-Path $folder 'account.json'
    if ($Data) {
        [System.IO.File]::WriteAllText($dataFile, $Data)
    }
    $start = New-Object System.Diagnostics.ProcessStartInfo 'dotnet', ('"{0}" --port 0 --data "{1}"' -f (Find-EmulatorProgram), $dataFile)
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $process = [System.Diagnostics.Process]::Start($start)
    $line = $process.StandardOutput.ReadLine()
    if (-not $line) {
        throw 'The emulator did not start.'
    }
    $ready = $line | ConvertFrom-Json
    $stored = Get-Content -LiteralPath $dataFile -Raw -Encoding UTF8 | ConvertFrom-Json
    $script:emulator = [pscustomobject]@{
        Process   = $process
        Folder    = $folder
        DataFile  = $dataFile
        ApiUrl    = $ready.apiUrl
        AccountId = $ready.accountId
        AccessKey = $ready.accessKey
        ClientId  = $stored.administrator.clientId
        KeyId     = $stored.administrator.key.keyId
    }
    Connect-Emulator
    $script:emulator
}

<#
.SYNOPSIS
    Ends the emulator and removes its files.
#>
function Close-Emulator {
    if ($null -eq $script:emulator) {
        return
    }
    $process = $script:emulator.Process
    if (-not $process.HasExited) {
        $process.Kill()
    }
    $process.WaitForExit()
    $process.Dispose()
    Remove-Item -LiteralPath $script:emulator.Folder -Recurse -Force
    $env:XDG_STATE_HOME = $script:ownState
    $script:emulator = $null
}

<#
.SYNOPSIS
    Empties the account but for its administrator, and connects this session anew.
#>
function Clear-Emulator {
    $null = Invoke-RestMethod -Method Post -Uri ($script:emulator.ApiUrl + '/_emulator/reset')
    Connect-Emulator
}

<#
.SYNOPSIS
    Connects this session to the emulator as its administrator.
#>
function Connect-Emulator {
    Connect-Authress -ApiUrl $script:emulator.ApiUrl -AccessKey (ConvertTo-Secret $script:emulator.AccessKey)
}

<#
.SYNOPSIS
    What arrived at the emulator, oldest first; with -Changing only what was to change something.
#>
function Get-EmulatorRequest {
    param([switch] $Changing)
    $requests = Invoke-RestMethod -Uri ($script:emulator.ApiUrl + '/_emulator/requests')
    @($requests) | Where-Object { $_ -and (-not $Changing -or $_.method -notin 'GET', 'HEAD', 'OPTIONS') }
}

<#
.SYNOPSIS
    Forgets what arrived so far.
#>
function Clear-EmulatorRequest {
    $null = Invoke-RestMethod -Method Delete -Uri ($script:emulator.ApiUrl + '/_emulator/requests')
}

<#
.SYNOPSIS
    Lets something go wrong.
#>
function Add-EmulatorFault {
    param(
        [string] $Method = '*',
        [string] $Path = '*',
        [int] $Times = 1,
        [Parameter(Mandatory = $true)] $Fault
    )
    $rule = ConvertTo-Json @{ method = $Method; path = $Path; times = $Times; fault = $Fault } -Depth 5
    $null = Invoke-RestMethod -Method Post -Uri ($script:emulator.ApiUrl + '/_emulator/faults') -Body $rule -ContentType 'application/json'
}

<#
.SYNOPSIS
    The clients as the emulator stores them, less its administrator: read from its file, so that no cmdlet vouches for another.
#>
function Get-StoredClient {
    param([string] $ClientId)
    $stored = Get-Content -LiteralPath $script:emulator.DataFile -Raw -Encoding UTF8 | ConvertFrom-Json
    foreach ($client in $stored.clients) {
        if (($ClientId -and $client.clientId -ne $ClientId) -or (-not $ClientId -and $client.clientId -eq $script:emulator.ClientId)) {
            continue
        }
        $document = $client.document
        $tag = @{}
        if ($document.PSObject.Properties['tags'] -and $document.tags) {
            foreach ($property in $document.tags.PSObject.Properties) {
                $tag[$property.Name] = $property.Value
            }
        }
        $limit = $null
        if ($document.PSObject.Properties['rateLimits'] -and $document.rateLimits) {
            $limit = '{0}:{1}' -f $document.rateLimits[0].duration, $document.rateLimits[0].quota
        }
        $name = $null
        if ($document.PSObject.Properties['name']) {
            $name = $document.name
        }
        [pscustomobject]@{
            ClientId                   = $client.clientId
            Name                       = $name
            Tag                        = $tag
            GrantUserPermissionsAccess = $document.options.grantUserPermissionsAccess
            GrantTokenGeneration       = $document.options.grantTokenGeneration
            RateLimit                  = $limit
            KeyId                      = @($client.keys | ForEach-Object { $_.keyId })
        }
    }
}

<#
.SYNOPSIS
    Makes a client and returns its id.
#>
function Add-StoredClient {
    param([string] $Name = 'demo', [hashtable] $Document = @{})
    $body = @{ name = $Name } + $Document
    (Invoke-AuthressRequest -Path 'v1/clients' -Method POST -Body $body -Confirm:$false -ErrorAction Stop).clientId
}

<#
.SYNOPSIS
    Makes an access key and returns its id and its text.
#>
function Add-StoredKey {
    param([Parameter(Mandatory = $true)][string] $ClientId)
    $answer = Invoke-AuthressRequest -Path "v1/clients/$ClientId/access-keys" -Method POST -Body @{} -Confirm:$false -ErrorAction Stop
    [pscustomobject]@{ KeyId = $answer.keyId; Text = $answer.accessKey }
}

<#
.SYNOPSIS
    A string for a program's command line.
#>
function ConvertTo-Argument {
    param([string] $Text)
    if ($Text -match '[\s"]') {
        '"' + ($Text -replace '(\\*)"', '$1$1\"' -replace '(\\+)$', '$1$1') + '"'
    }
    elseif ($Text) {
        $Text
    }
    else {
        '""'
    }
}

<#
.SYNOPSIS
    Runs a script in a shell of its own, as a runbook would be run, and tells its output, its errors and its exit code.
.PARAMETER Script
    The script's text.
.PARAMETER File
    A script that is there already.
.PARAMETER ArgumentList
    What the file is called with.
.PARAMETER Answer
    The lines that are typed. With them the shell may ask; without it is -NonInteractive.
.PARAMETER OutputFormat
    How the output is written: Text, or XML as for a shell that another shell started for a script block.
.PARAMETER LoadProfile
    Runs the user's profile first.
.PARAMETER Environment
    What is put into the environment. AUTHRESS_API_URL and AUTHRESS_KEY are the emulator's, unless something else is said.
#>
function Invoke-Shell {
    param(
        [Parameter(Mandatory = $true, ParameterSetName = 'Script')][string] $Script,
        [Parameter(Mandatory = $true, ParameterSetName = 'File')][string] $File,
        [Parameter(ParameterSetName = 'File')][string[]] $ArgumentList = @(),
        [string[]] $Answer,
        [ValidateSet('Text', 'XML')][string] $OutputFormat = 'Text',
        [switch] $LoadProfile,
        [hashtable] $Environment = @{}
    )
    if (-not $File) {
        $File = Join-Path $script:emulator.Folder ([guid]::NewGuid().ToString('N') + '.ps1')
        [System.IO.File]::WriteAllText($File, $Script)
    }
    $arguments = @('-NoLogo')
    if (-not $LoadProfile) {
        $arguments += '-NoProfile'
    }
    if (-not $Answer) {
        $arguments += '-NonInteractive'
    }
    if ($script:isWindowsHere) {
        $arguments += '-ExecutionPolicy', 'Bypass'
    }
    if ($OutputFormat -ne 'Text') {
        $arguments += '-OutputFormat', $OutputFormat
    }
    $arguments += '-File', $File
    $arguments += $ArgumentList

    $start = New-Object System.Diagnostics.ProcessStartInfo (Get-Process -Id $PID).Path
    if ($start.FileName -match '[\\/]dotnet(\.exe)?$') {
        # The pinned shell is a program that dotnet runs.
        $arguments = @(Join-Path $PSHOME 'pwsh.dll') + $arguments
    }
    $start.Arguments = ($arguments | ForEach-Object { ConvertTo-Argument $_ }) -join ' '
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $values = @{
        AUTHRESS_API_URL            = $script:emulator.ApiUrl
        AUTHRESS_KEY                = $script:emulator.AccessKey
        NO_COLOR                    = '1'
        POWERSHELL_TELEMETRY_OPTOUT = '1'
        POWERSHELL_UPDATECHECK      = 'Off'
        PSModulePath                = $script:artifacts + [System.IO.Path]::PathSeparator + $env:PSModulePath
    }
    foreach ($name in $Environment.Keys) {
        $values[$name] = $Environment[$name]
    }
    foreach ($name in $values.Keys) {
        $start.EnvironmentVariables[$name] = $values[$name]
    }
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $problems = $process.StandardError.ReadToEndAsync()
        foreach ($line in $Answer) {
            $process.StandardInput.WriteLine($line)
        }
        $process.StandardInput.Close()
        $text = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject]@{
            Output      = $text.Trim()
            Line        = @($text -split '\r?\n' | Where-Object { $_ })
            ErrorOutput = $problems.Result.Trim()
            ExitCode    = $process.ExitCode
        }
    }
    finally {
        $process.Dispose()
    }
}

<#
.SYNOPSIS
    The forms in which a secret could stand somewhere: as it is, and as hex and base64 of its UTF-8 and UTF-16 bytes.
#>
function Get-SecretForm {
    param([Parameter(Mandatory = $true)][string] $Secret)
    $utf8 = [System.Text.Encoding]::UTF8.GetBytes($Secret)
    $utf16 = [System.Text.Encoding]::Unicode.GetBytes($Secret)
    $Secret
    $Secret.ToCharArray() -join "`0"
    foreach ($bytes in $utf8, $utf16) {
        [System.BitConverter]::ToString($bytes).Replace('-', '')
        # Wherever it stands in a longer text, base64 reads differently with each of the three alignments. The ends hang
        # on what stands beside them and are left out.
        foreach ($offset in 0..2) {
            $text = [System.Convert]::ToBase64String((New-Object byte[] $offset) + $bytes)
            $text.Substring(4, $text.Length - 8)
        }
    }
}

<#
.SYNOPSIS
    The forms of a secret that a text contains; none where it keeps the secret.
#>
function Find-Secret {
    param(
        [Parameter(Mandatory = $true)][string] $Secret,
        [Parameter(Mandatory = $true)][AllowEmptyString()][string] $Text
    )
    Get-SecretForm $Secret | Where-Object { $Text.IndexOf($_, [System.StringComparison]::OrdinalIgnoreCase) -ge 0 }
}

<#
.SYNOPSIS
    The part of an access key that nobody may see.
#>
function Get-SecretPart {
    param([Parameter(Mandatory = $true)][string] $AccessKey)
    $AccessKey.Split('.')[3]
}

Export-ModuleMember -Function Get-TestPath, Import-AuthressModule, ConvertTo-Secret, ConvertFrom-Secret, Open-Emulator, Close-Emulator,
    Clear-Emulator, Connect-Emulator, Get-EmulatorRequest, Clear-EmulatorRequest, Add-EmulatorFault, Get-StoredClient, Add-StoredClient,
    Add-StoredKey, Invoke-Shell, Find-Secret, Get-SecretForm, Get-SecretPart
