#Requires -Modules Microsoft.PowerShell.PlatyPS
<#
.SYNOPSIS
    Generates the MAML help in en-US from the pages in docs.
.DESCRIPTION
    './build.ps1 -Task Docs' runs this script.
#>
$ErrorActionPreference = 'Stop'

# Adds what PlatyPS omits from a command's help or leaves as Markdown: paragraphs, the parts of an example, default
# values, pipeline input, and links that work from a prompt.
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
            # The short type name, as in the syntax.
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
        # Get-Help writes no blank line after the introduction and the remarks.
        Write-Paragraph $examples[$i].SelectSingleNode('m:introduction', $spaces) "$(ConvertTo-PlainText $parts.intro)`n`n"
        $examples[$i].SelectSingleNode('d:code', $spaces).InnerText = $parts.code
        Write-Paragraph $examples[$i].SelectSingleNode('d:remarks', $spaces) @($parts['output']; '')
    }

    foreach ($uri in $node.SelectNodes('c:relatedLinks/m:navigationLink/m:uri', $spaces)) {
        if ($uri.InnerText -notmatch '^https:') {
            # A page in the same folder: at a prompt its name is enough.
            $uri.InnerText = ''
        }
    }
}

# Removes Markdown's code marks.
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

Import-Module Microsoft.PowerShell.PlatyPS
$pages = Get-ChildItem -Path $PSScriptRoot -Filter '*-*.md' | Sort-Object -Property Name -Culture ''
$commands = $pages | Import-MarkdownCommandHelp
$made = Join-Path ([System.IO.Path]::GetTempPath()) ([System.IO.Path]::GetRandomFileName())
$commands | Export-MamlCommandHelp -OutputFolder $made -Force | ForEach-Object {
    $help = [xml] (Get-Content -LiteralPath $_ -Raw)
    foreach ($command in $commands) {
        Complete-CommandHelp -Help $help -Command $command
    }
    # LF and no byte order mark, so that the file is the same on every system.
    $settings = [System.Xml.XmlWriterSettings] @{ Indent = $true; NewLineChars = "`n"; NewLineHandling = 'None'; Encoding = [System.Text.UTF8Encoding]::new($false) }
    $writer = [System.Xml.XmlWriter]::Create((Join-Path $PSScriptRoot "../en-US/$($_.Name)"), $settings)
    $help.Save($writer)
    $writer.WriteRaw("`n")
    $writer.Dispose()
}
Remove-Item -LiteralPath $made -Recurse
