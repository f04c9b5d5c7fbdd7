# A service client is an identity for a machine: a job, a backend, a pipeline.
# This session is connected as one.
Get-AuthressConnection

# -WhatIf shows what a command would do, and changes nothing.
New-AuthressServiceClient -Name 'Nightly invoices' -Tag @{ team = 'billing'; env = 'test' } -WhatIf

# So create it, and one more that may call no more than a thousand times an hour.
$invoices = New-AuthressServiceClient -Name 'Nightly invoices' -Tag @{ team = 'billing'; env = 'test' }
$reports = New-AuthressServiceClient -Name 'Weekly reports' -Tag @{ team = 'insight' } -RateLimit 'PT1H:1000'

# The list comes page by page, however long it is.
Get-AuthressServiceClient

# One client by its id, with everything there is to know.
Get-AuthressServiceClient -ClientId $reports.ClientId | Format-List

# A client proves who it is with an access key.
# Its secret half is shown only to those who ask with -AsPlainText; here it stays a SecureString.
$key = $invoices | New-AuthressAccessKey
$key

# A change sends what you name and keeps the rest.
$invoices | Set-AuthressServiceClient -Name 'Invoices' -GrantUserPermissionsAccess $true -PassThru

# A client has room for five keys, so that a new one can take over before the old one goes.
$null = New-AuthressAccessKey -ClientId $invoices.ClientId
Get-AuthressAccessKey -ClientId $invoices.ClientId

# Removing asks first. -WhatIf says what would go.
Get-AuthressServiceClient -Name 'Weekly*' | Remove-AuthressServiceClient -WhatIf

# Now in earnest, and without being asked: the old key, then both clients.
$key | Remove-AuthressAccessKey -Confirm:$false
$invoices, $reports | Remove-AuthressServiceClient -Confirm:$false

# What is left is the client that you are connected as.
Get-AuthressServiceClient
