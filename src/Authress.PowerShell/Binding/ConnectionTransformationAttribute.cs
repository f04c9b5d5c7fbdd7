using System.Management.Automation;
using Authress.PowerShell.Errors;

namespace Authress.PowerShell.Binding;

/// <summary>Tells a connection from the credential-less copy of one that a job or a remote session received.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionTransformationAttribute : ArgumentTransformation
{
    private protected override object? Read(object? value) => value switch
    {
        Connection => value,

        // A variable that was mistyped, or never filled. Taken for "the session's own" it would be another account's.
        null => throw Refuse(Messages.EmptyConnection),
        PSObject copy when copy.TypeNames.Contains("Deserialized." + typeof(Connection).FullName) => throw Refuse(Messages.SerializedConnection),
        _ => throw Refuse(Messages.NotAConnection),
    };
}
