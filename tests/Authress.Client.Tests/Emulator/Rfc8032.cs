using System.Numerics;
using System.Security.Cryptography;

namespace Authress.Client.Tests.Emulator;

/// <summary>
/// Ed25519 straight from RFC 8032, section 5.1, for tests only: slow, not constant in time, and related neither to the
/// emulator's crypto library nor to the client's, so that it can speak for or against either.
/// </summary>
internal static class Rfc8032
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");
    private static readonly BigInteger D = Mod(-121665 * Invert(121666));
    private static readonly Point Base = MakeBase();

    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);

    public static byte[] PublicKey(ReadOnlySpan<byte> seed) => Encode(Multiply(Expand(seed).Scalar, Base));

    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        (BigInteger scalar, byte[] prefix) = Expand(seed);
        byte[] publicKey = Encode(Multiply(scalar, Base));
        BigInteger r = HashToScalar([.. prefix, .. message]);
        byte[] encodedR = Encode(Multiply(r, Base));
        BigInteger k = HashToScalar([.. encodedR, .. publicKey, .. message]);
        return [.. encodedR, .. LittleEndian((r + k * scalar) % L)];
    }

    private static (BigInteger Scalar, byte[] Prefix) Expand(ReadOnlySpan<byte> seed)
    {
        byte[] hash = SHA512.HashData(seed);
        byte[] lower = hash[..32];
        lower[0] &= 0xF8;
        lower[31] &= 0x7F;
        lower[31] |= 0x40;
        return (Unsigned(lower), hash[32..]);
    }

    private static BigInteger HashToScalar(byte[] bytes) => Unsigned(SHA512.HashData(bytes)) % L;

    private static BigInteger Mod(BigInteger value) => ((value % P) + P) % P;

    private static BigInteger Invert(BigInteger value) => BigInteger.ModPow(value, P - 2, P);

    private static Point MakeBase()
    {
        BigInteger y = Mod(4 * Invert(5));
        BigInteger square = Mod((y * y - 1) * Invert(D * y * y + 1));
        BigInteger x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod(x * x - square) != 0)
            x = Mod(x * BigInteger.ModPow(2, (P - 1) / 4, P));
        if (!x.IsEven)
            x = P - x;
        return new(x, y, BigInteger.One, Mod(x * y));
    }

    private static Point Add(Point p, Point q)
    {
        BigInteger a = Mod((p.Y - p.X) * (q.Y - q.X));
        BigInteger b = Mod((p.Y + p.X) * (q.Y + q.X));
        BigInteger c = Mod(2 * p.T * q.T * D);
        BigInteger d = Mod(2 * p.Z * q.Z);
        (BigInteger e, BigInteger f, BigInteger g, BigInteger h) = (b - a, d - c, d + c, b + a);
        return new(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static Point Multiply(BigInteger scalar, Point point)
    {
        Point sum = new(BigInteger.Zero, BigInteger.One, BigInteger.One, BigInteger.Zero);
        for (; scalar > 0; scalar >>= 1)
        {
            if (!scalar.IsEven)
                sum = Add(sum, point);
            point = Add(point, point);
        }

        return sum;
    }

    private static byte[] Encode(Point point)
    {
        BigInteger inverse = Invert(point.Z);
        byte[] encoded = LittleEndian(Mod(point.Y * inverse));
        if (!Mod(point.X * inverse).IsEven)
            encoded[31] |= 0x80;
        return encoded;
    }

    private static byte[] LittleEndian(BigInteger value)
    {
        byte[] bytes = value.ToByteArray();
        Array.Resize(ref bytes, 32);
        return bytes;
    }

    // The byte above the highest keeps the sign.
    private static BigInteger Unsigned(byte[] littleEndian) => new([.. littleEndian, 0]);
}
