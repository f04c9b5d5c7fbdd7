using System.Text.Json;
using Authress.Client.Json;
using Authress.Client.ServiceClients;
using CsCheck;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>The three-way merge alone. CsCheck has no build for .NET Framework.</summary>
public class ServiceClientMergeTests
{
    private sealed record Fields(string? Name, string Tag, string? RateLimit, bool Users, bool Tokens);

    private static Gen<Fields> AnyFields { get; } =
        Gen.Select(
            Gen.OneOf<string?>(null, "", "a", "b", "A"),
            Gen.OneOf("", "a=1", "a=2", "a=1;b=2", "b=2;a=1"),
            Gen.OneOf<string?>(null, "PT1H", "PT1H:1000", "PT5M:1000"),
            Gen.Bool,
            Gen.Bool,
            (name, tag, limit, users, tokens) => new Fields(name, tag, limit, users, tokens));

    [Fact]
    public void Any_edit_of_any_fetched_client_merges_into_any_present_one_field_by_field_or_conflicts() =>
        Gen.Select(AnyFields, AnyFields, AnyFields).Sample(
            (fetched, edited, now) =>
            {
                ServiceClientChange change = new()
                {
                    Name = Edit(fetched.Name, edited.Name),
                    Tag = Edit(TagMap.Parse(fetched.Tag), TagMap.Parse(edited.Tag), Same(fetched.Tag, edited.Tag)),
                    RateLimit = Edit(Limit(fetched.RateLimit), Limit(edited.RateLimit)),
                    GrantUserPermissionsAccess = Edit(fetched.Users, edited.Users),
                    GrantTokenGeneration = Edit(fetched.Tokens, edited.Tokens),
                };

                bool conflict =
                    Conflicts(fetched.Name, edited.Name, now.Name)
                    || Conflicts(Sorted(fetched.Tag), Sorted(edited.Tag), Sorted(now.Tag))
                    || Conflicts(fetched.RateLimit, edited.RateLimit, now.RateLimit);
                try
                {
                    ServiceClientJson? written = ServiceClientMerge.Apply(Json(now), change);
                    Fields expected = new(
                        Merge(fetched.Name, edited.Name, now.Name),
                        Sorted(Merge(Sorted(fetched.Tag), Sorted(edited.Tag), Sorted(now.Tag))!),
                        Merge(fetched.RateLimit, edited.RateLimit, now.RateLimit),
                        fetched.Users == edited.Users ? now.Users : edited.Users,
                        fetched.Tokens == edited.Tokens ? now.Tokens : edited.Tokens);
                    Fields present = now with { Tag = Sorted(now.Tag) };
                    return !conflict && (written is null ? expected == present : expected != present && Read(written) == expected);
                }
                catch (AuthressApiException e) when (e.Failure == ApiFailure.EditConflict)
                {
                    return conflict;
                }
            },
            iter: 20_000);

    [Fact]
    public void A_value_set_without_an_original_value_never_conflicts() =>
        Gen.Select(AnyFields, AnyFields).Sample(
            (wanted, now) =>
            {
                ServiceClientChange change = new()
                {
                    Name = new(wanted.Name),
                    Tag = new(TagMap.Parse(wanted.Tag)),
                    RateLimit = new(Limit(wanted.RateLimit)),
                    GrantUserPermissionsAccess = new(wanted.Users),
                    GrantTokenGeneration = new(wanted.Tokens),
                };
                Fields expected = wanted with { Tag = Sorted(wanted.Tag) };
                return ServiceClientMerge.Apply(Json(now), change) is { } written
                    ? Read(written) == expected
                    : now with { Tag = Sorted(now.Tag) } == expected;
            },
            iter: 5_000);

    [Fact]
    public void Merging_leaves_what_was_read_untouched() =>
        Gen.Select(AnyFields, AnyFields).Sample(
            (wanted, now) =>
            {
                ServiceClientJson present = Json(now);
                string before = JsonSerializer.Serialize(present, AuthressJsonContext.Default.ServiceClientJson);
                ServiceClientMerge.Apply(present, new ServiceClientChange { Name = new(wanted.Name), Tag = new(TagMap.Parse(wanted.Tag)), RateLimit = new(Limit(wanted.RateLimit)), GrantTokenGeneration = new(wanted.Tokens) });
                return before == JsonSerializer.Serialize(present, AuthressJsonContext.Default.ServiceClientJson);
            },
            iter: 2_000);

    private static FieldChange<T> Edit<T>(T fetched, T edited, bool? same = null) =>
        same ?? Equals(fetched, edited) ? default : new FieldChange<T>(edited, fetched);

    private static bool Conflicts(string? fetched, string? edited, string? now) => edited != fetched && now != fetched && now != edited;

    private static string? Merge(string? fetched, string? edited, string? now) => edited == fetched ? now : edited;

    private static RateLimit? Limit(string? text) => text is null ? null : RateLimit.Parse(text);

    private static bool Same(string one, string other) => Sorted(one) == Sorted(other);

    private static string Sorted(string tags) => string.Join(';', tags.Split(';').Order(StringComparer.Ordinal));

    private static ServiceClientJson Json(Fields fields) => new()
    {
        ClientId = "sc_a",
        Name = fields.Name,
        Tags = TagMap.Parse(fields.Tag).ToDictionary(tag => tag.Key, tag => (string?)tag.Value),
        RateLimits = Limit(fields.RateLimit) is { } limit ? [limit.ToJson()] : null,
        Options = new ServiceClientOptionsJson { GrantUserPermissionsAccess = fields.Users, GrantTokenGeneration = fields.Tokens },
    };

    private static Fields Read(ServiceClientJson json)
    {
        ServiceClient client = json.ToModel("sc_a");
        return new(client.Name, Sorted(client.Tag.ToString()), client.RateLimit?.ToString(), client.GrantUserPermissionsAccess, client.GrantTokenGeneration);
    }
}
