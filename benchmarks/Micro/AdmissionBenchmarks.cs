using BenchmarkDotNet.Attributes;
using Headgate.Load;
using Headgate.Load.InProcess;
using Headgate.Load.Limit;
using Headgate.Load.Rig;

namespace Headgate.Micro;

/// <summary>
/// An admission, from the application to the disk, against a bare group commit of as many rows and bytes. Time is per operation where so
/// many callers are at it at once: a ratio of 1.33 is three quarters of the floor's rate.
/// </summary>
public class AdmissionBenchmarks
{
    private const int Operations = 4096;
    private const int Tenants = 100;
    private TemporaryFolder? _folder;
    private GroupCommitFloor? _floor;
    private AdmissionAlone? _admission;
    private long _next;

    [Params(1, 32, 256)]
    public int Callers { get; set; }

    [GlobalSetup]
    public void Open()
    {
        var options = new LoadOptions();
        _folder = new(options.Data);
        _floor = new(_folder.Path, AdmissionShape.Read(options));
        _admission = AdmissionAlone.OpenAsync(Path.Combine(_folder.Path, "service"), Tenants).GetAwaiter().GetResult();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public Task BareGroupCommit() => AtOnce(_ => _floor!.WriteAsync());

    [Benchmark(OperationsPerInvoke = Operations)]
    public Task Admission() => AtOnce(_admission!.AdmitAsync);

    [GlobalCleanup]
    public void Close()
    {
        _admission!.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _floor!.Dispose();
        _folder!.Dispose();
    }

    private Task AtOnce(Func<long, Task> call) => Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
    {
        for (var i = 0; i < Operations / Callers; i++)
            await call(Interlocked.Increment(ref _next));
    })));
}
