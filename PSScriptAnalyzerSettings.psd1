@{
    ExcludeRules = @(
        # A build script and a guided tour talk to the person at the console.
        'PSAvoidUsingWriteHost'
        # Pester's blocks share variables in a way that the rule can't see.
        'PSUseDeclaredVarsMoreThanAssignments'
    )
    Rules        = @{
        PSAvoidUsingPositionalParameters = @{
            Enable           = $true
            # They take what a person would type: dotnet's own words, a route and a method.
            CommandAllowList = @('Invoke-DotNet', 'Invoke-AuthressRequest')
        }
    }
}
