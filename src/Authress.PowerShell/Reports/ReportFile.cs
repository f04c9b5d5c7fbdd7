using System.Management.Automation;
using System.Text;
using Authress.Client.Reports;
using Authress.PowerShell.Secrets;
using Authress.PowerShell.Secrets.Destinations;

namespace Authress.PowerShell.Reports;

/// <summary>A file that a report is written to: a page, SARIF or a table, by its ending. Written completely, or not at all.</summary>
internal sealed class ReportFile : IDisposable
{
    private readonly SecretFile _file;
    private readonly Action<ReportDocument, Stream> _write;

    private ReportFile(SecretFile file, Action<ReportDocument, Stream> write) => (_file, _write) = (file, write);

    /// <summary>Creates the draft of a file, before anything is read.</summary>
    /// <param name="cmdlet">The cmdlet, whose current folder a relative path starts from.</param>
    /// <param name="path">The path as specified. A link stays, and its target is written.</param>
    /// <param name="noClobber">Whether an existing file is kept.</param>
    /// <exception cref="IOException">It can't be written, or its ending is unknown.</exception>
    public static ReportFile Prepare(PSCmdlet cmdlet, string path, bool noClobber)
    {
        string file = FilePath.Resolve(cmdlet, path);
        Action<ReportDocument, Stream> write = Path.GetExtension(file).ToUpperInvariant() switch
        {
            _ when Directory.Exists(file) => throw new IOException(Messages.FileIsFolder),
            ".HTML" or ".HTM" => (document, stream) => WriteText(stream, writer => HtmlReport.Write(document, writer)),
            ".SARIF" => SarifReport.Write,
            ".CSV" => (document, stream) => WriteText(stream, writer => CsvReport.Write(document, writer)),
            var other => throw new IOException(InvariantText.Format(Messages.ReportEnding, other)),
        };
        if (noClobber && File.Exists(file))
            throw new IOException(Messages.ReportExists);
        try
        {
            return new ReportFile(SecretFile.Prepare(file, overwrite: !noClobber, cmdlet, forOwnerAlone: false), write);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Writes the report.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(ReportDocument document)
    {
        try
        {
            _file.Save(stream => _write(document, stream));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Removes the draft of a report that was not written.</summary>
    public void Dispose() => _file.Dispose();

    private static void WriteText(Stream stream, Action<TextWriter> write)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024, leaveOpen: true);
        write(writer);
    }
}
