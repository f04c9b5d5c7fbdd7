using System.Text;
using Authress.Emulator.Tokens;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Authress.Emulator.Http;

/// <summary>A complete request.</summary>
internal sealed class ApiRequest
{
    private ApiRequest(HttpContext context, string target, ReadOnlyMemory<byte> body)
    {
        Method = context.Request.Method;
        Target = target;
        int end = target.AsSpan().IndexOfAny('?', '#');
        RawPath = end < 0 ? target : target[..end];
        Segments = [.. RawPath.Split('/').Skip(1).Select(Uri.UnescapeDataString)];
        Query = context.Request.Query;
        Headers = context.Request.Headers;
        Body = body;
    }

    public string Method { get; }

    /// <summary>Path and query as they were sent.</summary>
    public string Target { get; }

    /// <summary>The path as it was sent, still encoded.</summary>
    public string RawPath { get; }

    /// <summary>The parts of the path, each decoded exactly once: an encoded slash belongs to its part.</summary>
    public IReadOnlyList<string> Segments { get; }

    public IQueryCollection Query { get; }

    public IHeaderDictionary Headers { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The sender, according to the bearer token.</summary>
    public required TokenVerdict Caller { get; init; }

    /// <summary>Whether a read returns the state before the last change.</summary>
    public bool ReadsStale { get; set; }

    /// <summary>The body as text, valid JSON or not.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    public static async Task<ApiRequest> ReadAsync(HttpContext context, BearerTokenVerifier tokens)
    {
        // Kestrel's own path has no dot segments and is decoded except for slashes: an id of "..", or one
        // with an encoded percent sign, would not survive.
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
            target = PathOfAbsoluteForm(target);

        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new ApiRequest(context, target, body.ToArray())
        {
            Caller = tokens.Verify(context.Request.Headers[HeaderNames.Authorization].ToString()),
        };
    }

    /// <summary>RFC 9112: a request to a proxy has the host before the path.</summary>
    private static string PathOfAbsoluteForm(string target)
    {
        int scheme = target.IndexOf("://", StringComparison.Ordinal);
        int path = scheme < 0 ? -1 : target.IndexOf('/', scheme + 3);
        return path < 0 ? "/" : target[path..];
    }
}
