using CsCheck;

namespace Authress.Client.Tests.Transport;

/// <summary>CsCheck has no build for .NET Framework, which also drops direction marks from URLs.</summary>
public partial class IdEncodingTests
{
    /// <summary>Any text but NUL, which no HTTP server lets into a path.</summary>
    private static Gen<string> AnyId { get; } =
        Gen.OneOf(
            Gen.Char[' ', '~'].Select(c => c.ToString()),
            Gen.OneOf("/", "\\", "?", "#", "%", ".", "..", "%2f", "%2e", ":", "@", "&", "=", "+", " ", "\n", "\r", "\t", "{", "}", "😀", "é", "e\u0301", "\u202e"),
            Gen.Char['\u0001', '\ud7ff'].Select(c => c.ToString()),
            Gen.Char['\ue000', '\uffff'].Select(c => c.ToString()),
            Gen.Int[0x10000, 0x10ffff].Select(char.ConvertFromUtf32))
        .Array[1, 20].Select(string.Concat)
        .Where(id => id.Length <= 64 && !string.IsNullOrWhiteSpace(id) && id is not ("." or ".."));

    [Fact]
    public Task A_client_whose_id_is_marks_of_direction_is_read_changed_keyed_and_deleted() =>
        A_client_with_a_strange_id_is_read_changed_keyed_and_deleted("\u200e\u202e");

    [Fact]
    public async Task The_server_decodes_any_two_ids_to_what_was_passed()
    {
        await using ScriptedServer server = ScriptedServer.Start(ScriptedResponse.Empty(204));
        using AuthressApi api = TestApi.Connect(server.Url);
        await Gen.Select(AnyId, AnyId).SampleAsync(
            async (clientId, keyId) =>
            {
                await api.DeleteAccessKeyAsync(clientId, keyId, default);
                return server.Requests[^1].Segments is ["v1", "clients", var client, "access-keys", var key] && client == clientId && key == keyId;
            },
            iter: 1000,
            threads: 1);
    }
}
