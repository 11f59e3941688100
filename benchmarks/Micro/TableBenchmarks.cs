using BenchmarkDotNet.Attributes;
using Headgate.Load;
using Headgate.Load.Rig;
using Headgate.LocalHost;
using Headgate.Ports;
using Headgate.Storage;

namespace Headgate.Micro;

/// <summary>Rows of the size of a task's, one caller, in a file of a hundred thousand rows.</summary>
public class TableBenchmarks
{
    private const int Rows = 100_000;
    private const int RowsOfAPartition = 100;
    private const int Writes = 1000;
    private TemporaryFolder? _folder;
    private EmbeddedStore? _storage;
    private int _next;

    [GlobalSetup]
    public void OpenFilled()
    {
        _folder = new(new LoadOptions().Data);
        FillAsync().GetAwaiter().GetResult();
        // Opened anew: nothing is in memory but what the benchmarks read.
        _storage = Open();
    }

    [Benchmark]
    public async Task<object?> ReadTheSameRow() => await _storage!.Tables.GetAsync(Table.Tasks, Partition(0), RowKey(0));

    /// <summary>7,919 is prime to the number of rows: every row comes before one comes again.</summary>
    [Benchmark]
    public async Task<object?> ReadOneRowOfMany()
    {
        _next = (_next + 7919) % Rows;
        return await _storage!.Tables.GetAsync(Table.Tasks, Partition(_next / RowsOfAPartition), RowKey(_next % RowsOfAPartition));
    }

    [Benchmark]
    public async Task<int> ReadAPageOf25()
    {
        _next = (_next + 7919) % Rows;
        return (await _storage!.Tables.QueryAsync(new TableQuery(Table.Tasks, Partition(_next / RowsOfAPartition), Take: 25))).Rows.Count;
    }

    [Benchmark]
    public async Task WriteARowAndWaitForTheDisk()
    {
        await WriteAsync();
        await _storage!.Log.FlushedAsync();
    }

    [Benchmark(OperationsPerInvoke = Writes)]
    public async Task WriteARowOfAThousandAndWaitOnce()
    {
        for (var i = 0; i < Writes; i++)
            await WriteAsync();
        await _storage!.Log.FlushedAsync();
    }

    [GlobalCleanup]
    public void Close()
    {
        _storage!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder!.Dispose();
    }

    private async Task FillAsync()
    {
        await using var storage = Open();
        for (var partition = 0; partition < Rows / RowsOfAPartition; partition++)
        {
            var writes = Enumerable.Range(0, RowsOfAPartition).Select(row => TableWrite.Insert(Row(partition, row)));
            await storage.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Tasks, [.. writes])));
        }
    }

    private EmbeddedStore Open() => EmbeddedStore.Open(_folder!.Path, TimeProvider.System, failure => Environment.FailFast("the disk refused a write", failure));

    private async ValueTask WriteAsync()
    {
        _next = (_next + 7919) % Rows;
        await _storage!.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Tasks, TableWrite.Upsert(Row(_next / RowsOfAPartition, _next % RowsOfAPartition)))));
    }

    private static string Partition(int number) => $"run-{number:D8}";

    private static string RowKey(int number) => $"task-{number:D4}";

    private static TableRow Row(int partition, int row) => new(
        Partition(partition),
        RowKey(row),
        new Columns { { "name", "work" }, { "type", "noop" }, { "status", "running" }, { "attempt", 1 }, { "agentId", "0123456789abcdef" }, { "leaseUntil", DateTimeOffset.UnixEpoch }, { "timeoutSeconds", 3600 } });
}
