using System.Collections.Immutable;
using Authress.Emulator.AccessKeys;

namespace Authress.Emulator.ServiceClients;

/// <summary>
/// One immutable state of a service client. The sequence is its position in the order of creation, which is never reused;
/// a listing's cursor refers to it.
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
