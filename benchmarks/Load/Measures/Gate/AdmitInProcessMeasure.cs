using Headgate.Functions.Admission;
using Headgate.LocalHost;
using Headgate.LocalHost.Options;
using Headgate.Load.Figures;
using Headgate.Load.InProcess;
using Headgate.Load.Rig;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Load.Measures.Gate;

/// <summary>Admissions without the web: the transaction alone, then in a whole service whose RunStarter starts what was admitted.</summary>
internal sealed class AdmitInProcessMeasure : IMeasure
{
    private const int Tenants = 100;

    public string Name => "admit-in-process";

    public string Summary => "the admission transaction in process, as a share of the bare group commit";

    public IEnumerable<Reading> Run(Bench bench)
    {
        foreach (var callers in bench.Options.Clients)
        {
            bench.Progress($"admit-in-process: {callers} callers, alone");
            yield return AloneAsync(bench, callers).GetAwaiter().GetResult();
            bench.Progress($"admit-in-process: {callers} callers, RunStarter running");
            yield return WithStarterAsync(bench, callers).GetAwaiter().GetResult();
        }
    }

    private static async Task<Reading> AloneAsync(Bench bench, int callers)
    {
        using var folder = new TemporaryFolder(bench.Options.Data);
        await using var admission = await AdmissionAlone.OpenAsync(folder.Path, Tenants);
        return Of(bench, callers, "the transaction alone", CallerLoop.Run(callers, admission.AdmitAsync, bench.Options));
    }

    private static async Task<Reading> WithStarterAsync(Bench bench, int callers)
    {
        using var folder = new TemporaryFolder(bench.Options.Data);
        await using var server = await LocalServer.StartAsync(new LocalHostOptions { DataFolder = folder.Path, Port = 0 });
        await AdmissionAlone.MakeTenantsAsync(server.Storage.Tables, Tenants);
        var admission = server.Services.GetRequiredService<RunAdmission>();
        var rounds = CallerLoop.Run(
            callers,
            async number =>
            {
                await AdmissionAlone.AdmitAsync(admission, AdmissionAlone.TenantId(number % Tenants));
                await server.Storage.Log.FlushedAsync();
            },
            bench.Options);
        return Of(bench, callers, "RunStarter running", rounds);
    }

    private static Reading Of(Bench bench, int callers, string name, Measured measured)
    {
        var reading = Reading.Of("admit-in-process", $"{Count.Of(callers, "caller")}, {Count.Of(Tenants, "tenant")}, {name}", measured);
        return reading with { ShareOfCommit = reading.PerSecond / bench.Limits.Commit(callers) };
    }
}
