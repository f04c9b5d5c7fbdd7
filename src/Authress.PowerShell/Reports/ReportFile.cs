using System.Management.Automation;
using System.Text;
using Authress.Client.Reports;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Reports;

/// <summary>A file that a report is written to: a page, SARIF or a table, by its ending. Written completely, or not at all.</summary>
internal sealed class ReportFile
{
    private readonly string _path;
    private readonly Action<ReportDocument, Stream> _write;

    private ReportFile(string path, Action<ReportDocument, Stream> write) => (_path, _write) = (path, write);

    /// <summary>Verifies that a report can be written to a file, before anything is read.</summary>
    /// <param name="cmdlet">The cmdlet, whose current folder a relative path starts from.</param>
    /// <param name="path">The path as specified.</param>
    /// <param name="noClobber">Whether an existing file is kept.</param>
    /// <exception cref="IOException">It can't be written, or its ending is unknown.</exception>
    public static ReportFile Prepare(PSCmdlet cmdlet, string path, bool noClobber)
    {
        string file = FilePath.Resolve(cmdlet, path);
        if (Directory.Exists(file))
            throw new IOException(Messages.FileIsFolder);
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw new IOException(Messages.FolderMissing);
        if (noClobber && File.Exists(file))
            throw new IOException(Messages.ReportExists);
        return new ReportFile(file, Path.GetExtension(file).ToUpperInvariant() switch
        {
            ".HTML" or ".HTM" => (document, stream) => WriteText(stream, writer => HtmlReport.Write(document, writer)),
            ".SARIF" => SarifReport.Write,
            ".CSV" => (document, stream) => WriteText(stream, writer => CsvReport.Write(document, writer)),
            var other => throw new IOException(InvariantText.Format(Messages.ReportEnding, other)),
        });
    }

    /// <summary>Writes the report.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Write(ReportDocument document)
    {
        string draft = Path.Combine(Path.GetDirectoryName(_path)!, $".{Path.GetFileName(_path)}.{Guid.NewGuid():N}");
        try
        {
            using (FileStream stream = new(draft, FileMode.CreateNew))
                _write(document, stream);
            if (File.Exists(_path))
                File.Replace(draft, _path, destinationBackupFileName: null);
            else
                File.Move(draft, _path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static void WriteText(Stream stream, Action<TextWriter> write)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024, leaveOpen: true);
        write(writer);
    }
}
