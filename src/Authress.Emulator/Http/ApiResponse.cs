using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Authress.Emulator.AccessKeys;

namespace Authress.Emulator.Http;

/// <summary>A complete response in memory, so that a fault can corrupt it before it is sent.</summary>
internal sealed record ApiResponse(int Status, ReadOnlyMemory<byte> Body, string? ContentType)
{
    public const string LinksJson = "application/links+json; charset=utf-8";

    // Keys are base64 with '+', which the default encoder would write as \u002B. That is valid JSON, but a text search would miss the key.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static ApiResponse NoContent { get; } = new(StatusCodes.Status204NoContent, default, null);

    public static ApiResponse Json(int status, Action<Utf8JsonWriter> write, string contentType = LinksJson)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Plain))
            write(json);
        return new(status, buffer.WrittenMemory, contentType);
    }

    public static ApiResponse Error(int status, string title, string errorCode) => Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteString("title", title);
        json.WriteString("errorCode", errorCode);
        json.WriteString("errorId", Identifiers.NewErrorId());
        json.WriteEndObject();
    });

    public static ApiResponse NoSuchClient() =>
        Error(StatusCodes.Status404NotFound, "The client does not exist, or you have no permission on it.", "NotFound");

    public static ApiResponse Text(int status, string text, string contentType) => new(status, Encoding.UTF8.GetBytes(text), contentType);

    public static ApiResponse Html(int status) => Text(
        status,
        $"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{status}</h1><p>This is not the API.</p></body></html>",
        "text/html; charset=utf-8");

    public ApiResponse WithHeader(string name, string value) => this with { Headers = Headers.Add(new(name, value)) };
}
