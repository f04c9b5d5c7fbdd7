using System.Collections.Immutable;
using Authress.Emulator.AccessKeys;

namespace Authress.Emulator.ServiceClients;

/// <summary>
/// One state of a service client. A change makes a new one, so whoever reads holds something whole. The sequence is its
/// place in the order of creation, never given again: what a listing's cursor points at.
/// </summary>
internal sealed record ServiceClient(
    string ClientId,
    long Sequence,
    DateTimeOffset CreatedTime,
    ClientDocument Document,
    ImmutableArray<VerificationKey> Keys)
{
    public VerificationKey? FindKey(string keyId)
    {
        foreach (VerificationKey key in Keys)
        {
            if (key.KeyId == keyId)
                return key;
        }

        return null;
    }
}
