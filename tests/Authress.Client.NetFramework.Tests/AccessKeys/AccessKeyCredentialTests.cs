using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace Authress.Client.Tests.AccessKeys;

/// <summary>What Mono can't do for these tests.</summary>
public partial class AccessKeyCredentialTests
{
    private static byte[] ExportEc()
    {
        ECKeyPairGenerator generator = new();
        generator.Init(new ECKeyGenerationParameters(X9ObjectIdentifiers.Prime256v1, new SecureRandom()));
        return PrivateKeyInfoFactory.CreatePrivateKeyInfo(generator.GenerateKeyPair().Private).GetDerEncoded();
    }
}
