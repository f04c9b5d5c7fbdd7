using System.Collections.ObjectModel;

namespace Authress;

/// <summary>The access keys of a service client. Its text form, as in a CSV cell, is their ids, separated by <c>;</c>.</summary>
public sealed class AccessKeyList : ReadOnlyCollection<AccessKey>
{
    /// <summary>Creates a list of those keys.</summary>
    /// <param name="keys">The keys.</param>
    public AccessKeyList(IList<AccessKey> keys)
        : base(keys)
    {
    }

    /// <summary>The keys' ids, such as <c>a1B2c3;d4E5f6</c>.</summary>
    public override string ToString() => string.Join(";", this);
}
