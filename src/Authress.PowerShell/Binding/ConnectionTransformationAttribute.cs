using System.Collections;
using System.Management.Automation;

namespace Authress.PowerShell.Binding;

/// <summary>Accepts a connection, and refuses the copy without credentials that a job or a remote session receives.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionTransformationAttribute : ArgumentTransformation
{
    /// <summary>Whether the parameter takes several connections.</summary>
    public bool AcceptsList { get; set; }

    private protected override object? Read(object? value) =>
        AcceptsList && value is ICollection { Count: > 0 } list and not IDictionary ? list.Cast<object?>().Select(item => (Connection)ReadOne(Unwrap(item))).ToArray() : ReadOne(value);

    private static object ReadOne(object? value) => value switch
    {
        Connection => value,

        // A mistyped or empty variable. The session's own connection may belong to another account.
        null => throw Refuse(Messages.EmptyConnection),
        PSObject copy when copy.TypeNames.Contains("Deserialized." + typeof(Connection).FullName) => throw Refuse(Messages.SerializedConnection),
        _ => throw Refuse(Messages.NotAConnection),
    };
}
