using System.Collections;
using System.Management.Automation;
using System.Security;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>Arguments that fit any cmdlet of the module, made from its parameters' names and types.</summary>
internal sealed class Arguments(Account account)
{
    /// <summary>The name of the client that the arguments are about, which nothing else is called.</summary>
    public const string ClientName = "billing";

    public string ClientId { get; } = account.Seed($$"""{ "name": "{{ClientName}}", "tags": { "env": "prod" } }""");

    public string KeyId => field ??= account.Server.IssueAccessKey(ClientId).Split('.')[1];

    /// <summary>
    /// What to call a cmdlet with: for each parameter set its mandatory parameters, and that again with each value of
    /// the parameters that take one of a list.
    /// </summary>
    public IEnumerable<Hashtable> For(CmdletInfo cmdlet)
    {
        foreach (CommandParameterSetInfo set in cmdlet.ParameterSets)
        {
            Hashtable mandatory = [];
            foreach (CommandParameterInfo parameter in set.Parameters.Where(parameter => parameter.IsMandatory))
                mandatory[parameter.Name] = Value(cmdlet, parameter);

            // An update that changes nothing has nothing to ask and nothing to send.
            if (cmdlet.Verb is VerbsCommon.Set or VerbsCommon.New && cmdlet.Parameters.ContainsKey("Name"))
                mandatory["Name"] = "other";
            // The default is the current folder.
            if (cmdlet.Verb == VerbsCommon.Find && set.IsDefault)
                mandatory["Path"] = KeyFile();
            if (cmdlet.Name.EndsWith("AccessKeyRotation", StringComparison.Ordinal))
            {
                foreach (Hashtable rotation in Rotations(cmdlet, mandatory))
                    yield return rotation;
                continue;
            }

            yield return mandatory;
            foreach (CommandParameterInfo parameter in set.Parameters)
            {
                foreach (string choice in parameter.Attributes.OfType<ValidateSetAttribute>().SelectMany(choices => choices.ValidValues))
                    yield return new Hashtable(mandatory) { [parameter.Name] = choice };
            }
        }
    }

    private object Value(CmdletInfo cmdlet, CommandParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (type.FullName == "Authress.ServiceClient")
            return account.Fetch(ClientId);
        if (type.FullName == "Authress.AccessKeySighting")
            return account.Run($"Find-AuthressAccessKey '{KeyFile()}'").Ok().Single;
        return parameter.Name switch
        {
            "ClientId" => ClientId,
            "KeyId" => KeyId,
            "Path" => "/v1/clients",
            "ApiUrl" => account.Server.ApiUrl.ToString(),
            "KeyFile" or "LiteralPath" => KeyFile(),
            "InputObject" => account.Server.AccessKey,
            "SecretName" => SecretName(isEmpty: cmdlet.Verb == VerbsCommon.New),
            "PublicKey" => PublicKey(),
            "SaveScript" => ScriptBlock.Create("$script:saved = $_.AccessKey"),
            "ReadScript" => ReadScript(isEmpty: cmdlet.Verb == VerbsCommon.New),
            "OutFile" => Path.Combine(account.Folder, Path.GetRandomFileName()),
            _ when type == typeof(SecureString) => Shell.Secret(account.Server.AccessKey),
            _ when type == typeof(string) || type == typeof(string[]) => "text",
            _ when type == typeof(int) => 1,
            _ when type == typeof(SwitchParameter) => new SwitchParameter(true),
            _ => throw new NotSupportedException($"-{parameter.Name} is a {type}: say here what to give for it."),
        };
    }

    // A destination of each kind, which holds a key of the client. What is completed replaced another key of it.
    private IEnumerable<Hashtable> Rotations(CmdletInfo cmdlet, Hashtable mandatory)
    {
        string held = account.Server.IssueAccessKey(ClientId);
        string file = Path.Combine(account.Folder, Path.GetRandomFileName());
        File.WriteAllText(file, held);
        string name = Path.GetRandomFileName();
        account.Shell.Set("held", held);
        account.Run($"Import-Module '{StandIns.SecretManagement}'; Set-Secret -Name '{name}' -Secret $held -WhatIf:$false").Ok();
        foreach ((string parameter, object value) in (IEnumerable<(string, object)>)[("OutFile", file), ("SecretName", name), ("ReadScript", ScriptBlock.Create("$held"))])
        {
            Hashtable arguments = new(mandatory) { [parameter] = value };
            if (cmdlet.Verb == VerbsLifecycle.Start && parameter == "ReadScript")
                arguments["SaveScript"] = ScriptBlock.Create("$script:held = $_.AccessKey");
            if (cmdlet.Verb == VerbsLifecycle.Complete)
                (arguments["KeyId"], arguments["OverlapPeriod"]) = (KeyId, TimeSpan.Zero);
            yield return arguments;
        }
    }

    private string SecretName(bool isEmpty)
    {
        string name = Path.GetRandomFileName();
        account.Run($"Import-Module '{StandIns.SecretManagement}'").Ok();
        if (!isEmpty)
        {
            account.Shell.Set("own", Shell.Secret(account.Server.AccessKey));
            account.Run($"Set-Secret -Name '{name}' -Secret $own; Remove-Variable own").Ok();
        }

        return name;
    }

    private ScriptBlock ReadScript(bool isEmpty)
    {
        account.Shell.Set("saved", isEmpty ? null : Shell.Secret(account.Server.AccessKey));
        return ScriptBlock.Create("$script:saved");
    }

    // The public half of a new key, which no client has.
    private string PublicKey()
    {
        string owner = account.Seed();
        account.Server.IssueAccessKey(owner);
        return (string)((IEnumerable)account.Fetch(owner).Properties["AccessKey"].Value).Cast<object>().Select(key => PSObject.AsPSObject(key).Properties["PublicKey"].Value).Single();
    }

    private string KeyFile()
    {
        string file = Path.Combine(account.Folder, "client.key");
        File.WriteAllText(file, account.Server.AccessKey);
        return file;
    }
}
