namespace Authress.Playground;

/// <summary>The playground was asked for something that it cannot do; the message says what to ask instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
