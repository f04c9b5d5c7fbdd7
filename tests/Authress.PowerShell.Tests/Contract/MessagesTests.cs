using System.Text.RegularExpressions;

namespace Authress.PowerShell.Tests.Contract;

/// <summary>
/// Every text that a user reads stands in the resource file, and the id of an error is the name of its text. Verified in the
/// built assemblies of both editions: their resources, their literals, and what their code calls.
/// </summary>
public sealed partial class MessagesTests
{
    // Why a literal with words in it is not in the resource file.
    private static readonly Dictionary<string, string> NoMessages = new()
    {
        ["A secret is never written."] = "thrown by code that nothing calls",
        ["The HTTP method is not supported."] = "Invoke-AuthressRequest validates the method",
        ["There is no further page."] = "a programming error of the pager's caller",
        [" can't be cleared."] = "a programming error: -Clear lists what can be",
        ["The number of retries and the wait for them can't be negative."] = "Connect-Authress validates both",
        ["There is neither an access key nor an access token."] = "Connect-Authress reports CredentialMissing first",
        ["Bearer "] = "a header",
        ["script-src "] = "the content security policy of the report's page",
        ["style-src "] = "the content security policy of the report's page",
        [" at "] = "a connection as text",
        ["Setting init-only properties is not supported in source generation mode."] = "the JSON serializer's generated code",
        ["The converter '{0}' cannot return null or a JsonConverterFactory instance."] = "the JSON serializer's generated code",
        ["The converter '{0}' is not compatible with the type '{1}'."] = "the JSON serializer's generated code",
    };

    private static readonly ProductAssembly[] Assemblies = ProductAssembly.ReadAll();

    private static readonly IReadOnlyDictionary<string, string> Texts = Assemblies.Select(assembly => assembly.Texts).First(texts => texts.Count > 0);

    private static readonly string[] ErrorIds = [.. Assemblies.SelectMany(assembly => assembly.ErrorIds).Distinct().Order(StringComparer.Ordinal)];

    public static TheoryData<string> Ids => [.. ErrorIds];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_a_text_and_a_recommended_action_for_every_error(string id)
    {
        Assert.Contains(id, Texts);
        Assert.Contains(id + "Action", Texts);
    }

    [Fact]
    public void Has_no_unused_text()
    {
        // A rotation names its texts, and the factory and the warnings look them up.
        string[] named = [.. Assemblies.SelectMany(assembly => assembly.Literals).Where(Texts.ContainsKey), .. ErrorIds];
        HashSet<string> used = [.. Assemblies.SelectMany(assembly => assembly.UsedTexts), .. named, .. named.Select(id => id + "Action")];
        Assert.Empty(Texts.Keys.Except(used).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Has_no_text_outside_the_resource_file()
    {
        string[] literals = [.. Assemblies.SelectMany(assembly => assembly.Literals).Where(literal => Words().IsMatch(literal)).Except(Assemblies.SelectMany(assembly => assembly.Commands)).Distinct()];
        Assert.Empty(literals.Except(NoMessages.Keys).Order(StringComparer.Ordinal));
        Assert.Empty(NoMessages.Keys.Except(literals));
    }

    [Fact]
    public void Creates_errors_in_the_factory_alone() =>
        Assert.Equal(["ErrorFactory"], Assemblies.SelectMany(assembly => assembly.ErrorMakers).Distinct());

    [Fact]
    public void Ends_every_sentence_that_stands_alone() =>
        Assert.All(ErrorIds.Where(id => !Placeholder().IsMatch(Texts[id])), id => Assert.EndsWith(".", Texts[id], StringComparison.Ordinal));

    // Two words, or one that begins or ends a fragment. Names, permissions and media types have no such words.
    [GeneratedRegex(@"\p{Ll}[,:]? \p{Ll}|^['""(]* \p{Ll}{2}|\p{Ll}{2} $")]
    private static partial Regex Words();

    [GeneratedRegex(@"\{\d\}$")]
    private static partial Regex Placeholder();
}
