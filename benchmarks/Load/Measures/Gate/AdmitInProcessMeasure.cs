using Headgate.Functions.Admission;
using Headgate.LocalHost;
using Headgate.LocalHost.Options;
using Headgate.Load.Figures;
using Headgate.Load.InProcess;
using Headgate.Load.Limit;
using Headgate.Load.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Load.Measures.Gate;

/// <summary>
/// Admissions without the web, in turn with bare group commits: the transaction alone, then in a whole service whose RunStarter starts
/// what was admitted.
/// </summary>
internal sealed class AdmitInProcessMeasure : IMeasure
{
    private const int Tenants = 100;

    public string Name => "admit-in-process";

    public string Summary => "the admission transaction in process, as a share of the bare group commit";

    public IEnumerable<Reading> Run(Bench bench)
    {
        var shape = AdmissionShape.Read(bench.Options);
        foreach (var callers in bench.Options.Clients)
        {
            bench.Progress($"admit-in-process: {Count.Of(callers, "caller")}, alone");
            yield return AloneAsync(bench, callers, shape).GetAwaiter().GetResult();
            bench.Progress($"admit-in-process: {Count.Of(callers, "caller")}, RunStarter running");
            yield return WithStarterAsync(bench, callers, shape).GetAwaiter().GetResult();
        }
    }

    private static async Task<Reading> AloneAsync(Bench bench, int callers, AdmissionShape shape)
    {
        using var folder = new TemporaryFolder(bench.Options.Data);
        await using var admission = await AdmissionAlone.OpenAsync(folder.Path, Tenants);
        return InTurnWithFloor(bench, callers, shape, "the transaction alone", admission.AdmitAsync);
    }

    private static async Task<Reading> WithStarterAsync(Bench bench, int callers, AdmissionShape shape)
    {
        using var folder = new TemporaryFolder(bench.Options.Data);
        await using var server = await LocalServer.StartAsync(new LocalHostOptions { DataFolder = folder.Path, Port = 0 });
        await AdmissionAlone.MakeTenantsAsync(server.Storage.Tables, Tenants);
        var admission = server.Services.GetRequiredService<RunAdmission>();
        return InTurnWithFloor(bench, callers, shape, "RunStarter running", async number =>
        {
            await AdmissionAlone.AdmitAsync(admission, AdmissionAlone.TenantId(number % Tenants));
            await server.Storage.Log.FlushedAsync();
        });
    }

    private static Reading InTurnWithFloor(Bench bench, int callers, AdmissionShape shape, string name, Func<long, Task> admit)
    {
        using var folder = new TemporaryFolder(bench.Options.Data);
        using var floor = new GroupCommitFloor(folder.Path, shape);
        var (admissions, commits) = InTurn.Run(callers, admit, _ => floor.WriteAsync(), bench.Options);
        var bare = Reading.Of("limit", "", commits);
        return (Reading.Of("admit-in-process", $"{Count.Of(callers, "caller")}, {Count.Of(Tenants, "tenant")}, {name}", admissions) with { ShareOfCommit = InTurn.Ratio(admissions, commits) })
            .With(new Detail("bare commits in turn", bare.PerSecond ?? 0, "/s"), new Detail("their cpu", bare.ProcessorMicroseconds ?? 0, "µs"));
    }
}
