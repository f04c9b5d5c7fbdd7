using System.Text.Json;
using Authress.Client.Json;
using Authress.Client.ServiceClients;

namespace Authress.Client.Tests.ServiceClients;

/// <summary>Each declared field alone: its member in the body, its property of the model and of the change.</summary>
public class ServiceClientFieldTests
{
    public static TheoryData<string> Names => [.. ServiceClientFields.All.Select(declared => declared.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_field_is_written_and_read_back_and_no_other_changes(string name)
    {
        ServiceClientField field = ServiceClientFields.Find(name);
        object sample = Sample(field);
        ServiceClientChange change = new();
        change.Set(field, sample);
        ServiceClientJson sent = JsonSerializer.Deserialize(change.ToNewClient(), AuthressJsonContext.Default.ServiceClientJson)!;
        Assert.Null(sent.Unknown);
        ServiceClient empty = new("sc_a");
        ServiceClient read = sent.ToModel("sc_a");
        Assert.All(ServiceClientFields.All, other => Assert.Equal((other.Name, Text(other == field ? sample : Property(empty, other))), (other.Name, Text(Property(read, other)))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cleared_field_has_no_value(string name)
    {
        ServiceClientField field = ServiceClientFields.Find(name);
        ServiceClientChange change = new();
        if (!field.IsClearable)
        {
            Assert.Throws<InvalidOperationException>(() => change.Clear(field));
            return;
        }

        ServiceClientChange full = new();
        full.Set(field, Sample(field));
        ServiceClientJson now = JsonSerializer.Deserialize(full.ToNewClient(), AuthressJsonContext.Default.ServiceClientJson)!;
        change.Clear(field);
        ServiceClientJson merged = ServiceClientMerge.Apply(now, change)!;
        Assert.True(field.IsEmpty(Property(merged.ToModel("sc_a"), field)));
        Assert.Null(ServiceClientMerge.Apply(merged, change));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_change_has_a_property_for_the_field(string name)
    {
        ServiceClientField field = ServiceClientFields.Find(name);
        ServiceClientChange change = new();
        change.Set(field, Sample(field));
        object given = Assert.IsType<object>(typeof(ServiceClientChange).GetProperty(name)?.GetValue(change), exactMatch: false);
        Assert.Equal(true, given.GetType().GetProperty("IsGiven")!.GetValue(given));
        Assert.Equal([field], change.Fields);
    }

    private static object Sample(ServiceClientField field) =>
        field.ValueType == typeof(string) ? "sample"
        : field.ValueType == typeof(bool) ? true
        : field.ValueType == typeof(TagMap) ? TagMap.Parse("a=b")
        : field.ValueType == typeof(RateLimit) ? new RateLimit("PT5M", 1000)
        : throw new NotSupportedException($"{field.Name} is a {field.ValueType}: add a sample of that type here.");

    private static object? Property(ServiceClient client, ServiceClientField field) => typeof(ServiceClient).GetProperty(field.Name)!.GetValue(client);

    private static string Text(object? value) => value?.ToString() ?? string.Empty;
}
