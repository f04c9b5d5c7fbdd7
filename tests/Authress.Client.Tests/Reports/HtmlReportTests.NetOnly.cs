using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Authress.Client.Reports;

namespace Authress.Client.Tests.Reports;

/// <summary>The report's page, parsed strictly: an XML parser refuses every text that was not encoded.</summary>
/// <remarks>.NET Framework has no such hash functions and generated expressions.</remarks>
public sealed partial class HtmlReportTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 26, 18, 30, 0, TimeSpan.Zero);

    private static readonly ReportAccount Account = new("acc-1", new Uri("https://login.example.com"), IsComplete: true);

    private static readonly string[] Elements =
    [
        "a", "b", "bdi", "body", "caption", "code", "dd", "desc", "details", "div", "dl", "dt", "h1", "h2", "h3", "head", "header", "html", "input", "label",
        "li", "main", "meta", "nav", "output", "p", "rect", "script", "section", "small", "span", "strong", "style", "summary", "svg", "table", "tbody", "td",
        "text", "th", "thead", "time", "title", "tr", "ul", "wbr",
    ];

    private static readonly string[] Attributes =
    [
        "aria-describedby", "aria-label", "aria-labelledby", "autocomplete", "charset", "class", "content", "data-copied", "data-copy", "data-copy-failed",
        "data-copy-label", "data-group", "data-order", "data-severity", "data-shown", "data-value", "datetime", "for", "height", "hidden", "href",
        "http-equiv", "id", "lang", "name", "role", "rx", "scope", "spellcheck", "text-anchor", "type", "width", "x", "y",
    ];

    public static TheoryData<string, string> Hostile => new()
    {
        { "<script>alert(1)</script>", "<script>alert(1)</script>" },
        { "\"><img src=x onerror=alert(1)>", "\"><img src=x onerror=alert(1)>" },
        { "' onmouseover='alert(1)", "' onmouseover='alert(1)" },
        { "</title></style></script><svg onload=alert(1)>", "</title></style></script><svg onload=alert(1)>" },
        { "]]><!-- --> &lt;b&gt; &#x3C;", "]]><!-- --> &lt;b&gt; &#x3C;" },
        { "invoice\u202Egpj.exe\u2066", @"invoice\u202Egpj.exe\u2066" },
        { "a\r\nb\tc\0d\u001B[31m\u009B", @"a\u000D\u000Ab\u0009c\u0000d\u001B[31m\u009B" },
        { "half \uD83D, half \uDE00, whole \uD83D\uDE00", @"half \uD83D, half \uDE00, whole " + "\uD83D\uDE00" },
        { "\uFEFFmark\uFFFE\uFFFF", @"\uFEFFmark\uFFFE\uFFFF" },
    };

    // Half a surrogate pair does not outlast the way from a test's discovery to its run.
    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void Shows_hostile_text_as_text_wherever_it_stands(string text, string shown)
    {
        ReportAccount account = new(text, Account.ApiUrl, IsComplete: true);
        InventoryClient client = new(account, text, text, text, Time, ActsForUsers: true, CreatesTokens: true, text, [new InventoryKey(text, text, Time, Time)]);
        AccessKeyFinding finding = Finding(ReportRule.KeyTooOld, client, text, text, text);
        AccessKeyFinding unknown = new(text, FindingSeverity.Note, text) { ClientId = "sc_unlisted", ClientName = text, KeyId = text, Fix = text, AccountId = text };
        AccessKeyFinding accepted = Finding(ReportRule.MayCreateTokens, client, text, text, text);
        accepted.AcceptedReason = text;
        XElement page = Parse(Write(new ReportDocument([account, Account], Time, [finding, unknown], [accepted], [client])));

        // Nothing became markup.
        Assert.Empty(page.DescendantsAndSelf().Select(element => element.Name.LocalName).Distinct().Except(Elements));
        Assert.Empty(page.DescendantsAndSelf().Attributes().Select(attribute => attribute.Name.LocalName).Distinct().Except(Attributes));

        XElement inventory = Section(page, "inventory");
        XElement findings = Section(page, "findings");
        Dictionary<string, IEnumerable<string>> places = new()
        {
            ["account"] = page.Descendants("header").Descendants("code").Select(id => id.Value),
            ["account of a client"] = inventory.Descendants("small").Select(id => id.Value),
            ["client id"] = inventory.Descendants("th").Elements("code").Select(id => id.Value),
            ["name"] = inventory.Descendants("bdi").Select(name => name.Value),
            ["tags"] = inventory.Descendants("td").Select(cell => cell.Value),
            ["rate limit"] = inventory.Descendants("li").Select(item => item.Value.Replace("rate limit ", "")),
            ["key id"] = inventory.Descendants("li").Elements("code").Select(id => id.Value),
            ["rule"] = findings.Descendants("a").Select(rule => rule.Value),
            ["name of a finding"] = findings.Descendants("th").Descendants("bdi").Select(name => name.Value),
            ["message"] = findings.Descendants("td").Where(cell => !cell.HasElements).Select(cell => cell.Value),
            ["fix"] = findings.Descendants("code").Where(code => (string?)code.Attribute("class") == "fix").Select(fix => fix.Value),
            ["reason"] = Section(page, "accepted").Descendants("tr").Select(row => row.Elements().ElementAt(4).Value),
        };
        Assert.All(places, place => Assert.Contains(shown, place.Value));
        Assert.DoesNotContain(page.DescendantNodes().OfType<XText>().Select(node => node.Value).Concat(page.Descendants().Attributes().Select(attribute => attribute.Value)), IsObeyed);
    }

    [Fact]
    public void Hides_a_credential_that_stands_in_a_name()
    {
        string token = "eyJ" + new string('a', 80);
        InventoryClient client = Client("sc_1") with { Name = "ci " + token, Tags = "key=" + token };
        Assert.DoesNotContain(token, Write(Report(client)), StringComparison.Ordinal);
    }

    // Otherwise two spaces in a tag would be copied as one.
    [Fact]
    public void Keeps_every_space_of_a_command() => Assert.Matches(@"\.fix\{[^}]*white-space:pre-wrap|\.fix \{[^}]*white-space: pre-wrap", Write(Report(Client("sc_1"))));

    [Fact]
    public void Allows_its_own_style_and_script_by_their_hashes_and_nothing_else()
    {
        string html = Write(Report(Client("sc_1")));
        string[] policy = Parse(html).Descendants("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy").Attribute("content")!.Value.Split(';');
        Assert.Equal(
            [
                "default-src 'none'", $"script-src '{Hash(html, "script")}'", $"style-src '{Hash(html, "style")}'",
                "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
            ],
            policy);
    }

    [Fact]
    public void Names_nothing_elsewhere_but_the_API_URLs_as_text()
    {
        string html = Write(Report(Client("sc_1")));
        Assert.Equal(["https://login.example.com"], UrlPattern().Matches(html).Select(match => match.Value));
        Assert.All(Parse(html).Descendants().Attributes("href"), link => Assert.StartsWith("#", link.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Counts_findings_clients_and_keys()
    {
        InventoryClient client = Client("sc_1", new InventoryKey("key1", null, Time, null), new InventoryKey("key2", null, null, null));
        AccessKeyFinding[] findings = [Finding(ReportRule.KeyOnTwoClients, client), Finding(ReportRule.TagMissing, client), Finding(ReportRule.KeyTooOld, client), Finding(ReportRule.KeyTooOld, client), Finding(ReportRule.ClientWithoutKey, client)];
        XElement page = Parse(Write(new ReportDocument([Account], Time, findings, [Finding(ReportRule.MayCreateTokens, client)], [client, Client("sc_2")])));
        Assert.Equal(["1", "3", "1", "1", "2", "2"], page.Descendants("dd").Select(count => count.Value));
    }

    [Fact]
    public void Lists_findings_by_rule_and_the_worst_first_each_with_its_severity_as_a_word()
    {
        InventoryClient client = Client("sc_1");
        XElement page = Parse(Write(Report(client) with { Findings = [Finding(ReportRule.ClientWithoutKey, client), Finding(ReportRule.KeyTooOld, client), Finding(ReportRule.KeyOnTwoClients, client), Finding(ReportRule.KeyTooOld, client)] }));
        Assert.Equal(["Error KeyOnTwoClients 1", "Warning KeyTooOld 2", "Note ClientWithoutKey 1"], page.Descendants("h3").Select(heading => heading.Value));
        Assert.Equal([1, 2, 1], page.Descendants("section").Where(section => (string?)section.Attribute("class") == "group").Select(group => group.Descendants("tbody").Elements("tr").Count()));
        Assert.Equal(["Error: KeyOnTwoClients", "Warning: KeyTooOld ×2", "Note: ClientWithoutKey"], Rows(page).Single().Elements().Last().Descendants("li").Select(item => item.Value));
    }

    [Fact]
    public void Lists_five_hundred_findings_of_a_rule_and_says_how_many_more_there_are()
    {
        InventoryClient client = Client("sc_1");
        XElement page = Parse(Write(Report(client) with { Findings = [.. Enumerable.Range(0, 2345).Select(_ => Finding(ReportRule.KeyTooOld, client))] }));
        Assert.Equal(500, Section(page, "findings").Descendants("tbody").Elements("tr").Count());
        Assert.Equal("2,345", Section(page, "findings").Element("ul")!.Descendants("span").Last().Value);
        Assert.Contains("1,845", page.Descendants("p").Single(note => (string?)note.Attribute("class") == "more").Value, StringComparison.Ordinal);
        Assert.Equal("Warning: KeyTooOld ×2,345", Rows(page).Single().Elements().Last().Value);
    }

    [Fact]
    public void Is_not_clean_if_something_could_not_be_read()
    {
        Assert.Equal("clean", Verdict(Report(Client("sc_1"))));
        Assert.Equal("error", Verdict(Report(Client("sc_1")) with { Accounts = [Account, Account with { AccountId = "acc-2", IsComplete = false }] }));
        Assert.Equal("error", Verdict(Report(Client("sc_1") with { Keys = null })));
        Assert.DoesNotContain(Messages.PageClean, Write(Report(Client("sc_1") with { Keys = null })), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_the_last_use_of_a_key_is_not_recorded() =>
        Assert.Contains(Messages.PageLastUse, Parse(Write(Report())).Descendants("header").Elements("p").Select(text => text.Value));

    [Fact]
    public void Shows_each_key_with_its_age_and_until_when_a_rotation_keeps_it()
    {
        InventoryClient client = Client(
            "sc_1",
            new InventoryKey("old", null, Time.AddDays(-400.9), null),
            new InventoryKey("replaced", null, Time.AddDays(-1.5), Time.AddHours(6)),
            new InventoryKey("early", null, Time.AddDays(1), null),
            new InventoryKey("ageless", null, null, null));
        XElement row = Rows(Parse(Write(Report(client)))).Single();
        Assert.Equal(
            ["old 2025-10-21, 400 days", "replaced 2026-11-25, 1 day kept until 2026-11-27 00:30 UTC", "early 2026-11-27, 0 days", "ageless age unknown"],
            row.Elements("td").ElementAt(3).Descendants("li").Select(key => key.Value));
        Assert.Equal("400 days", row.Elements("td").ElementAt(4).Value);
    }

    [Fact]
    public void Says_in_words_what_a_client_may_do_and_what_is_missing()
    {
        InventoryClient mighty = Client("sc_1") with { ActsForUsers = true, CreatesTokens = true, RateLimit = "PT1H:1000" };
        InventoryClient bare = Client("sc_2") with { Name = null, Tags = null, CreatedTime = null };
        InventoryClient unread = Client("sc_3") with { Keys = null };
        XElement[] rows = [.. Rows(Parse(Write(Report(mighty, bare, unread))))];
        Assert.Equal(["may create tokens for any user", "may act for users", "rate limit PT1H:1000"], rows[0].Elements("td").ElementAt(1).Descendants("li").Select(grant => grant.Value));
        Assert.Equal(["no namesc_2", "no tags", "no grantsno rate limit", "unknown", "no access key", "no access key", "none"], rows[1].Elements().Select(cell => cell.Value));
        Assert.Equal(["could not be read", "unknown"], rows[2].Elements("td").Skip(3).Take(2).Select(cell => cell.Value));
    }

    [Fact]
    public void Draws_the_ages_of_keys_with_their_numbers_as_text()
    {
        double[] days = [0, 29.9, 30, 89, 90, 90, 180, 364, 365, 4000];
        InventoryClient client = Client("sc_1", [.. days.Select(age => new InventoryKey("key", null, Time.AddDays(-age), null)), new InventoryKey("key", null, null, null)]);
        XElement chart = Parse(Write(Report(client))).Descendants("svg").Single();
        Assert.Equal(
            "Under 30 days: 2 (18.2 %); 30 to 89 days: 2 (18.2 %); 90 to 179 days: 2 (18.2 %); 180 to 364 days: 2 (18.2 %); A year and more: 2 (18.2 %); Age unknown: 1 (9.1 %).",
            chart.Element("desc")!.Value);
        Assert.Equal(["100%", "100%", "100%", "100%", "100%", "50%"], chart.Elements("rect").Where(bar => (string?)bar.Attribute("class") != "track").Select(bar => bar.Attribute("width")!.Value));
    }

    [Fact]
    public void Shows_accepted_findings_apart_with_their_reasons()
    {
        InventoryClient client = Client("sc_1");
        AccessKeyFinding accepted = Finding(ReportRule.KeyTooOld, client);
        (accepted.AcceptedReason, accepted.AcceptedUntil) = ("Replaced in January", new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero));
        XElement page = Parse(Write(Report(client) with { Accepted = [accepted] }));
        XElement details = Section(page, "accepted").Element("details")!;
        Assert.Null(details.Attribute("open"));
        Assert.Equal(["Replaced in January", "2027-01-31"], details.Descendants("tbody").Elements("tr").Single().Elements().Skip(4).Select(cell => cell.Value));
        Assert.Equal("none", Rows(page).Single().Elements().Last().Value);
    }

    [Fact]
    public void Names_the_account_of_each_client_where_there_are_several()
    {
        ReportAccount other = new(null, new Uri("https://acc-2.api.example.com"), IsComplete: true);
        XElement page = Parse(Write(Report(Client("sc_1"), Client("sc_1") with { Account = other }) with { Accounts = [Account, other] }));
        Assert.Equal(["acc-1", "acc-2.api.example.com"], Rows(page).Descendants("small").Select(account => account.Value));
        Assert.Empty(Parse(Write(Report(Client("sc_1")))).Descendants("small"));
    }

    [Fact]
    public void Has_the_structure_that_assistive_technology_needs()
    {
        XElement page = Parse(Write(Everything()));
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        string[] headings = [.. page.Descendants().Select(element => element.Name.LocalName).Where(name => name is "h1" or "h2" or "h3")];
        Assert.Equal("en", (string?)page.Attribute("lang"));
        Assert.Equal("Access key report: acc-1, 2026-11-26", page.Descendants("title").Single().Value);
        Assert.Equal(ids.Distinct(), ids);
        Assert.Empty(References(page).Except(ids));
        Assert.Equal(["h1", "h2", "h2", "h3"], headings.Take(4));
        Assert.Single(headings, "h1");
        Assert.All(page.Descendants("table"), table => Assert.NotEmpty(table.Element("caption")!.Value));
        Assert.All(page.Descendants("th"), header => Assert.NotNull(header.Attribute("scope")));
        Assert.All(page.Descendants("tbody").Elements("tr"), row => Assert.Equal("row", (string?)row.Elements("th").Single().Attribute("scope")));
    }

    [Theory]
    [InlineData("findings")]
    [InlineData("accepted")]
    [InlineData("inventory")]
    public void Has_a_width_for_every_column_of_a_table(string kind)
    {
        string html = Write(Everything());
        string widths = Regex.Match(html, $@"table\.{kind} {{ --columns: ([^;]+);").Groups[1].Value;
        XElement table = Parse(html).Descendants("table").First(table => (string?)table.Attribute("class") == kind);
        Assert.Equal(table.Element("thead")!.Descendants("th").Count(), widths.Replace(", ", ",", StringComparison.Ordinal).Split(' ').Length);
    }

    // On a phone the cell is a grid, where text beside an element would stand in the place of the label.
    [Fact]
    public void Has_text_or_one_element_in_each_cell()
    {
        XElement[] cells = [.. Parse(Write(Everything())).Descendants("tbody").Elements("tr").Elements("td")];
        Assert.All(cells, cell => Assert.True(cell.Elements().All(element => element.Name.LocalName == "wbr") || cell.Nodes().Count() == 1, cell.ToString()));
    }

    [Fact]
    public void Hides_what_needs_the_script_until_it_runs()
    {
        XElement page = Parse(Write(Everything()));
        Assert.Empty(page.Descendants("button"));
        Assert.All(page.Descendants("input"), input => Assert.NotNull(input.Parent!.Attribute("hidden")));
    }

    [Fact]
    public void Stays_under_ten_megabytes_for_ten_thousand_clients_with_three_keys_each()
    {
        Random random = new(1);
        InventoryClient[] clients = [.. Enumerable.Range(0, 10_000).Select(i => Client(
            $"sc_{random.NextInt64():x16}1234567", [.. Enumerable.Range(0, 3).Select(_ => new InventoryKey($"{random.Next(1 << 24):x6}", null, Time.AddDays(-random.Next(600)), null))]) with { Name = $"payments nightly export {i}" })];
        AccessKeyFinding[] findings = [.. ReportRule.All.Take(6).SelectMany(rule => clients.Select(client => Finding(rule, client, client.Keys![0].KeyId,
            $"{client.Name} ({client.ClientId}): the access key {client.Keys[0].KeyId} is 345 days old, more than 90.",
            $"Start-AuthressAccessKeyRotation -ClientId '{client.ClientId}' -KeyId '{client.Keys[0].KeyId}' -OutFile './{client.ClientId}.key'")))];
        Assert.InRange(Encoding.UTF8.GetByteCount(Write(new ReportDocument([Account], Time, findings, [], clients))), 5_000_000, 10_000_000);
    }

    [Fact]
    public void Writes_the_same_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (other.NumberFormat.NumberGroupSeparator, other.NumberFormat.NumberDecimalSeparator) = (".", ",");
        (other.DateTimeFormat.DateSeparator, other.DateTimeFormat.TimeSeparator) = (".", ".");
        ReportDocument document = Everything();
        string invariant = Write(document);
        try
        {
            CultureInfo.CurrentCulture = other;
            Assert.Equal(invariant, Write(document));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Leaves_the_writer_open()
    {
        using StringWriter writer = new();
        HtmlReport.Write(Report(), writer);
        writer.Write("more");
        Assert.EndsWith("</html>more", writer.ToString(), StringComparison.Ordinal);
    }

    private static string Write(ReportDocument document)
    {
        using StringWriter writer = new();
        HtmlReport.Write(document, writer);
        return writer.ToString();
    }

    // The style and the script are no text to a browser, and their own.
    private static XElement Parse(string html)
    {
        string page = AssetPattern().Replace(html, match => $"<{match.Groups[1].Value}></{match.Groups[1].Value}>");
        using XmlReader reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static string Hash(string html, string element)
    {
        string content = AssetPattern().Matches(html).Single(match => match.Groups[1].Value == element).Groups[2].Value;
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }

    private static XElement Section(XElement page, string id) => page.Descendants("section").Single(section => (string?)section.Attribute("id") == id);

    private static IEnumerable<XElement> Rows(XElement page) => Section(page, "inventory").Descendants("tbody").Elements("tr");

    private static string? Verdict(ReportDocument document) =>
        (string?)Parse(Write(document)).Descendants("p").Single(text => (string?)text.Attribute("class") == "verdict").Attribute("data-severity");

    private static IEnumerable<string> References(XElement page) =>
        from attribute in page.Descendants().Attributes()
        where attribute.Name.LocalName is "href" or "for" or "aria-labelledby" or "aria-describedby"
        select attribute.Value.TrimStart('#');

    private static bool IsObeyed(string text) => text.Any(c => (char.IsControl(c) && c != '\n') || c is '\u202E' or '\u2066' or '\uFEFF');

    private static InventoryClient Client(string id, params InventoryKey[] keys) => new(Account, id, "payments", "env=prod;team=a", Time.AddDays(-500), false, false, null, keys);

    private static ReportDocument Report(params InventoryClient[] clients) => new([Account], Time, [], [], clients);

    private static ReportDocument Everything()
    {
        InventoryClient[] clients = [.. Enumerable.Range(0, 120).Select(i => Client($"sc_{i}", new InventoryKey($"key{i}", null, Time.AddDays(-10.5 * i), Time)))];
        AccessKeyFinding[] findings = [.. ReportRule.All.OrderByDescending(rule => rule.Severity).SelectMany(rule => clients.Take(60).Select(client => Finding(rule, client)))];
        return Report(clients) with { Findings = findings, Accepted = [Finding(ReportRule.KeyTooOld, clients[0])] };
    }

    private static AccessKeyFinding Finding(ReportRule rule, InventoryClient client, string? keyId = null, string message = "It is wrong.", string? fix = null) => new(rule.Id, rule.Severity, message)
    {
        ClientId = client.ClientId,
        ClientName = client.Name,
        KeyId = keyId,
        Fix = fix,
        AccountId = client.Account.AccountId,
        ApiUrl = client.Account.ApiUrl,
    };

    [GeneratedRegex("<(style|script)>(.*?)</\\1>", RegexOptions.Singleline)]
    private static partial Regex AssetPattern();

    [GeneratedRegex("https?:[^<\"'\\s]*", RegexOptions.IgnoreCase)]
    private static partial Regex UrlPattern();
}
