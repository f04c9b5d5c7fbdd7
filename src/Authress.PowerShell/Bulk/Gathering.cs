namespace Authress.PowerShell.Bulk;

/// <summary>When a cmdlet begins no request before all input is read.</summary>
internal enum Gathering
{
    /// <summary>Never: each begins as soon as it may.</summary>
    Never,

    /// <summary>If several requests are in flight.</summary>
    IfSeveral,

    /// <summary>Always, since the requests depend on each other.</summary>
    Always,
}
