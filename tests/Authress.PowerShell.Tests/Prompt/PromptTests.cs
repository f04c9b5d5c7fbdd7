namespace Authress.PowerShell.Tests.Prompt;

/// <summary>What a person at the shell's own prompt sees.</summary>
public sealed class PromptTests
{
    [Fact]
    public async Task Removing_prompts_and_No_keeps_the_client_and_Yes_deletes_it()
    {
        await using ConnectedPrompt prompt = await ConnectedPrompt.StartAsync();
        string kept = prompt.Server.SeedClient("""{ "name": "billing" }""");
        string deleted = prompt.Server.SeedClient("""{ "name": "search" }""");

        await prompt.EnterAsync($"Get-AuthressServiceClient {kept} | Remove-AuthressServiceClient");
        await prompt.WaitForAsync($"'billing' ({kept})");
        await prompt.EnterAsync("n");
        await prompt.WaitForPromptAsync();
        await prompt.EnterAsync($"Get-AuthressServiceClient {deleted} | Remove-AuthressServiceClient");
        await prompt.WaitForAsync($"'search' ({deleted})");
        await prompt.EnterAsync("y");
        await prompt.WaitForPromptAsync();

        Assert.NotNull(prompt.Server.FindClient(kept));
        Assert.Null(prompt.Server.FindClient(deleted));
        Assert.Equal(0, await prompt.ExitAsync());
    }

    [Fact]
    public async Task Tab_completes_a_parameter_and_a_cached_client()
    {
        await using ConnectedPrompt prompt = await ConnectedPrompt.StartAsync();
        string id = prompt.Server.SeedClient("""{ "name": "billing" }""");
        await prompt.EnterAsync("$seen = Get-AuthressServiceClient");
        await prompt.WaitForPromptAsync();

        await prompt.TypeAsync("Set-AuthressServiceClient -Cli\t");
        await prompt.WaitForAsync("Set-AuthressServiceClient -ClientId");
        await prompt.TypeAsync(" bill\t");
        await prompt.WaitForAsync($"-ClientId {id}");
        await prompt.EnterAsync(" -Name invoices");
        await prompt.WaitForPromptAsync();

        Assert.Equal("invoices", prompt.Server.FindClient(id)!.Name);
    }
}
