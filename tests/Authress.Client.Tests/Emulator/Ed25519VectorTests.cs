using Authress.Emulator.AccessKeys;

namespace Authress.Client.Tests.Emulator;

public class Ed25519VectorTests
{
    [Theory]
    [MemberData(nameof(Rfc8032Vectors.All), MemberType = typeof(Rfc8032Vectors))]
    public void Accepts_the_signatures_of_the_standard(string seed, string publicKey, string message, string signature)
    {
        Assert.NotEmpty(seed);
        Assert.True(Ed25519Keys.Verify(Hex(publicKey), Hex(message), Hex(signature)));
    }

    [Theory]
    [MemberData(nameof(Rfc8032Vectors.All), MemberType = typeof(Rfc8032Vectors))]
    public void Refuses_a_signature_with_any_byte_changed(string seed, string publicKey, string message, string signature)
    {
        Assert.NotEmpty(seed);
        for (int index = 0; index < 64; index++)
        {
            byte[] changed = Hex(signature);
            changed[index] ^= 1;
            Assert.False(Ed25519Keys.Verify(Hex(publicKey), Hex(message), changed));
        }
    }

    [Theory]
    [MemberData(nameof(Rfc8032Vectors.All), MemberType = typeof(Rfc8032Vectors))]
    public void The_signer_of_these_tests_makes_the_signatures_of_the_standard(string seed, string publicKey, string message, string signature)
    {
        Assert.Equal(publicKey, Convert.ToHexStringLower(Rfc8032.PublicKey(Hex(seed))));
        Assert.Equal(signature, Convert.ToHexStringLower(Rfc8032.Sign(Hex(seed), Hex(message))));
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
