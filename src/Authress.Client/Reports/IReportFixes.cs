using Authress.Client.Rotations;

namespace Authress.Client.Reports;

/// <summary>The commands that correct what a report finds in an account. They can be pasted as they are.</summary>
public interface IReportFixes
{
    /// <summary>Rotates a key: in the destination of an earlier rotation, if the journal knows one.</summary>
    string Rotate(string clientId, string keyId, RotationPlace? place);

    /// <summary>Makes a key.</summary>
    string MakeKey(string clientId);

    /// <summary>Deletes a key.</summary>
    string RemoveKey(string clientId, string keyId);

    /// <summary>Takes the permission to create tokens away.</summary>
    string ForbidTokens(string clientId);

    /// <summary>Limits a client's requests.</summary>
    string LimitRate(string clientId);

    /// <summary>Adds tags to a client's present ones; null if a present one can't be written in a command.</summary>
    string? AddTags(string clientId, TagMap? present, IEnumerable<string> missing);

    /// <summary>Carries a rotation on.</summary>
    string CarryOn(Rotation rotation);

    /// <summary>Completes a rotation.</summary>
    string Complete(Rotation rotation);

    /// <summary>Removes an exception that has ended from its file.</summary>
    string RemoveException(string file, AcceptedFinding exception);
}
