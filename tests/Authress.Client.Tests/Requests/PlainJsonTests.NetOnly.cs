using System.Text;
using System.Text.Json;
using Authress.Client.Requests;

namespace Authress.Client.Tests.Requests;

/// <summary>Bodies without a model.</summary>
/// <remarks>.NET Framework does not count what a thread allocates.</remarks>
public class PlainJsonTests
{
    [Theory]
    [InlineData("different names")]
    [InlineData("one name")]
    [InlineData("nested objects")]
    [InlineData("an array")]
    public void Twice_the_members_take_twice_the_memory(string form)
    {
        Read(Body(form, 100));
        double ratio = Allocated(Body(form, 8000)) / (double)Allocated(Body(form, 4000));
        Assert.InRange(ratio, 1.5, 2.5);
    }

    [Fact]
    public void Of_a_repeated_member_the_last_value_counts() =>
        Assert.Equal(
            [new KeyValuePair<string, object?>("a", 3L), new KeyValuePair<string, object?>("b", 2L)],
            Assert.IsType<List<KeyValuePair<string, object?>>>(Read("""{"a":1,"b":2,"a":3}"""u8.ToArray())));

    [Fact]
    public void An_integer_of_a_thousand_digits_is_exact_and_a_longer_one_is_refused()
    {
        string digits = new('7', 1000);
        Assert.Equal(System.Numerics.BigInteger.Parse(digits, null), Read(Encoding.UTF8.GetBytes(digits)));
        Assert.Throws<JsonException>(() => Read(Encoding.UTF8.GetBytes(digits + "7")));
    }

    private static byte[] Body(string form, int count) => Encoding.UTF8.GetBytes(form switch
    {
        "an array" => "[" + string.Join(',', Enumerable.Repeat("1", count)) + "]",
        "one name" => "{" + string.Join(',', Enumerable.Repeat("\"name\":1", count)) + "}",
        "nested objects" => "[" + string.Join(',', Enumerable.Repeat("{\"a\":{\"b\":1}}", count)) + "]",
        _ => "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"name{i:D8}\":1")) + "}",
    });

    private static long Allocated(byte[] body)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(body);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static object? Read(byte[] body)
    {
        Utf8JsonReader reader = new(body);
        reader.Read();
        return PlainJson.Read(ref reader);
    }
}
