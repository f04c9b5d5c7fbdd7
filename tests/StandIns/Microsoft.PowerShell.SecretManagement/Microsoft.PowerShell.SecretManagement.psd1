@{
    RootModule        = 'Microsoft.PowerShell.SecretManagement.psm1'
    ModuleVersion     = '1.1.2'
    GUID              = 'a5c858f6-4a8e-41f1-b1ee-0ff8f6ad69d3'
    Author            = 'Authress'
    Description       = 'Stands in for SecretManagement in the tests, with a vault for each kind of trouble.'
    FunctionsToExport = @('Get-Secret', 'Get-SecretInfo', 'Get-SecretVault', 'Remove-Secret', 'Set-Secret', 'Set-SecretInfo', 'Unregister-SecretVault')
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
