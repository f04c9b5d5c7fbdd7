using System.Text.Json;
using Authress.Client.AccessKeys;
using Authress.Client.Json;

namespace Authress.Client.Rotations;

/// <summary>The record of a rotation as JSON. Contains no secret.</summary>
public static class RotationJson
{
    // Raised by a change that an older version of the module would misread.
    private const int Version = 1;

    /// <summary>Writes a record.</summary>
    public static string Write(Rotation rotation) => JsonSerializer.Serialize(new RotationRecord { Version = Version, Rotation = rotation }, AuthressJsonContext.Default.RotationRecord);

    /// <summary>Reads a record.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="name">Where it is from, for the error.</param>
    /// <exception cref="RotationException">It is damaged, or of a newer version.</exception>
    public static Rotation Read(string text, string name)
    {
        RotationRecord? record;
        try
        {
            // First the version alone: a newer record may have another form.
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.TryGetProperty("version", out JsonElement version) && version.TryGetInt32(out int number) && number > Version)
                throw new RotationException(nameof(Messages.JournalNewer), null, name, number);
            record = JsonSerializer.Deserialize(text, AuthressJsonContext.Default.RotationRecord);
            if (record?.Rotation is { } read)
                record.Rotation = read with { Unconfirmed = read.Unconfirmed ?? [], GivenUp = read.GivenUp ?? [], TakenOut = read.TakenOut ?? [] };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new RotationException(nameof(Messages.JournalDamaged), e, name);
        }

        return record is { Version: > 0, Rotation: { } rotation } && IsWhole(rotation) && IsComplete(rotation)
            ? rotation
            : throw new RotationException(nameof(Messages.JournalDamaged), null, name);
    }

    // The serializer takes null for any text.
    private static bool IsWhole(Rotation rotation) =>
        rotation is { Id: not null, ClientId.Length: > 0, ApiUrl: not null, AccountId: not null, Place: { Name: not null, Identity: not null }, Unconfirmed: not null, FailedAttempts: >= 0 }
        && rotation.Overlap >= TimeSpan.Zero && (rotation.PublicKey is null || PublicKeyText.IsPublicKey(rotation.PublicKey))
        && rotation.GivenUp.Concat(rotation.TakenOut).All(key => key?.KeyId is { Length: > 0 } && key.DueTime > DateTimeOffset.MinValue)
        && rotation.Unconfirmed.All(key => key is not null && PublicKeyText.IsPublicKey(key.PublicKey ?? string.Empty) && key.Since > DateTimeOffset.MinValue);

    // What the step says must be there.
    private static bool IsComplete(Rotation rotation) => rotation.Step switch
    {
        RotationStep.Planned => true,
        RotationStep.Announced => rotation.PublicKey is not null,
        RotationStep.Registered or RotationStep.Delivering => rotation is { PublicKey: not null, NewKeyId: not null },
        RotationStep.Delivered or RotationStep.Retiring or RotationStep.Completed => rotation is { NewKeyId: not null, DueTime: not null } or { IsNote: true, Step: RotationStep.Completed },
        _ => false,
    };
}

/// <summary>A record and the version of its form.</summary>
internal sealed class RotationRecord
{
    public int Version { get; set; }

    public Rotation? Rotation { get; set; }
}
