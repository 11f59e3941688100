using System.Text.Json;
using System.Threading.Channels;
using Headgate.Agent.Attempts;
using Headgate.Agent.Files;
using Headgate.Contracts;
using Headgate.Contracts.Agents;

namespace Headgate.Agent.Reporting;

/// <summary>
/// Results on their way to the service. Each is on disk before it is offered for sending and stays there until it is settled;
/// what was not settled is offered first after a restart. Results that end together share one file and one flush.
/// </summary>
internal sealed class Outbox
{
    /// <summary>The service takes no more in one call.</summary>
    public const int MaxBatch = 100;

    /// <summary>Leaves room below the 256 KiB that the service reads.</summary>
    public const int MaxBatchBytes = 200 * 1024;

    private static readonly TimeSpan WriteAgain = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly AgentLog _log;
    private readonly TimeProvider _time;
    private readonly LinkedList<OutboxEntry> _entries = [];
    private readonly Channel<TaskResult> _arrivals = Channel.CreateUnbounded<TaskResult>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Signal _changed = new();
    private long _number;
    private bool _complete;

    private bool _isRefused;

    private Outbox(string folder, AgentLog log, TimeProvider time)
    {
        (_folder, _log, _time) = (folder, log, time);
        FolderUnavailableException.Guard(folder, () => OwnFolder.Ensure(folder));
    }

    /// <summary>Takes up what an earlier life of the agent left. A file that can't be read is set aside under another name.</summary>
    public static Outbox Open(string folder, AgentLog log, TimeProvider time)
    {
        var outbox = new Outbox(folder, log, time);
        foreach (var path in Directory.EnumerateFiles(outbox._folder).Order(StringComparer.Ordinal).ToList())
        {
            if (path.EndsWith(DurableFile.Unfinished, StringComparison.Ordinal))
                File.Delete(path);
            else if (path.EndsWith(OutboxFile.Ending, StringComparison.Ordinal))
                outbox.Load(path);
        }

        return outbox;
    }

    public void Add(TaskResult result) => _arrivals.Writer.TryWrite(ResultSize.Fit(result));

    /// <summary>No more results will come: <see cref="NextAsync"/> answers null once all are settled.</summary>
    public void Complete() => _arrivals.Writer.TryComplete();

    /// <summary>Puts arriving results on disk; ends after <see cref="Complete"/>.</summary>
    public async Task StoreAsync()
    {
        while (await ArrivalAsync())
        {
            var batch = new List<TaskResult>();
            while (batch.Count < MaxBatch && _arrivals.Reader.TryRead(out var result))
                batch.Add(result);
            Keep(batch);
        }

        KeepRefused();
        lock (_gate)
            _complete = true;
        _changed.Set();
    }

    /// <summary>Up to 100 results and 200 KiB, oldest first; the same again until they are settled. One caller at a time.</summary>
    public async Task<IReadOnlyList<OutboxEntry>?> NextAsync(int most, CancellationToken stop)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_entries.Count > 0)
                    return Oldest(most);
                if (_complete)
                    return null;
            }

            await _changed.WaitAsync(stop);
        }
    }

    public void Settle(OutboxEntry entry)
    {
        OutboxFile? file;
        lock (_gate)
        {
            if (!_entries.Remove(entry))
                return;
            file = entry.File;
        }

        file?.Release();
    }

    /// <summary>Forgets a result that the service no longer wants.</summary>
    public void Drop(string taskId, int attempt)
    {
        List<OutboxEntry> dropped;
        lock (_gate)
            dropped = [.. _entries.Where(e => e.Result.TaskId == taskId && e.Result.Attempt == attempt)];
        dropped.ForEach(Settle);
    }

    public IReadOnlyList<OutboxEntry> Unsettled()
    {
        lock (_gate)
            return [.. _entries];
    }

    /// <summary>False when no more will come. While the disk refuses results it is asked again every ten seconds.</summary>
    private async Task<bool> ArrivalAsync()
    {
        var arrival = _arrivals.Reader.WaitToReadAsync().AsTask();
        while (HasRefused())
        {
            try
            {
                return await arrival.WaitAsync(WriteAgain, _time);
            }
            catch (TimeoutException)
            {
                KeepRefused();
            }
        }

        return await arrival;
    }

    private bool HasRefused()
    {
        lock (_gate)
            return _entries.Any(e => e.File is null);
    }

    private List<OutboxEntry> Oldest(int most)
    {
        var batch = new List<OutboxEntry>();
        var bytes = 0;
        foreach (var entry in _entries)
        {
            if (batch.Count == most || (batch.Count > 0 && bytes + entry.Bytes > MaxBatchBytes))
                break;
            bytes += entry.Bytes;
            batch.Add(entry);
        }

        return batch;
    }

    private void Keep(List<TaskResult> results)
    {
        KeepRefused();
        Offer(results, TryWrite(results));
    }

    /// <summary>What a full disk refused is tried again with each arrival, every ten seconds and at the end. Until then it is sent from memory.</summary>
    private void KeepRefused()
    {
        List<OutboxEntry> refused;
        lock (_gate)
            refused = [.. _entries.Where(e => e.File is null).Take(MaxBatch)];
        if (refused.Count == 0 || TryWrite([.. refused.Select(e => e.Result)]) is not { } file)
            return;
        var settled = 0;
        lock (_gate)
        {
            foreach (var entry in refused)
            {
                if (_entries.Contains(entry))
                    entry.File = file;
                else
                    settled++;
            }
        }

        // Those that were settled while this was written need it no more.
        for (; settled > 0; settled--)
            file.Release();
    }

    /// <summary>Null where the disk refuses it; the first time in a row that is said.</summary>
    private OutboxFile? TryWrite(List<TaskResult> results)
    {
        var path = Path.Combine(_folder, $"{++_number:D12}{OutboxFile.Ending}");
        try
        {
            DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new TaskResultsRequest(results), ContractJson.Default.TaskResultsRequest));
            if (_isRefused)
                _log.Info("outbox-written", ("next", "results are kept on disk again"));
            _isRefused = false;
            return new OutboxFile(path, results.Count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Sending from memory is better than not at all; only a crash now would lose them, and then the service tries again.
            if (!_isRefused)
                _log.Error("outbox-not-written", ("results", results.Count), ("reason", e.Message));
            _isRefused = true;
            return null;
        }
    }

    private void Load(string path)
    {
        _number = Math.Max(_number, long.TryParse(Path.GetFileNameWithoutExtension(path), out var number) ? number : 0);
        try
        {
            var results = JsonSerializer.Deserialize(File.ReadAllBytes(path), ContractJson.Default.TaskResultsRequest)?.Results ?? [];
            Offer(results, new OutboxFile(path, results.Count));
        }
        catch (JsonException)
        {
            File.Move(path, path + ".bad", overwrite: true);
            _log.Error("outbox-file-unreadable", ("file", path + ".bad"));
        }
    }

    private void Offer(IReadOnlyList<TaskResult> results, OutboxFile? file)
    {
        lock (_gate)
        {
            foreach (var result in results)
                _entries.AddLast(new OutboxEntry(result, ResultSize.Of(result), file));
        }

        _changed.Set();
    }
}
