using Authress.PowerShell.Tests.Contract;

namespace Authress.PowerShell.Tests.Requests;

/// <summary>Responses as objects. The client's PlainJsonTests has what reads their JSON.</summary>
public sealed class PlainDataTests
{
    [Theory]
    [InlineData("different names")]
    [InlineData("names that differ only by case")]
    [InlineData("nested objects")]
    [InlineData("an array")]
    public void Twice_the_members_take_twice_the_memory(string form)
    {
        Func<object?, object?> convert = ExportedCommands.Assembly("Authress.PowerShell").GetType("Authress.PowerShell.Requests.PlainData", throwOnError: true)!
            .GetMethod("ToPowerShell")!.CreateDelegate<Func<object?, object?>>();

        // PowerShell keeps every name of a property that it has not seen before.
        convert(Response(form, 8000));
        double ratio = Allocated(convert, Response(form, 8000)) / (double)Allocated(convert, Response(form, 4000));
        Assert.InRange(ratio, 1.5, 2.5);
    }

    // In the types in which the client reads it.
    private static object Response(string form, int count) => form switch
    {
        "an array" => Enumerable.Repeat<object?>(1L, count).ToList(),
        "nested objects" => Enumerable.Range(0, count).Select(object? (_) => Members(("a", Members(("b", 1L))))).ToList(),
        "names that differ only by case" => Members([.. Enumerable.Range(0, count / 2).SelectMany(i => ((string, object?)[])[($"name{i:D8}", 1L), ($"NAME{i:D8}", 1L)])]),
        _ => Members([.. Enumerable.Range(0, count).Select(i => ($"name{i:D8}", (object?)1L))]),
    };

    private static List<KeyValuePair<string, object?>> Members(params (string Name, object? Value)[] members) =>
        [.. members.Select(member => new KeyValuePair<string, object?>(member.Name, member.Value))];

    private static long Allocated(Func<object?, object?> convert, object response)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        convert(response);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
