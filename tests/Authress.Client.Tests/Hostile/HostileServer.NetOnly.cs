using System.Net;

namespace Authress.Client.Tests.Hostile;

/// <summary>Returns a hostile response in place of the network.</summary>
internal sealed class HostileServer : HttpMessageHandler
{
    private static readonly int[] Statuses = [200, 200, 200, 200, 200, 201, 201, 204, 205, 206, 300, 301, 304, 400, 401, 402, 403, 404, 409, 418, 429, 500, 503, 599, 999];

    private static readonly string[] Waits =
        ["0", "1", "120", "-1", "99999999999999999999", "2147483648", "1e9", "0x10", "1,2", "1;2", " 7 ", "\u0660", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT", "Wed Oct 21 07:28:00 2015", "yesterday", ""];

    private static readonly string[] Types = ["application/json", "application/links+json", "application/json; charset=utf-16", "application/json; charset=nonsense", "text/html", "text/html;;;", "", "\u001b[2J"];

    private Random _random = new(0);
    private string[] _bodies = ["{}"];

    /// <summary>Sets what the next responses are made from.</summary>
    public void Prepare(Random random, params string[] bodies)
    {
        _random = random;
        _bodies = bodies;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = new((HttpStatusCode)Statuses[_random.Next(Statuses.Length)])
        {
            RequestMessage = request,
            Content = new StreamContent(new MemoryStream(Mutation.Body(_random, _bodies[_random.Next(_bodies.Length)]))),
        };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", Types[_random.Next(Types.Length)]);
        if (_random.Next(3) == 0)
            response.Headers.TryAddWithoutValidation("Retry-After", Mutated(Waits));
        if (_random.Next(3) == 0)
            response.Headers.TryAddWithoutValidation("Date", Mutated(Waits));
        if (_random.Next(3) == 0)
            response.Headers.TryAddWithoutValidation("x-amzn-requestid", "\u001b]0;x\u0007\u009b1A");
        return Task.FromResult(response);
    }

    private string Mutated(string[] values)
    {
        string value = values[_random.Next(values.Length)];
        return _random.Next(4) == 0 && value.Length > 0 ? Mutation.Text(_random, value).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal) : value;
    }
}
