using Headgate.Load.Figures;
using Headgate.Load.InProcess;
using Headgate.Load.Rig;
using SQLitePCL;

namespace Headgate.Load.Limit;

/// <summary>
/// The least that durable admission can cost: one thread writes what all callers hand it as one transaction, with <c>synchronous=FULL</c> in
/// a write-ahead log, and lets them go on when the disk has it. As many rows and bytes an operation as an admission; no rules, no ETags, no JSON.
/// </summary>
internal sealed class GroupCommitFloor : IDisposable
{
    private readonly object _gate = new();
    private readonly RawDatabase _database;
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _insert;
    private readonly byte[] _row;
    private readonly int _rows;
    private readonly Thread _writer;
    private Group _filling = new();
    private bool _stopping;
    private long _key;

    public GroupCommitFloor(string folder, AdmissionShape shape)
    {
        Batteries_V2.Init();
        (_rows, _row) = (shape.Rows, new byte[shape.Bytes / shape.Rows]);
        Random.Shared.NextBytes(_row);
        _database = RawDatabase.Open(Path.Combine(folder, "floor.db"));
        _database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (key INTEGER PRIMARY KEY, data BLOB NOT NULL)");
        (_begin, _commit, _insert) = (_database.Prepare("BEGIN IMMEDIATE"), _database.Prepare("COMMIT"), _database.Prepare("INSERT INTO rows VALUES (?, ?)"));
        _writer = new(WriteGroups) { Name = "floor", IsBackground = true };
        _writer.Start();
    }

    public static Reading Measure(LoadOptions options, int callers, AdmissionShape shape)
    {
        using var folder = new TemporaryFolder(options.Data);
        using var floor = new GroupCommitFloor(folder.Path, shape);
        return Reading.Of("limit", $"commit, {Count.Of(callers, "caller")}", CallerLoop.Run(callers, _ => floor.WriteAsync(), options));
    }

    /// <summary>Completes when the operation is on disk.</summary>
    public Task WriteAsync()
    {
        lock (_gate)
        {
            if (_filling.Operations++ == 0)
                Monitor.Pulse(_gate);
            return _filling.Written.Task;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _writer.Join();
        _begin.Dispose();
        _commit.Dispose();
        _insert.Dispose();
        _database.Dispose();
    }

    private void WriteGroups()
    {
        while (Take() is { } group)
        {
            _database.Run(_begin);
            for (var i = 0; i < group.Operations * _rows; i++)
            {
                raw.sqlite3_bind_int64(_insert, 1, ++_key);
                raw.sqlite3_bind_blob(_insert, 2, _row);
                _database.Run(_insert);
            }

            _database.Run(_commit);
            group.Written.SetResult();
        }
    }

    private Group? Take()
    {
        lock (_gate)
        {
            while (_filling.Operations == 0 && !_stopping)
                Monitor.Wait(_gate);
            if (_filling.Operations == 0)
                return null;
            var group = _filling;
            _filling = new();
            return group;
        }
    }

    private sealed class Group
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Operations { get; set; }
    }
}
