using System.Text.Json;
using Authress.Client.Json;
using Authress.Client.ServiceClients;
using CsCheck;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>The three-way merge of every declared field. CsCheck has no build for .NET Framework.</summary>
public class ServiceClientMergeTests
{
    // By the type of a field: no value, an empty one, and some that differ only in case or order.
    private static readonly Dictionary<Type, object?[]> Values = new()
    {
        [typeof(string)] = [null, "", "a", "b", "A"],
        [typeof(TagMap)] = [.. ((string[])["", "a=1", "a=2", "a=1;b=2", "b=2;a=1"]).Select(TagMap.Parse)],
        [typeof(RateLimit)] = [null, RateLimit.Parse("PT1H"), RateLimit.Parse("PT1H:1000"), RateLimit.Parse("PT5M:1000")],
        [typeof(bool)] = [false, true],
    };

    /// <summary>A client as one value for each field, in the order of the fields.</summary>
    private static Gen<object?[]> AnyClient { get; } = Gen.Int[0, 59].Array[ServiceClientFields.All.Count].Select(
        picks => ServiceClientFields.All.Select((declared, i) => Values[declared.ValueType][picks[i] % Values[declared.ValueType].Length]).ToArray());

    [Fact]
    public void Any_edit_of_any_fetched_client_merges_into_any_present_one_field_by_field_or_conflicts() =>
        Gen.Select(AnyClient, AnyClient, AnyClient).Sample(
            (fetched, edited, now) =>
            {
                string?[] original = Texts(fetched);
                string?[] mine = Texts(edited);
                string?[] present = Texts(now);
                ServiceClientChange change = Change(edited, i => mine[i] != original[i]).Rebase(Json(fetched));
                bool conflict = mine.Where((value, i) => value != original[i] && present[i] != original[i] && present[i] != value).Any();
                try
                {
                    ServiceClientJson? written = ServiceClientMerge.Apply(Json(now), change);
                    string?[] expected = [.. mine.Select((value, i) => value == original[i] ? present[i] : value)];
                    return !conflict && (written is null ? expected.SequenceEqual(present) : !expected.SequenceEqual(present) && Read(written).SequenceEqual(expected));
                }
                catch (AuthressApiException e) when (e.Failure == ApiFailure.EditConflict)
                {
                    return conflict;
                }
            },
            iter: 20_000);

    [Fact]
    public void A_value_set_without_an_original_value_never_conflicts() =>
        Gen.Select(AnyClient, AnyClient).Sample(
            (wanted, now) => ServiceClientMerge.Apply(Json(now), Change(wanted)) is { } written
                ? Read(written).SequenceEqual(Texts(wanted))
                : Texts(now).SequenceEqual(Texts(wanted)),
            iter: 5_000);

    [Fact]
    public void Merging_does_not_change_the_object_that_was_read() =>
        Gen.Select(AnyClient, AnyClient).Sample(
            (wanted, now) =>
            {
                ServiceClientJson present = Json(now);
                string before = JsonSerializer.Serialize(present, AuthressJsonContext.Default.ServiceClientJson);
                ServiceClientMerge.Apply(present, Change(wanted));
                return before == JsonSerializer.Serialize(present, AuthressJsonContext.Default.ServiceClientJson);
            },
            iter: 2_000);

    private static ServiceClientChange Change(object?[] values, Func<int, bool>? isGiven = null)
    {
        ServiceClientChange change = new();
        for (int i = 0; i < values.Length; i++)
        {
            if (isGiven is null || isGiven(i))
                change.Set(ServiceClientFields.All[i], values[i]!);
        }

        return change;
    }

    private static ServiceClientJson Json(object?[] values)
    {
        ServiceClientJson json = new() { ClientId = "sc_a" };
        foreach (ServiceClientField field in ServiceClientFields.All)
            field.WriteTo(json, Change(values));
        return json;
    }

    private static string?[] Read(ServiceClientJson json)
    {
        ServiceClient client = json.ToModel("sc_a");
        return Texts([.. ServiceClientFields.All.Select(field => typeof(ServiceClient).GetProperty(field.Name)!.GetValue(client))]);
    }

    // The same tags in another order are the same value.
    private static string?[] Texts(object?[] values) =>
        [.. values.Select(value => value is TagMap tags ? string.Join(';', tags.ToString().Split(';').Order(StringComparer.Ordinal)) : value?.ToString())];
}
