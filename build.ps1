#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests and tries the module from PowerShell.
.DESCRIPTION
    A thin face on the same targets that 'dotnet build' and 'dotnet test' run, for people who are in PowerShell anyway.
.PARAMETER Task
    Build    leaves the module in artifacts/Authress (the default).
    Test     builds, runs 'dotnet test', and the Pester suite where Pester is installed.
    Docs     makes the MAML help in en-US from the pages in docs. Needs Microsoft.PowerShell.PlatyPS.
    Package  tests, and makes artifacts/Authress.VERSION.nupkg from the very files that were tested.
    Publish  packages, and publishes to the PowerShell Gallery where -ApiKey is given; says what it would do where not.
    Play     builds, starts the emulator and connects the present session to it.
.PARAMETER Configuration
    Release, unless Debug is asked for.
.PARAMETER ApiKey
    The PowerShell Gallery's API key, for Publish.
.EXAMPLE
    ./build.ps1
    Import-Module ./artifacts/Authress
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Publish', 'Play')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    [securestring] $ApiKey
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot

function Invoke-DotNet {
    # To the screen, and not into what the caller returns.
    & dotnet @args | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "'dotnet $($args -join ' ')' ended with exit code $LASTEXITCODE."
    }
}

function Invoke-AcceptanceSuite {
    $suite = Join-Path $root 'tests/Acceptance'
    if (-not (Get-ChildItem -Path $suite -Filter '*.Tests.ps1' -Recurse -ErrorAction Ignore)) {
        return
    }
    if (-not (Get-Module -ListAvailable -Name Pester | Where-Object Version -ge '5.5')) {
        Write-Warning 'Pester 5.5 or later is not installed, so the acceptance suite was not run.'
        return
    }
    $shell = (Get-Process -Id $PID).Path
    & $shell -NoProfile -File (Join-Path $suite 'Run.ps1')
    if ($LASTEXITCODE -ne 0) {
        throw 'The acceptance suite failed.'
    }
}

function Export-ExternalHelp {
    Import-Module Microsoft.PowerShell.PlatyPS
    $pages = Get-ChildItem -Path (Join-Path $root 'docs') -Filter '*-*.md' | Sort-Object -Property Name -Culture ''
    $commands = $pages | Import-MarkdownCommandHelp
    $made = Join-Path ([System.IO.Path]::GetTempPath()) ([System.IO.Path]::GetRandomFileName())
    $commands | Export-MamlCommandHelp -OutputFolder $made -Force | ForEach-Object {
        $help = [xml] (Get-Content -LiteralPath $_ -Raw)
        foreach ($command in $commands) {
            Complete-CommandHelp -Help $help -Command $command
        }
        # LF and no byte order mark, so that the same pages make the same file everywhere.
        $settings = [System.Xml.XmlWriterSettings] @{ Indent = $true; NewLineChars = "`n"; NewLineHandling = 'None'; Encoding = [System.Text.UTF8Encoding]::new($false) }
        $writer = [System.Xml.XmlWriter]::Create((Join-Path $root "en-US/$($_.Name)"), $settings)
        $help.Save($writer)
        $writer.WriteRaw("`n")
        $writer.Dispose()
    }
    Remove-Item -LiteralPath $made -Recurse
}

# What PlatyPS leaves out of a command's help, or leaves as Markdown: paragraphs, the parts of an example, default
# values, what comes from the pipeline, and links that lead somewhere from a prompt.
function Complete-CommandHelp([xml] $Help, $Command) {
    $spaces = [System.Xml.XmlNamespaceManager]::new($Help.NameTable)
    $spaces.AddNamespace('c', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
    $spaces.AddNamespace('m', 'http://schemas.microsoft.com/maml/2004/10')
    $spaces.AddNamespace('d', 'http://schemas.microsoft.com/maml/dev/2004/10')
    $node = $Help.SelectSingleNode("//c:command[c:details/c:name = '$($Command.Title)']", $spaces)

    foreach ($description in $node.SelectNodes('m:description | c:parameters/*/m:description | c:inputTypes/*/m:description | c:returnValues/*/m:description | m:alertSet/m:alert', $spaces)) {
        Write-Paragraph $description ((ConvertTo-PlainText $description.InnerText.Trim()) -split '\r?\n\s*\n')
    }

    foreach ($parameter in $node.SelectNodes('.//c:parameter', $spaces)) {
        $described = $Command.Parameters | Where-Object Name -eq $parameter.SelectSingleNode('m:name', $spaces).InnerText
        $sources = @(
            if ($described.ParameterSets.ValueFromPipeline -contains $true) { 'ByValue' }
            if ($described.ParameterSets.ValueFromPipelineByPropertyName -contains $true) { 'ByPropertyName' }
        )
        $parameter.SetAttribute('pipelineInput', $(if ($sources) { "True ($($sources -join ', '))" } else { 'False' }))
        $parameter.SetAttribute('variableLength', "$($described.Type.EndsWith('[]'))".ToLowerInvariant())
        $parameter.SetAttribute('globbing', "$($described.SupportsWildcards)".ToLowerInvariant())
        $type = $parameter.SelectSingleNode('c:parameterValue', $spaces)
        if ($type) {
            # The name that the syntax shows, not the full one.
            $type.InnerText = $node.SelectSingleNode("c:syntax/c:syntaxItem/c:parameter[m:name = '$($described.Name)']/c:parameterValue", $spaces).InnerText
            $type.SetAttribute('variableLength', $parameter.GetAttribute('variableLength'))
        }
        $value = $parameter.SelectSingleNode('d:defaultValue', $spaces)
        if (-not $value) {
            $value = $parameter.AppendChild($Help.CreateElement('dev', 'defaultValue', $spaces.LookupNamespace('d')))
        }
        $value.InnerText = if ($described.DefaultValue) { $described.DefaultValue } else { 'None' }
    }

    $examples = @($node.SelectNodes('c:examples/c:example', $spaces))
    for ($i = 0; $i -lt $examples.Count; $i++) {
        $text = $Command.Examples[$i].Remarks -replace '\r\n', "`n"
        if ($text -notmatch '(?s)^(?<intro>.+?)\n+```powershell\n(?<code>.+?)\n```\s*(```output\n(?<output>.+?)\n```\s*)?$') {
            throw "Example $($i + 1) of $($Command.Title) is not a sentence, a powershell block and, at most, an output block."
        }
        $parts = $Matches
        $examples[$i].SelectSingleNode('m:title', $spaces).InnerText = "--- $($Command.Examples[$i].Title) ---"
        # Get-Help puts the code right behind the introduction, and the next title right behind the remarks.
        Write-Paragraph $examples[$i].SelectSingleNode('m:introduction', $spaces) "$(ConvertTo-PlainText $parts.intro)`n`n"
        $examples[$i].SelectSingleNode('d:code', $spaces).InnerText = $parts.code
        Write-Paragraph $examples[$i].SelectSingleNode('d:remarks', $spaces) @($parts['output']; '')
    }

    foreach ($uri in $node.SelectNodes('c:relatedLinks/m:navigationLink/m:uri', $spaces)) {
        if ($uri.InnerText -notmatch '^https:') {
            # A page's neighbour: at a prompt its name is enough.
            $uri.InnerText = ''
        }
    }
}

# Markdown marks code within a sentence; a screen has no use for the marks.
function ConvertTo-PlainText([string] $Markdown) {
    $Markdown -replace '`([^`]+)`', '$1'
}

function Write-Paragraph($Node, [string[]] $Text) {
    while ($Node.HasChildNodes) {
        $null = $Node.RemoveChild($Node.FirstChild)
    }
    foreach ($paragraph in $Text) {
        $element = $Node.OwnerDocument.CreateElement('maml', 'para', 'http://schemas.microsoft.com/maml/2004/10')
        $element.InnerText = $paragraph
        $null = $Node.AppendChild($element)
    }
}

function Export-Package {
    # Everything comes from the manifest, so that the package can't say anything else than the module.
    $module = Join-Path $root 'artifacts/Authress'
    $manifest = Test-ModuleManifest (Join-Path $module 'Authress.psd1')
    $data = $manifest.PrivateData.PSData
    $tags = @($data.Tags) + 'PSModule' + 'PSIncludes_Cmdlet' + ($manifest.ExportedCmdlets.Keys | ForEach-Object { "PSCmdlet_$_", "PSCommand_$_" })
    $nuspec = [xml] '<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd"><metadata /><files><file src="**" target="" /></files></package>'
    $values = [ordered] @{
        id = 'Authress'; version = "$($manifest.Version)"; authors = $manifest.Author; copyright = $manifest.Copyright
        description = $manifest.Description; projectUrl = $data.ProjectUri; iconUrl = $data.IconUri
        releaseNotes = $data.ReleaseNotes; tags = $tags -join ' '
    }
    foreach ($name in $values.Keys) {
        $element = $nuspec.CreateElement($name, $nuspec.package.NamespaceURI)
        $element.InnerText = $values[$name]
        $null = $nuspec.package['metadata'].AppendChild($element)
    }
    $license = $nuspec.CreateElement('license', $nuspec.package.NamespaceURI)
    $license.SetAttribute('type', 'expression')
    $license.InnerText = 'Apache-2.0'
    $null = $nuspec.package['metadata'].AppendChild($license)
    $file = Join-Path $root 'artifacts/Authress.nuspec'
    $nuspec.Save($file)
    Invoke-DotNet pack (Join-Path $root 'src/Authress.PowerShell') --configuration $Configuration --no-build --output (Join-Path $root 'artifacts') `
        "-p:NuspecFile=$file" "-p:NuspecBasePath=$module" '-p:NoPackageAnalysis=true' '-p:NoWarn=NU5048'
    Remove-Item -LiteralPath $file
    Get-Item (Join-Path $root "artifacts/Authress.$($manifest.Version).nupkg")
}

Invoke-DotNet build (Join-Path $root 'Authress.PowerShell.sln') --configuration $Configuration

if ($Task -in 'Test', 'Package', 'Publish') {
    Invoke-DotNet test (Join-Path $root 'Authress.PowerShell.sln') --configuration $Configuration --no-build
    Invoke-AcceptanceSuite
}

switch ($Task) {
    'Docs' {
        Export-ExternalHelp
    }
    'Package' {
        Export-Package
    }
    'Publish' {
        $package = Export-Package
        if ($ApiKey) {
            $plain = [System.Net.NetworkCredential]::new('', $ApiKey).Password
            Publish-PSResource -NupkgPath $package -Repository PSGallery -ApiKey $plain
        }
        else {
            Write-Host "Would publish $package to the PowerShell Gallery. Nothing was sent, since no -ApiKey was given."
        }
    }
    'Play' {
        $emulator = Join-Path $root "src/Authress.Emulator/bin/$Configuration/net10.0/Authress.Emulator.dll"
        $start = [System.Diagnostics.ProcessStartInfo]::new('dotnet', "`"$emulator`" --port 0")
        $start.RedirectStandardOutput = $true
        $start.UseShellExecute = $false
        $process = [System.Diagnostics.Process]::Start($start)
        $line = $process.StandardOutput.ReadLine()
        if (-not $line) {
            throw 'The emulator did not start.'
        }
        $ready = $line | ConvertFrom-Json
        Import-Module (Join-Path $root 'artifacts/Authress/Authress.psd1') -Global -Force
        $key = [System.Net.NetworkCredential]::new('', $ready.accessKey).SecurePassword
        Connect-Authress -ApiUrl $ready.apiUrl -AccessKey $key
        Write-Host "Connected to the emulator at $($ready.apiUrl). End it with: Stop-Process -Id $($process.Id)"
    }
}
