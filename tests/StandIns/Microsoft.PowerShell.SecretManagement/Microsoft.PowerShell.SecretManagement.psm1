# The commands of SecretManagement with the parameters that the module uses. Each vault has one kind of trouble, which is its
# name; 'ops' has none and is the default. As in the original, Set-Secret -Metadata deletes the secret in a vault that keeps no
# metadata. With AUTHRESS_STANDIN_VAULT, a folder, the vaults outlive the process; a session's variable $StandInVault goes before
# it, since sessions share the environment.

$script:Secrets = @{}
$script:Vaults = @(
    'ops'
    'spare'
    'without-metadata'   # keeps no metadata
    'locked'             # every command fails
    'read-only'          # can be read and not written to
    'no-removal'         # can't remove
    'fails-after-write'  # writes a key, and then fails
    'fills-up'           # takes the probe, and not the key
    'alters'             # returns another value than was written
    'forgets'            # returns nothing
    'returns-text'       # returns a string
    'prompts'            # asks for a password
    'forgets-described'  # deletes the secret when its metadata is set
    'unlisted'           # returns a secret, and can't list any
    'complains'          # reports each failure as an error that does not end the command
)

function Get-Folder { if (Test-Path Variable:Global:StandInVault) { $global:StandInVault } else { $env:AUTHRESS_STANDIN_VAULT } }

function Test-Probe([string] $Name) { $Name -like '*-check-????????' }

function Get-Path([string] $Vault, [string] $Name) {
    Join-Path (Get-Folder) ([uri]::EscapeDataString("$Vault $($Name.ToLowerInvariant())") + '.xml')
}

function Read-Entry([string] $Vault, [string] $Name) {
    if (-not (Get-Folder)) { return $script:Secrets["$Vault $Name"] }
    $path = Get-Path $Vault $Name
    if (Test-Path -LiteralPath $path) { Import-Clixml -LiteralPath $path }
}

function Write-Entry([string] $Vault, [string] $Name, $Entry) {
    if (-not (Get-Folder)) { $script:Secrets["$Vault $Name"] = $Entry; return }
    $path = Get-Path $Vault $Name
    $Entry | Export-Clixml -LiteralPath "$path.new"
    Move-Item -LiteralPath "$path.new" -Destination $path -Force
}

function Remove-Entry([string] $Vault, [string] $Name) {
    if (-not (Get-Folder)) { $script:Secrets.Remove("$Vault $Name"); return }
    Remove-Item -LiteralPath (Get-Path $Vault $Name)
}

function Get-Entries {
    if (-not (Get-Folder)) { return $script:Secrets.Values }
    Get-ChildItem -LiteralPath (Get-Folder) -Filter *.xml | ForEach-Object { Import-Clixml -LiteralPath $_.FullName }
}

function Resolve-Vault([string] $Vault) {
    $name = if ($Vault) { $Vault } else { 'ops' }
    if ($name -notin $script:Vaults) { throw "Vault $name was not found." }
    if ($name -eq 'complains') { Write-Error "The vault $name can't be reached." }
    if ($name -eq 'locked') { throw "The vault $name is locked." }
    if ($name -eq 'prompts') { $null = Read-Host -Prompt "Vault $name requires a password" -AsSecureString }
    $name
}

function Get-SecretVault {
    [CmdletBinding()]
    param([string] $Name = '*')
    $script:Vaults | Where-Object { $_ -like $Name } | ForEach-Object { [pscustomobject]@{ Name = $_; ModuleName = 'StandIn'; IsDefault = $_ -eq 'ops' } }
}

function Unregister-SecretVault {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string[]] $Name)
    $script:Vaults = @($script:Vaults | Where-Object { $_ -notin $Name })
}

function Get-SecretInfo {
    [CmdletBinding()]
    param([string] $Name = '*', [string] $Vault)
    $vaults = if ($Vault) { Resolve-Vault $Vault } else { $script:Vaults | Where-Object { $_ -notin 'locked', 'prompts' } }
    if ($Vault -eq 'unlisted') { throw 'Access to the vault is denied: the identity may not list secrets.' }
    Get-Entries | Where-Object { $_.Name -like $Name -and $_.VaultName -in $vaults } | ForEach-Object {
        $metadata = [System.Collections.Generic.Dictionary[string, object]]::new()
        foreach ($key in $_.Metadata.Keys) { $metadata[$key] = $_.Metadata[$key] }
        [pscustomobject]@{ Name = $_.Name; Type = 'SecureString'; VaultName = $_.VaultName; Metadata = [System.Collections.ObjectModel.ReadOnlyDictionary[string, object]]::new($metadata) }
    }
}

function Get-Secret {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Name, [string] $Vault, [switch] $AsPlainText)
    $vaultName = Resolve-Vault $Vault
    $entry = Read-Entry $vaultName $Name
    if (-not $entry) { Write-Error "The secret $Name was not found." -ErrorId 'GetSecretNotFound'; return }
    if ($vaultName -eq 'forgets') { return }
    if ($vaultName -eq 'alters') { return ConvertTo-SecureString 'another value' -AsPlainText -Force }
    if ($AsPlainText -or $vaultName -eq 'returns-text') { return [System.Net.NetworkCredential]::new('', $entry.Secret).Password }
    $entry.Secret
}

function Set-Secret {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [object] $Secret, [string] $Vault, [hashtable] $Metadata, [switch] $NoClobber)
    $vaultName = Resolve-Vault $Vault
    if (-not $PSCmdlet.ShouldProcess($vaultName, "Set-Secret $Name")) { return }
    if ($NoClobber -and (Read-Entry $vaultName $Name)) { throw "A secret with name $Name already exists in vault $vaultName." }
    if ($vaultName -eq 'read-only') { throw 'Access to the vault is denied: the identity may not write secrets.' }
    if ($vaultName -eq 'fills-up' -and -not (Test-Probe $Name)) { throw 'The vault is full.' }
    $value = if ($Secret -is [string]) { ConvertTo-SecureString $Secret -AsPlainText -Force } else { $Secret }
    Write-Entry $vaultName $Name ([pscustomobject]@{ Name = $Name; VaultName = $vaultName; Secret = $value; Metadata = @{} })
    if ($vaultName -eq 'fails-after-write' -and -not (Test-Probe $Name)) { throw 'The connection to the vault broke.' }
    if ($Metadata) {
        if ($vaultName -eq 'without-metadata') { Remove-Entry $vaultName $Name; throw 'The vault does not support metadata. The secret was removed.' }
        Set-SecretInfo -Name $Name -Vault $vaultName -Metadata $Metadata
    }
}

function Set-SecretInfo {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [hashtable] $Metadata, [string] $Vault)
    $vaultName = Resolve-Vault $Vault
    if (-not $PSCmdlet.ShouldProcess($vaultName, "Set-SecretInfo $Name")) { return }
    if ($vaultName -eq 'without-metadata') { Write-Error "The vault $vaultName does not support metadata."; return }
    if ($vaultName -eq 'forgets-described') { Remove-Entry $vaultName $Name; return }
    $entry = Read-Entry $vaultName $Name
    $entry.Metadata = $Metadata
    Write-Entry $vaultName $Name $entry
}

function Remove-Secret {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Vault)
    $vaultName = Resolve-Vault $Vault
    if (-not $PSCmdlet.ShouldProcess($vaultName, "Remove-Secret $Name")) { return }
    if ($vaultName -eq 'no-removal') { throw 'Access to the vault is denied: the identity may not remove secrets.' }
    if (-not (Read-Entry $vaultName $Name)) { Write-Error "The secret $Name was not found."; return }
    Remove-Entry $vaultName $Name
}
