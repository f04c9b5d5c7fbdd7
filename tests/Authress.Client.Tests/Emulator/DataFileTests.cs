using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Authress.Emulator;
using Authress.Emulator.ServiceClients;
using Authress.Emulator.Storage;

namespace Authress.Client.Tests.Emulator;

public sealed class DataFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("authress-emulator-").FullName;

    private string DataFile => Path.Combine(_folder, "account.json");

    private string LockFile => DataFile + ".lock";

    private EmulatorOptions Options => new() { DataFile = DataFile };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Survives_a_restart()
    {
        string id;
        string accessKey;
        string adminKey;
        string before;
        string deleted;
        await using (EmulatorSession session = await EmulatorSession.StartAsync(Options))
        {
            adminKey = session.Server.AccessKey;
            id = (await session.PostAsync("/v1/clients", """{"name":"kept","tags":{"a":"b"},"future":[1]}""")).Text("clientId")!;
            accessKey = (await session.PostAsync($"/v1/clients/{id}/access-keys")).Text("accessKey")!;
            deleted = (await session.PostAsync("/v1/clients", "{}")).Text("clientId")!;
            await session.DeleteAsync($"/v1/clients/{deleted}");
            before = WithoutLinks((await session.GetAsync($"/v1/clients/{id}")).Json);
        }

        await using EmulatorSession again = await EmulatorSession.StartAsync(Options);
        Assert.Equal(adminKey, again.Server.AccessKey);
        Assert.Equal(before, WithoutLinks((await again.GetAsync($"/v1/clients/{id}")).Json));
        Assert.Equal(HttpStatusCode.NotFound, (await again.GetAsync($"/v1/clients/{deleted}")).Status);
        Assert.Equal(2, again.Server.Clients.Count);
        // The issued key still signs: it is recognized (404 for want of permission), not refused (401).
        string token = new TokenForge(accessKey).Token(again.Server.ApiUrl);
        Assert.Equal(HttpStatusCode.NotFound, (await again.GetAsync($"/v1/clients/{id}", token)).Status);
    }

    [Fact]
    public async Task Has_every_change_on_disk_before_it_responds()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync(Options);
        Task<string> OnDiskAsync() => File.ReadAllTextAsync(DataFile, TestContext.Current.CancellationToken);

        string id = (await session.PostAsync("/v1/clients", """{"name":"first"}""")).Text("clientId")!;
        Assert.Contains("\"first\"", await OnDiskAsync(), StringComparison.Ordinal);
        await session.PutAsync($"/v1/clients/{id}", """{"name":"second"}""");
        Assert.Contains("\"second\"", await OnDiskAsync(), StringComparison.Ordinal);
        string keyId = (await session.PostAsync($"/v1/clients/{id}/access-keys")).Text("keyId")!;
        Assert.Contains($"\"{keyId}\"", await OnDiskAsync(), StringComparison.Ordinal);
        await session.DeleteAsync($"/v1/clients/{id}/access-keys/{keyId}");
        Assert.DoesNotContain($"\"{keyId}\"", await OnDiskAsync(), StringComparison.Ordinal);
        await session.DeleteAsync($"/v1/clients/{id}");
        Assert.DoesNotContain($"\"{id}\"", await OnDiskAsync(), StringComparison.Ordinal);
        session.Server.SeedClient("""{"name":"third"}""");
        await session.Server.ResetAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("\"third\"", await OnDiskAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_no_issued_private_key_and_lets_only_its_owner_read()
    {
        await using EmulatorSession session = await EmulatorSession.StartAsync(Options);
        string id = session.Server.SeedClient();
        string secret = (await session.PostAsync($"/v1/clients/{id}/access-keys")).Text("accessKey")!.Split('.')[3];
        Assert.DoesNotContain(secret, await File.ReadAllTextAsync(DataFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(DataFile));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LockFile));
        }

        Assert.Equal([DataFile, LockFile], Directory.GetFiles(_folder).Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"format\":\"something else\",\"formatVersion\":1}")]
    public async Task Refuses_a_damaged_file_and_leaves_it_as_it_is(string content)
    {
        await File.WriteAllTextAsync(DataFile, content, TestContext.Current.CancellationToken);
        DataFileException problem = await Assert.ThrowsAsync<DataFileException>(() => EmulatorServer.StartAsync(Options));
        Assert.Contains(DataFile, problem.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(DataFile, TestContext.Current.CancellationToken));

        // The file can be moved away, as the message recommends, and the emulator starts with a new one.
        File.Delete(DataFile);
        await using EmulatorServer server = await EmulatorServer.StartAsync(Options);
    }

    [Theory]
    [InlineData("account.json")]
    [InlineData("../{0}/account.json")]
    [InlineData("link.json")]
    public async Task Refuses_a_second_emulator_on_the_same_file_and_loses_nothing(string name)
    {
        await using (EmulatorSession first = await EmulatorSession.StartAsync(Options))
        {
            string other = Path.Combine(_folder, string.Format(CultureInfo.InvariantCulture, name, Path.GetFileName(_folder)));
            if (name == "link.json")
                File.CreateSymbolicLink(other, DataFile);
            DataFileException problem = await Assert.ThrowsAsync<DataFileException>(() => EmulatorServer.StartAsync(new EmulatorOptions { DataFile = other }));
            Assert.Contains(DataFile, problem.Message, StringComparison.Ordinal);
            Assert.Contains("--data", problem.Message, StringComparison.Ordinal);
            await first.PostAsync("/v1/clients", """{"name":"kept"}""");
        }

        await using EmulatorSession again = await EmulatorSession.StartAsync(Options);
        Assert.Contains(again.Server.Clients, client => client.Name == "kept");
    }

    [Fact]
    public async Task Follows_a_link_to_its_file_and_keeps_the_link()
    {
        string link = Path.Combine(_folder, "link.json");
        File.CreateSymbolicLink(link, DataFile);
        await using EmulatorSession session = await EmulatorSession.StartAsync(new EmulatorOptions { DataFile = link });
        await session.PostAsync("/v1/clients", """{"name":"kept"}""");
        Assert.Equal(DataFile, new FileInfo(link).LinkTarget);
        Assert.Contains("\"kept\"", await File.ReadAllTextAsync(DataFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_file_that_was_cut_short_anywhere()
    {
        await using (EmulatorSession session = await EmulatorSession.StartAsync(Options))
            session.Server.SeedClients(3);
        byte[] whole = (await File.ReadAllBytesAsync(DataFile, TestContext.Current.CancellationToken))[..^1];
        for (int length = 0; length < whole.Length; length += 97)
        {
            await File.WriteAllBytesAsync(DataFile, whole[..length], TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<DataFileException>(() => EmulatorServer.StartAsync(Options));
        }
    }

    [Fact]
    public async Task Restores_the_administrator_after_its_deletion()
    {
        string adminKey;
        await using (EmulatorSession session = await EmulatorSession.StartAsync(Options))
        {
            adminKey = session.Server.AccessKey;
            await session.DeleteAsync($"/v1/clients/{session.Server.AdminClientId}");
            Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/v1/clients")).Status);
        }

        await using EmulatorSession again = await EmulatorSession.StartAsync(Options);
        Assert.Equal(adminKey, again.Server.AccessKey);
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/v1/clients")).Status);
    }

    [Fact]
    public async Task Restores_the_printed_key_although_other_keys_have_replaced_it()
    {
        await using (EmulatorSession session = await EmulatorSession.StartAsync(Options))
        {
            TokenForge other = new(session.Server.IssueAccessKey(session.Server.AdminClientId));
            await session.DeleteAsync($"/v1/clients/{session.Server.AdminClientId}/access-keys/{session.Server.AdminKeyId}");
            string token = other.Token(session.Server.ApiUrl);
            for (int count = 0; count < 4; count++)
                Assert.Equal(HttpStatusCode.Created, (await session.PostAsync($"/v1/clients/{session.Server.AdminClientId}/access-keys", null, token)).Status);
        }

        await using EmulatorSession again = await EmulatorSession.StartAsync(Options);
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/v1/clients")).Status);
    }

    [Fact]
    public async Task Holds_all_of_many_parallel_changes()
    {
        await using (EmulatorSession session = await EmulatorSession.StartAsync(Options))
        {
            await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, _) =>
                Assert.Equal(HttpStatusCode.Created, (await session.PostAsync("/v1/clients", $$"""{"name":"{{index}}"}""")).Status));
        }

        await using EmulatorSession again = await EmulatorSession.StartAsync(Options);
        IReadOnlyList<ServiceClientSnapshot> clients = again.Server.Clients;
        Assert.Equal(Enumerable.Range(0, 200).Select(index => $"{index}").Order(), clients.Skip(1).Select(client => client.Name).Order());
    }

    private static string WithoutLinks(JsonNode client)
    {
        // The links name the port, which is another after the restart.
        client.AsObject().Remove("links");
        return client.ToJsonString();
    }
}
