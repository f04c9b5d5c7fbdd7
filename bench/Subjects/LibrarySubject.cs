using Authress.Client;
using Authress.Client.AccessKeys;
using Authress.Client.ServiceClients;

namespace Authress.Bench.Subjects;

/// <summary>The client library without PowerShell, from the module as it ships.</summary>
internal sealed class LibrarySubject : IBenchmarkSubject
{
    private readonly AuthressApi _api;

    private LibrarySubject(AuthressApi api) => _api = api;

    public string Version => "Authress.Client " + AuthressApiOptions.Version;

    public static IBenchmarkSubject Create(Uri url, string accessKey)
    {
        Repository.ResolveModuleAssemblies();
        return Connect(url, accessKey);
    }

    public async Task<Outcome> RunAsync(BenchmarkJob job)
    {
        Measurement measurement = new();
        Tally tally = job.Operation == Operation.List
            ? new Tally(await ListAsync(measurement))
            : await InFlight.RunAsync(
                job,
                id => _api.GetServiceClientAsync(id, CancellationToken.None),
                name => _api.CreateServiceClientAsync(NewClient(name), CancellationToken.None),
                id => _api.DeleteServiceClientAsync(id, CancellationToken.None));
        return measurement.End(tally);
    }

    public void Dispose() => _api.Dispose();

    // A separate method: the library's types load only after the resolver is registered.
    private static LibrarySubject Connect(Uri url, string accessKey) =>
        new(new AuthressApi(new AuthressApiOptions { ApiUrl = url, AccessKey = AccessKeyCredential.Parse(accessKey) }));

    private static ServiceClientChange NewClient(string name) => new()
    {
        Name = new FieldChange<string?>(name),
        Tag = new FieldChange<TagMap>(new TagMap { ["env"] = "bench" }),
    };

    private async Task<int> ListAsync(Measurement measurement)
    {
        int clients = 0;
        ServiceClientPager pager = _api.PageServiceClients(pageSize: null, cursor: null);
        while (!pager.AtEnd)
        {
            ServiceClientPage page = await pager.NextAsync(CancellationToken.None).ConfigureAwait(false);
            if (clients % StreamMeter.Interval == 0)
                measurement.Watch();
            clients += page.Clients.Count;
        }

        return clients;
    }
}
