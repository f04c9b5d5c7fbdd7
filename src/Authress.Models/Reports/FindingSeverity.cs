namespace Authress;

/// <summary>How serious a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>Should be corrected.</summary>
    Warning,

    /// <summary>Must be corrected.</summary>
    Error,
}
