# How samples are run by tests. A test file dot-sources it, so that a sample runs in the session of the test.

# Runs a sample as a runbook would be run.
function Invoke-Sample {
    param([string] $Name, [string[]] $ArgumentList = @(), [hashtable] $Environment = @{})
    Invoke-Shell -File (Join-Path (Get-TestPath).Samples $Name) -ArgumentList $ArgumentList -Environment $Environment
}

# Runs a sample in this session, where its objects can be looked at.
function Invoke-SampleHere {
    param([string] $Name, [hashtable] $Argument = @{})
    & (Join-Path (Get-TestPath).Samples $Name) @Argument
}

# Runs a sample in this session, in another culture.
function Invoke-SampleInCulture {
    param([string] $Culture, [string] $Name, [hashtable] $Argument = @{})
    $thread = [System.Threading.Thread]::CurrentThread
    $own = $thread.CurrentCulture
    $thread.CurrentCulture = $Culture
    try { Invoke-SampleHere $Name $Argument } finally { $thread.CurrentCulture = $own }
}

# Deletes a client immediately before a sample first runs a command.
function Add-ClientDeletion {
    param([string] $ClientId, [string] $Before)
    # The job's own connection is read-only.
    $deletion = @{ ClientId = $ClientId; Connection = Get-AuthressConnection }
    $action = {
        if ($deletion.ClientId) {
            Remove-AuthressServiceClient @deletion -Confirm:$false
            $deletion.ClientId = $null
        }
    }
    $null = Set-PSBreakpoint -Command $Before -Action $action.GetNewClosure()
}

# A sample finds the module as an installed one.
function Enter-Sample {
    Clear-Emulator
    $script:ownPath = $env:PSModulePath
    $env:PSModulePath = (Split-Path (Get-TestPath).Module) + [System.IO.Path]::PathSeparator + $env:PSModulePath
}

function Exit-Sample {
    $env:PSModulePath = $ownPath
    Get-PSBreakpoint | Remove-PSBreakpoint
}
