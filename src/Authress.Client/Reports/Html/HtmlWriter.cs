using System.Xml;

namespace Authress.Client.Reports.Html;

/// <summary>
/// Writes HTML that is also well-formed XML. Text and the values of attributes are encoded here and nowhere else, and there is
/// no other way to write them. Names of elements and attributes come from the code.
/// </summary>
internal sealed class HtmlWriter : IDisposable
{
    private readonly XmlWriter _xml;

    public HtmlWriter(TextWriter writer) =>
        _xml = XmlWriter.Create(writer, new XmlWriterSettings { OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.None, CloseOutput = false });

    /// <summary>Begins the document.</summary>
    public void DocumentType() => _xml.WriteDocType("html", null, null, null);

    /// <summary>Begins an element.</summary>
    public HtmlWriter Open(string element, string? kind = null, string? id = null)
    {
        _xml.WriteStartElement(element);
        if (id is not null)
            Attribute("id", id);
        return kind is null ? this : Attribute("class", kind);
    }

    /// <summary>Adds an attribute to the element that was just begun.</summary>
    public HtmlWriter Attribute(string name, string? value)
    {
        _xml.WriteAttributeString(name, VisibleText.From(value));
        return this;
    }

    /// <summary>Writes text.</summary>
    public HtmlWriter Text(string? text)
    {
        _xml.WriteString(VisibleText.From(text));
        return this;
    }

    /// <summary>Ends an element, with an end tag even if it is empty: a browser would take the short form for a start tag.</summary>
    public HtmlWriter Close()
    {
        _xml.WriteFullEndElement();
        return this;
    }

    /// <summary>Writes an element that contains only text.</summary>
    public HtmlWriter Element(string element, string? text, string? kind = null, string? id = null) => Open(element, kind, id).Text(text).Close();

    /// <summary>Ends an element that never has content, such as <c>meta</c>.</summary>
    public HtmlWriter CloseVoid()
    {
        _xml.WriteEndElement();
        return this;
    }

    /// <summary>Writes the style or the script, unchanged.</summary>
    public void Asset(string element, PageAsset asset)
    {
        Open(element);
        _xml.WriteRaw(asset.Content);
        Close();
    }

    /// <summary>Begins a line, so that a page with many rows can be read and compared as text.</summary>
    public HtmlWriter Line()
    {
        _xml.WriteWhitespace("\n");
        return this;
    }

    /// <summary>Passes on what was written. The underlying writer stays open.</summary>
    public void Dispose() => _xml.Dispose();
}
