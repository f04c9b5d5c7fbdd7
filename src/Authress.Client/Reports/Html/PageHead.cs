namespace Authress.Client.Reports.Html;

/// <summary>The page's title, policy and style.</summary>
internal static class PageHead
{
    private static readonly PageAsset Style = new(PageAsset.Read("report.css") + ColumnLabels.Style());

    // Everything is forbidden that is not named, and what default-src does not cover is forbidden too.
    private static readonly string Policy = string.Join(
        ";",
        "default-src 'none'",
        "script-src " + PageScript.Asset.Source,
        "style-src " + Style.Source,
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'");

    /// <summary>Writes the head.</summary>
    public static void Write(HtmlWriter html, PageContent content)
    {
        html.Line().Open("head");
        html.Line().Open("meta").Attribute("charset", "utf-8").CloseVoid();
        html.Line().Open("meta").Attribute("http-equiv", "Content-Security-Policy").Attribute("content", Policy).CloseVoid();
        Meta(html, "referrer", "no-referrer");
        Meta(html, "viewport", "width=device-width,initial-scale=1");
        string accounts = string.Join(", ", content.Document.Accounts.Select(account => PageContent.NameOf(account.AccountId, account.ApiUrl)));
        html.Line().Element("title", InvariantText.Format(Messages.PageTitle, accounts, PageContent.Day(content.Document.Time)));
        html.Line().Asset("style", Style);
        html.Close();
    }

    private static void Meta(HtmlWriter html, string name, string value) => html.Line().Open("meta").Attribute("name", name).Attribute("content", value).CloseVoid();
}
