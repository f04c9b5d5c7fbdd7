using System.Management.Automation;
using Authress.Client.Reports;
using Authress.PowerShell.Bulk;
using Authress.PowerShell.Display;
using Authress.PowerShell.Errors;
using Authress.PowerShell.Pipeline;
using Authress.PowerShell.Secrets;

namespace Authress.PowerShell.Reports;

/// <summary>Searches files in the background, and writes the results on the pipeline's thread.</summary>
internal sealed class FileSearchRun : IDisposable
{
    private const double Megabyte = 1024 * 1024;

    private readonly PSCmdlet _cmdlet;
    private readonly CommandLifetime _lifetime;
    private readonly FileSearch _search;
    private readonly PipelineWait _wait;
    private readonly ProgressMeter _progress;
    private readonly Task _stopping;
    private readonly string _location;
    private int _files;
    private int _binaryFiles;
    private long _bytes;

    /// <summary>Creates a search.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="lifetime">How long it may write.</param>
    /// <param name="options">Which files are searched.</param>
    public FileSearchRun(PSCmdlet cmdlet, CommandLifetime lifetime, FileSearchOptions options)
    {
        _cmdlet = cmdlet;
        _lifetime = lifetime;
        _progress = new ProgressMeter(cmdlet, lifetime);
        _wait = new PipelineWait(_progress.Show);
        _stopping = Task.Delay(Timeout.Infinite, lifetime.Stopping);
        _location = cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        string? git = GitWorkTree.FindGit(cmdlet);
        _search = new FileSearch(options with { IsTracked = file => GitWorkTree.IsTracked(git, file) });
    }

    /// <summary>Adds files and folders, and writes the results that are there.</summary>
    /// <param name="paths">Their paths, as the user specified them.</param>
    /// <param name="isPattern">Whether they may have wildcards.</param>
    public void Search(string[] paths, bool isPattern)
    {
        foreach (string path in paths)
        {
            foreach (string file in Resolve(path, isPattern))
                _search.Add(file, isNamed: !_cmdlet.MyInvocation.ExpectingInput && !(isPattern && WildcardPattern.ContainsWildcardCharacters(path)));
            while (_search.TryTake() is { } searched)
                Write(searched);

            // So that a long pipeline does not fill the memory.
            while (_search.IsFull && Take() is { } searched)
                Write(searched);
        }
    }

    /// <summary>Writes all remaining results.</summary>
    public void Finish()
    {
        while (Take() is { } searched)
            Write(searched);
        _progress.End();
        _cmdlet.WriteVerbose(CommandText.Format(Messages.FilesSearched, _files, _bytes / Megabyte, _binaryFiles));
    }

    public void Dispose()
    {
        _search.Dispose();
        _wait.Dispose();
    }

    private IReadOnlyList<string> Resolve(string path, bool isPattern)
    {
        try
        {
            if (isPattern)
                return Match(path);
            string file = FilePath.Resolve(_cmdlet, path);
            return File.Exists(file) || Directory.Exists(file) ? [file] : throw new FileNotFoundException();
        }
        catch (FileNotFoundException)
        {
            _cmdlet.WriteError(ErrorFactory.SearchPathNotFound(path));
        }
        catch (IOException e)
        {
            _cmdlet.WriteError(ErrorFactory.SearchPathUnusable(path, e));
        }

        return [];
    }

    private IReadOnlyList<string> Match(string pattern)
    {
        bool isListed = true;
        IReadOnlyList<string> files = FilePath.Match(_cmdlet, pattern, (folder, problem) =>
        {
            isListed = false;
            Warn(new UnsearchedFile(folder, problem, null));
        });
        if (files.Count == 0 && isListed)
            Warn(new UnsearchedFile(pattern, Messages.NoMatch, null));
        return files;
    }

    private SearchedFiles? Take()
    {
        Task<SearchedFiles?> next = _search.TakeAsync();
        if (!next.IsCompleted)
            _wait.For(Task.WhenAny(next, _stopping), null);
        _lifetime.ThrowIfStopping();
        return next.GetAwaiter().GetResult();
    }

    private void Write(SearchedFiles searched)
    {
        _lifetime.ThrowIfStopping();
        foreach (object result in searched.Results)
        {
            if (result is AccessKeySighting sighting)
                Write(sighting);
            else
                Warn((UnsearchedFile)result);
        }

        _files += searched.Files;
        _bytes += searched.Bytes;
        _binaryFiles += searched.BinaryFiles;
        _progress.Count(searched.Files);
    }

    private void Write(AccessKeySighting sighting)
    {
        if (sighting.Path!.StartsWith(_location, StringComparison.Ordinal))
            sighting.RelativePath = sighting.Path.Substring(_location.Length);
        _cmdlet.WriteObject(sighting);
    }

    private void Warn(UnsearchedFile file) => _cmdlet.WriteWarning(file.Length is { } length
        ? CommandText.Format(Messages.FileTooLarge, file.Path, length / Megabyte)
        : CommandText.Format(Messages.FileNotSearched, file.Path, file.Problem));
}
