# The script can see these two variables, so their names are unlikely to be its own.
param([string] $PlaygroundScript)
$playground = @{ Errors = 0 }

# A parse error is reported as such, not as a failure of the method Create.
try { $playground.Script = [scriptblock]::Create($PlaygroundScript) } catch { throw $_.Exception.InnerException }

# A call on a first line: PowerShell shows no position for its errors, which would be a line that the user did not type.
$playground.Call = [scriptblock]::Create('& $args[0] 2>&1')

# Counts the errors. A merged error is still shown on the host's error stream. The error output of a native command is no
# error, and is written to the error stream directly, because it would otherwise be shown among the results.
& $playground.Call $playground.Script | & {
    begin {
        $formatter = { Out-Default }.GetSteppablePipeline()
        $formatter.Begin($true)
    }
    process {
        if ($_ -isnot [System.Management.Automation.ErrorRecord]) { $formatter.Process($_) }
        elseif ($_.FullyQualifiedErrorId -like 'NativeCommandError*') { [Console]::Error.WriteLine($_.Exception.Message) }
        else { $playground.Errors++; $formatter.Process($_) }
    }
    clean {
        # The formatter holds the first rows of a table. An exit would discard them if the formatter were part of the pipeline.
        $formatter.End()
    }
}

if ($playground.Errors) { exit 1 }
