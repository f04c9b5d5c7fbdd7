# Runs a script as at a prompt: shows each comment, then shows and runs each statement.
param([string] $Path)

# A step that fails ends the tour.
$ErrorActionPreference = 'Stop'

$tokens = $null
$parseErrors = $null
$script = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref] $tokens, [ref] $parseErrors)
if ($parseErrors) { throw $parseErrors[0].Message }

$parts = @($tokens | Where-Object Kind -EQ Comment) + @($script.EndBlock.Statements)
$parts = [System.Linq.Enumerable]::OrderBy([object[]] $parts, [Func[object, int]] { param($part) $part.Extent.StartOffset })

# The formatter's output already ends with a blank line.
$apart = $false
foreach ($part in $parts) {
    if ($part -is [System.Management.Automation.Language.Token]) {
        if (-not $apart) { Write-Host '' }
        Write-Host $part.Text -ForegroundColor Green
        $apart = $true
        continue
    }

    Write-Host 'PS> ' -NoNewline
    Write-Host $part.Extent.Text -ForegroundColor Yellow
    $apart = $false
    . ([scriptblock]::Create($part.Extent.Text)) | ForEach-Object { $apart = $true; $_ } | Out-Default
}
