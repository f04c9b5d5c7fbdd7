# A service client is an identity for a machine: a job, a backend, a pipeline.
# This session is connected as one.
Get-AuthressConnection

# -WhatIf shows what a command would do and changes nothing.
New-AuthressServiceClient -Name 'Nightly invoices' -Tag @{ team = 'billing'; env = 'test' } -WhatIf

# Create the client, and a second one with a limit of a thousand requests an hour.
$invoices = New-AuthressServiceClient -Name 'Nightly invoices' -Tag @{ team = 'billing'; env = 'test' }
$reports = New-AuthressServiceClient -Name 'Weekly reports' -Tag @{ team = 'insight' } -RateLimit 'PT1H:1000'

# The list is read page by page, however long it is.
Get-AuthressServiceClient

# Get one client by its id, with all its properties.
Get-AuthressServiceClient -ClientId $reports.ClientId | Format-List

# A client authenticates with an access key.
# The secret is a SecureString unless you use -AsPlainText.
$key = $invoices | New-AuthressAccessKey
$key

# Set- changes only the properties that you specify.
$invoices | Set-AuthressServiceClient -Name 'Invoices' -GrantUserPermissionsAccess $true -PassThru

# A client can have five keys, so you can create a new key before you delete the old one.
$null = New-AuthressAccessKey -ClientId $invoices.ClientId
Get-AuthressAccessKey -ClientId $invoices.ClientId

# Remove- asks for confirmation. -WhatIf shows what would be deleted.
Get-AuthressServiceClient -Name 'Weekly*' | Remove-AuthressServiceClient -WhatIf

# Delete the old key and then both clients, without confirmation.
$key | Remove-AuthressAccessKey -Confirm:$false
$invoices, $reports | Remove-AuthressServiceClient -Confirm:$false

# Only the client that you are connected as remains.
Get-AuthressServiceClient
