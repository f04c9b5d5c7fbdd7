using Authress.Client.Rotations;
using Authress.PowerShell.Secrets.Sources;

namespace Authress.PowerShell.Rotations;

/// <summary>A destination, opened for a rotation.</summary>
/// <param name="Source">The destination. One that is only read can't be written to.</param>
/// <param name="Place">What the journal keeps of it.</param>
internal sealed record RotationTarget(ISecretSource Source, RotationPlace Place);
