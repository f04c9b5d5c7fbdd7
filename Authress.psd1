@{
    # The .NET build serves PowerShell 7.4 and later; the .NET Framework build serves Windows PowerShell 5.1.
    RootModule           = if ($PSEdition -eq 'Core') { 'net8.0/Authress.PowerShell.dll' } else { 'net472/Authress.PowerShell.dll' }

    # The views need types of this assembly. In a folder with brackets in its name, PowerShell does not find them in RootModule.
    RequiredAssemblies   = if ($PSEdition -eq 'Core') { 'net8.0/Authress.PowerShell.dll' } else { 'net472/Authress.PowerShell.dll' }

    # The only place with the version; the build reads it here.
    ModuleVersion        = '0.1.0'
    GUID                 = 'b5cc544b-f2b7-40d5-9fae-fbc498176eaf'
    Author               = 'Authress'
    CompanyName          = 'Authress'
    Copyright            = '(c) Authress. Licensed under Apache-2.0.'
    Description          = 'Manage Authress service clients and their access keys: create, list, change and delete them, and issue and revoke keys, one at a time or through the pipeline.'

    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    CompatiblePSEditions   = @('Core', 'Desktop')

    TypesToProcess       = @('Authress.types.ps1xml')
    FormatsToProcess     = @('Authress.format.ps1xml')

    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @('Update-AuthressServiceClient')
    CmdletsToExport      = @(
        'Complete-AuthressAccessKeyRotation'
        'Connect-Authress'
        'Disconnect-Authress'
        'Find-AuthressAccessKey'
        'Get-AuthressAccessKey'
        'Get-AuthressAccessKeyReport'
        'Get-AuthressAccessKeyRotation'
        'Get-AuthressAccessToken'
        'Get-AuthressConnection'
        'Get-AuthressServiceClient'
        'Invoke-AuthressRequest'
        'New-AuthressAccessKey'
        'New-AuthressServiceClient'
        'Remove-AuthressAccessKey'
        'Remove-AuthressServiceClient'
        'Set-AuthressServiceClient'
        'Start-AuthressAccessKeyRotation'
        'Test-AuthressAccessKey'
        'Test-AuthressConnection'
    )

    PrivateData          = @{
        PSData = @{
            Tags         = @('Authress', 'Authorization', 'ServiceClient', 'AccessKey', 'Security', 'IAM', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://www.apache.org/licenses/LICENSE-2.0'
            ProjectUri   = 'https://github.com/Authress/authress-sdk.powershell'
            IconUri      = 'https://raw.githubusercontent.com/Authress/authress-sdk.powershell/main/assets/icon.png'
            ReleaseNotes = 'https://github.com/Authress/authress-sdk.powershell/blob/main/CHANGELOG.md'
        }
    }
}
