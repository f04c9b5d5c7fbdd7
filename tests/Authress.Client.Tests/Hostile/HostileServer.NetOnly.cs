using System.Net;

namespace Authress.Client.Tests.Hostile;

/// <summary>A server that is no more than the next answer: it stands where the network would, below all of the client.</summary>
internal sealed class HostileServer : HttpMessageHandler
{
    private static readonly int[] Statuses = [200, 200, 200, 200, 200, 201, 201, 204, 205, 206, 300, 301, 304, 400, 401, 402, 403, 404, 409, 418, 429, 500, 503, 599, 999];

    private static readonly string[] Waits =
        ["0", "1", "120", "-1", "99999999999999999999", "2147483648", "1e9", "0x10", "1,2", "1;2", " 7 ", "\u0660", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT", "Wed Oct 21 07:28:00 2015", "yesterday", ""];

    private static readonly string[] Types = ["application/json", "application/links+json", "application/json; charset=utf-16", "application/json; charset=nonsense", "text/html", "text/html;;;", "", "\u001b[2J"];

    private Random _chance = new(0);
    private string[] _bodies = ["{}"];

    /// <summary>The response from now on.</summary>
    public void Prepare(Random chance, params string[] bodies)
    {
        _chance = chance;
        _bodies = bodies;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer = new((HttpStatusCode)Statuses[_chance.Next(Statuses.Length)])
        {
            RequestMessage = request,
            Content = new StreamContent(new MemoryStream(Mutation.Body(_chance, _bodies[_chance.Next(_bodies.Length)]))),
        };
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", Types[_chance.Next(Types.Length)]);
        if (_chance.Next(3) == 0)
            answer.Headers.TryAddWithoutValidation("Retry-After", Spoilt(Waits));
        if (_chance.Next(3) == 0)
            answer.Headers.TryAddWithoutValidation("Date", Spoilt(Waits));
        if (_chance.Next(3) == 0)
            answer.Headers.TryAddWithoutValidation("x-amzn-requestid", "\u001b]0;x\u0007\u009b1A");
        return Task.FromResult(answer);
    }

    private string Spoilt(string[] values)
    {
        string value = values[_chance.Next(values.Length)];
        return _chance.Next(4) == 0 && value.Length > 0 ? Mutation.Text(_chance, value).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal) : value;
    }
}
