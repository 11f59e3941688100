using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Functions;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Load.Wire;
using Headgate.LocalHost;
using Headgate.Ports;
using Headgate.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Load.InProcess;

/// <summary>
/// The app's admission on real storage in this process, and nothing else: no web server, and nobody who takes the messages that
/// admissions send. What it costs is the transaction that makes a run, from the application to the disk.
/// </summary>
internal sealed class AdmissionAlone : IAsyncDisposable
{
    private const int Unlimited = 1_000_000_000;
    private static readonly RunDefinition Definition = new(
        "load", "normal", null, [new("work", "noop", [], null, new Dictionary<string, string>(StringComparer.Ordinal), 3600, "default", null, null, null)]);

    private readonly EmbeddedStore _storage;
    private readonly ServiceProvider _services;
    private readonly RunAdmission _admission;
    private readonly int _tenants;

    private AdmissionAlone(EmbeddedStore storage, int tenants)
    {
        (_storage, _tenants) = (storage, tenants);
        _services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IRandomSource, SystemRandom>()
            .AddSingleton<ITableStore>(storage.Tables)
            .AddSingleton<IQueueSender>(storage.Queue)
            .AddSingleton<IQueueMetrics>(storage.Queue)
            .AddHeadgate(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        _admission = _services.GetRequiredService<RunAdmission>();
    }

    /// <summary>On a new file, with tenants made in it.</summary>
    /// <param name="folder">Where the file is made; on the disk that is meant.</param>
    public static async Task<AdmissionAlone> OpenAsync(string folder, int tenants)
    {
        var opened = Reopen(folder, tenants);
        await MakeTenantsAsync(opened._storage.Tables, tenants);
        return opened;
    }

    /// <summary>On a file that <see cref="OpenAsync"/> has made before.</summary>
    public static AdmissionAlone Reopen(string folder, int tenants) =>
        new(EmbeddedStore.Open(folder, TimeProvider.System, failure => Environment.FailFast("the disk refused a write", failure)), tenants);

    /// <summary>Admits a run of one task and waits for the disk.</summary>
    /// <param name="number">Chooses the tenant, in turn.</param>
    /// <exception cref="UnexpectedAnswerException">It was refused.</exception>
    public async Task AdmitAsync(long number)
    {
        await AdmitAsync(_admission, TenantId(number % _tenants));
        await _storage.Log.FlushedAsync();
    }

    public static async Task AdmitAsync(RunAdmission admission, string tenantId)
    {
        var application = new RunApplication(tenantId, Definition, RunOrigin.Api, null, (run, inFlight, limit) => Answer(run, inFlight, limit));
        var result = await admission.ApplyAsync(application, CancellationToken.None);
        if (result.Value is not AdmissionResult.Admitted)
            throw new UnexpectedAnswerException($"an admission was expected, not {result}");
    }

    public static async Task MakeTenantsAsync(ITableStore tables, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var ledger = Ledger.Open(PlanTable.Enterprise.Id, new LimitOverrides(Unlimited, Unlimited), DateTimeOffset.UtcNow);
            var batch = new TableBatch(
                Table.Tenants,
                TableWrite.Insert(LedgerRow.Write(TenantId(i), ledger, null)),
                TableWrite.Insert(ProfileRow.Write(TenantId(i), new TenantProfile(TenantId(i), DateTimeOffset.UtcNow))));
            if (!(await tables.SubmitAsync(new TableChange(batch))).Succeeded)
                throw new InvalidOperationException($"{TenantId(i)} exists already");
        }
    }

    public static string TenantId(long number) => $"tenant-{number + 1}";

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _storage.DisposeAsync();
    }

    // The body that the web call would answer with; it is made inside the admission there too.
    private static byte[] Answer(RunRecord run, int inFlight, int limit)
    {
        var self = $"/tenants/{run.TenantId}/runs/{run.RunId}";
        return JsonSerializer.SerializeToUtf8Bytes(
            new RunAccepted(run.RunId, "pending", inFlight, limit, new(self, $"{self}/timeline", $"{self}/cancel", $"{self}/explain"), "0123456789abcdef0123456789abcdef"),
            ContractJson.Default.RunAccepted);
    }
}
