using System.Collections.Concurrent;

namespace Authress.Client.Reports;

/// <summary>
/// Searches files for access keys, several at a time, and returns the results in the order of the files. Lists the files on
/// another thread as well, because a folder on a network may take long.
/// </summary>
public sealed class FileSearch : IDisposable
{
    // A batch is large enough that its own cost does not count, and small enough that results arrive soon.
    private const int BatchFiles = 64;
    private const long BatchBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(100);

    // More would compete for the disk.
    private static readonly int Threads = Math.Min(Environment.ProcessorCount, 4);

    private readonly FileSearchOptions _options;
    private readonly FileTree _tree;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationToken _cancelled;
    private readonly ConcurrentQueue<SearchStart> _starts = new();
    private readonly ConcurrentQueue<Task<SearchedFiles>> _batches = new();
    private readonly ConcurrentBag<AccessKeyReader> _readers = [];
    private IEnumerator<FileEntry>? _files;
    private Task _listing = Task.CompletedTask;

    /// <summary>Creates a search.</summary>
    /// <param name="options">Which files are searched.</param>
    public FileSearch(FileSearchOptions options)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _tree = new FileTree(options);
        _cancelled = _cancellation.Token;
    }

    /// <summary>Whether nothing more should be added before some results have been taken.</summary>
    public bool IsFull => _starts.Count >= BatchFiles;

    /// <summary>Adds a file or folder.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="isNamed">Whether the user named it, rather than a pattern or another command.</param>
    public void Add(string path, bool isNamed)
    {
        _starts.Enqueue(new SearchStart(path, isNamed));
        List();
    }

    /// <summary>The next results, if they are there.</summary>
    /// <returns>Null if they are not.</returns>
    public SearchedFiles? TryTake()
    {
        List();
        return _batches.TryPeek(out Task<SearchedFiles>? first) && first.IsCompleted && _batches.TryDequeue(out first) ? first.GetAwaiter().GetResult() : null;
    }

    /// <summary>Waits for the next results.</summary>
    /// <returns>Null if everything that was added has been searched.</returns>
    public async Task<SearchedFiles?> TakeAsync()
    {
        while (true)
        {
            List();
            if (_batches.TryDequeue(out Task<SearchedFiles>? first))
                return await first.ConfigureAwait(false);
            if (_listing.IsCompleted && _starts.IsEmpty && _files is null && _batches.IsEmpty)
                return null;
            await _listing.ConfigureAwait(false);
        }
    }

    /// <summary>Ends the search at the next opportunity.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _cancellation.Dispose();
        foreach (AccessKeyReader reader in _readers)
            reader.Clear();
    }

    // Continues to list files unless enough of them are being searched.
    private void List()
    {
        if (!_listing.IsCompleted)
            return;
        _listing.GetAwaiter().GetResult();
        if (_batches.Count < 2 * Threads && (_files is not null || !_starts.IsEmpty))
            _listing = Task.Run(FillBatches, _cancelled);
    }

    private void FillBatches()
    {
        List<FileEntry> batch = [];
        long bytes = 0;
        System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();
        while (_batches.Count < 2 * Threads && Next() is { } file)
        {
            _cancelled.ThrowIfCancellationRequested();
            batch.Add(file);
            bytes += file.Length;
            if (batch.Count < BatchFiles && bytes < BatchBytes && watch.Elapsed < BatchTime)
                continue;
            Begin(batch);
            batch = [];
            bytes = 0;
            watch.Restart();
        }

        if (batch.Count > 0)
            Begin(batch);
    }

    private FileEntry? Next()
    {
        while (true)
        {
            if (_files is null)
            {
                if (!_starts.TryDequeue(out SearchStart start))
                    return null;
                _files = _tree.List(start).GetEnumerator();
            }

            if (_files.MoveNext())
                return _files.Current;
            _files.Dispose();
            _files = null;
        }
    }

    private void Begin(List<FileEntry> batch) => _batches.Enqueue(Task.Run(() => Search(batch), _cancelled));

    private SearchedFiles Search(List<FileEntry> batch)
    {
        AccessKeyReader reader = _readers.TryTake(out AccessKeyReader? free) ? free : new AccessKeyReader();
        SearchedFiles result = new();
        foreach (FileEntry file in batch)
        {
            _cancelled.ThrowIfCancellationRequested();
            if (file.Problem is { } problem)
                result.Add(new UnsearchedFile(file.Path, problem, null));
            else
                Search(file, reader, result);
        }

        _readers.Add(reader);
        return result;
    }

    private void Search(FileEntry entry, AccessKeyReader reader, SearchedFiles result)
    {
        try
        {
            using FileStream file = new(entry.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            ReadResult read = reader.Read(file, entry.Path, _options.MaximumFileSize, _cancelled);
            if (read.Outcome == ReadOutcome.TooLarge)
                result.Add(new UnsearchedFile(entry.Path, null, file.Length));
            else if (read.Outcome == ReadOutcome.Binary)
                result.AddBinary();
            else
                result.Add(read.Found, file.CanSeek ? file.Length : 0, read.Found.Count > 0 ? _options.IsTracked(entry.Path) : null);
        }
        catch (Exception e) when (FileTree.IsUnreadable(e))
        {
            result.Add(new UnsearchedFile(entry.Path, e.Message, null));
        }
    }
}
