# Invoke-RestMethod as a subject, in its two usual forms: a loop and ForEach-Object -Parallel. Reads jobs and writes
# outcomes as lines of JSON.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$clients = $env:AUTHRESS_API_URL.TrimEnd('/') + '/v1/clients'
$headers = @{ Authorization = 'Bearer bench'; Accept = 'application/links+json' }

[Console]::Out.WriteLine((@{ version = "PowerShell $($PSVersionTable.PSVersion)" } | ConvertTo-Json -Compress))
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $job = $line | ConvertFrom-Json
    $run = $job.run
    $numbers = 1..$job.count
    [GC]::Collect()
    $allocated = [GC]::GetTotalAllocatedBytes($true)
    $processor = [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $responses = switch ("$($job.operation) $($job.inFlight -gt 1)") {
        'Get False' { foreach ($i in $numbers) { Invoke-RestMethod "$clients/sc_run${run}x$i" -Headers $headers } }
        'Create False' { foreach ($i in $numbers) { Invoke-RestMethod $clients -Method Post -Headers $headers -ContentType application/json -Body "{`"name`":`"Client $i of run $run`",`"tags`":{`"env`":`"bench`"}}" } }
        'Delete False' { foreach ($i in $numbers) { Invoke-RestMethod "$clients/sc_run${run}x$i" -Method Delete -Headers $headers } }
        'Get True' { $numbers | ForEach-Object -ThrottleLimit $job.inFlight -Parallel { Invoke-RestMethod "$using:clients/sc_run${using:run}x$_" -Headers $using:headers } }
        'Create True' { $numbers | ForEach-Object -ThrottleLimit $job.inFlight -Parallel { Invoke-RestMethod $using:clients -Method Post -Headers $using:headers -ContentType application/json -Body "{`"name`":`"Client $_ of run $using:run`",`"tags`":{`"env`":`"bench`"}}" } }
        'Delete True' { $numbers | ForEach-Object -ThrottleLimit $job.inFlight -Parallel { Invoke-RestMethod "$using:clients/sc_run${using:run}x$_" -Method Delete -Headers $using:headers } }
    }
    $seconds = $watch.Elapsed.TotalSeconds
    $processor = [Diagnostics.Process]::GetCurrentProcess().TotalProcessorTime - $processor
    $done = if ($job.operation -eq 'Delete') { $job.count } else { @($responses).Count }
    [Console]::Out.WriteLine((@{ done = $done; seconds = $seconds; processorSeconds = $processor.TotalSeconds; allocatedBytes = [GC]::GetTotalAllocatedBytes($true) - $allocated } | ConvertTo-Json -Compress))
}
