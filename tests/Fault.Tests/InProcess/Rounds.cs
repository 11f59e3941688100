using Headgate.Fault.Tests.Actors;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>Two processes that answer the timers in turn, as chance has it, and die between and within their rounds; and slots that leak.</summary>
/// <param name="service">The service that answers HTTP.</param>
/// <param name="sound">What the faulty tables stand on.</param>
internal sealed class Rounds(IServiceProvider service, ITableStore sound, FaultyTables tables, World world, Chance chance) : IDisposable
{
    private readonly RoundProcess[] _processes = [new(service, tables), new(service, tables)];
    private readonly DurableTaskClient _client = service.GetRequiredService<DurableTaskClient>();
    private long _correctedByTheDead;

    /// <summary>How many slots have leaked.</summary>
    public long Leaked { get; private set; }

    /// <summary>How many slots all processes said they had corrected.</summary>
    public long Corrected => _correctedByTheDead + _processes.Sum(process => process.Corrected);

    /// <summary>One round, by one of the two or by one that takes its place.</summary>
    /// <param name="mayDie">Whether it may die in the middle.</param>
    /// <returns>How many stuck orchestrations its process reports.</returns>
    public async Task<int> RoundAsync(bool mayDie)
    {
        var turn = chance.Between(0, 1);
        if (chance.OneIn(3))
            Replace(turn);
        var process = _processes[turn];
        if (await process.AnswerAsync(mayDie && chance.OneIn(3) ? chance.Between(0, 40) : null))
            return process.Stuck;
        Replace(turn);
        return 0;
    }

    /// <summary>One round by each of the two.</summary>
    /// <returns>The most stuck orchestrations that one reports.</returns>
    public async Task<int> EachAsync()
    {
        foreach (var process in _processes)
            await process.AnswerAsync(diesAfter: null);
        return _processes.Max(process => process.Stuck);
    }

    /// <summary>How many slots of a tenant are taken that no run holds.</summary>
    public async Task<int> DriftAsync(Tenant tenant)
    {
        var ledger = LedgerRow.Read((await sound.GetAsync(Table.Tenants, tenant.Id, RowKeys.Ledger))!);
        return ledger.InFlight - (await LiveAsync(tenant)).Count;
    }

    /// <summary>Slots of a tenant are taken that no run holds, as far as its limit allows.</summary>
    public async Task LeakAsync(Tenant tenant)
    {
        var row = (await sound.GetAsync(Table.Tenants, tenant.Id, RowKeys.Ledger))!;
        var ledger = LedgerRow.Read(row);
        if (ledger.InFlight >= tenant.Limit)
            return;
        var slots = chance.Between(1, tenant.Limit - ledger.InFlight);
        var leaky = LedgerRow.Write(tenant.Id, ledger with { InFlight = ledger.InFlight + slots }, row.ETag);
        if ((await sound.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(leaky))))).Succeeded)
        {
            Leaked += slots;
            world.Sightings.Note($"{slots} slots of {tenant.Id} leaked");
        }
    }

    /// <summary>
    /// Every live run's orchestration has been made. The clock is moved by hand and leaps ahead of the threads that take messages: without
    /// this a start would look late that is only seconds of the test's clock away from its message.
    /// </summary>
    public async Task StartedAsync()
    {
        foreach (var tenant in world.Tenants)
        {
            foreach (var runId in await LiveAsync(tenant))
            {
                while (await _client.GetInstanceAsync(runId) is null && await sound.GetAsync(Table.Tenants, tenant.Id, RowKeys.Live(runId)) is not null)
                    await Task.Yield();
            }
        }
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
    }

    private async Task<List<string>> LiveAsync(Tenant tenant) =>
        [.. (await sound.QueryAsync(TableQuery.Prefix(Table.Tenants, tenant.Id, RowKeys.LivePrefix))).Rows.Select(LiveRow.RunIdOf)];

    private void Replace(int turn)
    {
        _correctedByTheDead += _processes[turn].Corrected;
        _processes[turn].Dispose();
        _processes[turn] = new RoundProcess(service, tables);
    }
}
