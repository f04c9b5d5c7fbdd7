@{
    RootModule        = 'EmptyModule.dll'
    ModuleVersion     = '0.1.0'
    GUID              = '2a6b3a0c-7d3c-4c0b-9a51-0a4c7f6d1f0e'
    Author            = 'Authress'
    Description       = 'A module with one cmdlet that does nothing, to measure what an import costs.'
    PowerShellVersion = '5.1'
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport   = @()
    CmdletsToExport   = @('Get-Nothing')
}
