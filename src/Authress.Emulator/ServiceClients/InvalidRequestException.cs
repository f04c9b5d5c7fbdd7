namespace Authress.Emulator.ServiceClients;

/// <summary>The request's body or query violates the contract. The response is a 400 with this title and code.</summary>
internal sealed class InvalidRequestException(string title, string errorCode) : Exception(title)
{
    public string ErrorCode { get; } = errorCode;
}
