# The script sees these two names; none that it is likely to use itself.
param([string] $PlaygroundScript)
$playground = @{ Errors = 0 }

# A script that does not parse is reported as such, and not as the failure of a method called Create.
try { $playground.Script = [scriptblock]::Create($PlaygroundScript) } catch { throw $_.Exception.InnerException }

# On a first line of its own: an error shows the position of a call on any other line, and nobody typed this one.
$playground.Call = [scriptblock]::Create('& $args[0] 2>&1')

# A merged error still goes to the host's error stream when it is shown, so errors can be counted as they pass.
# What a native command writes to its error stream is no error, but it would be shown among the results.
& $playground.Call $playground.Script | & {
    process {
        if ($_ -isnot [System.Management.Automation.ErrorRecord]) { $_ }
        elseif ($_.FullyQualifiedErrorId -like 'NativeCommandError*') { [Console]::Error.WriteLine($_.Exception.Message) }
        else { $playground.Errors++; $_ }
    }
}

if ($playground.Errors) { exit 1 }
