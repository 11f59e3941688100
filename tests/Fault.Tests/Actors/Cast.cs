using System.Diagnostics;
using Headgate.Fault.Tests.Witness;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.Actors;

/// <summary>Everybody who takes part in a seed, and how they bring it to its end.</summary>
internal sealed class Cast
{
    private readonly World _world;
    private readonly List<Submitter> _submitters;
    private readonly Supervisor _supervisor;

    /// <param name="world">Where they act.</param>
    /// <param name="bulk">A tenant with room for very large runs; null: nobody submits such.</param>
    public Cast(World world, Tenant? bulk = null)
    {
        _world = world;
        _submitters = [.. world.Tenants.SelectMany(tenant => Enumerable.Range(0, 2).Select(number => new Submitter(world, tenant, number, world.Chance.Fork())))];
        _supervisor = new Supervisor(world, world.Chance.Fork());
        Bulk = bulk is null ? null : new Bulk(world, bulk, _supervisor, world.Chance.Fork());
        Actors = [.. _submitters, .. world.Agents, _supervisor, new Prowler(world, world.Chance.Fork()), .. Bulk is null ? (IActor[])[] : [Bulk]];
        if (bulk is not null)
            world.Tenants.Add(bulk);
    }

    public Bulk? Bulk { get; }

    public IReadOnlyList<IActor> Actors { get; }

    /// <summary>No fault happens any more: everything open is answered, everything accepted ends, and the whole is inspected.</summary>
    /// <param name="wait">How long claims are held open, in seconds.</param>
    /// <param name="oneAgentIsGone">One of them never comes back: the leases of its tasks have to end.</param>
    /// <param name="between">Called between rounds; false when enough time has passed on the service's clock.</param>
    public async Task SettleAsync(int wait, bool oneAgentIsGone, Func<Task<bool>> between)
    {
        var workers = _world.Agents.Skip(oneAgentIsGone ? 1 : 0).ToList();
        foreach (var tenant in _world.Tenants)
            await PatientlyAsync(() => _supervisor.ActiveAsync(tenant), $"{tenant.Id} can't be resumed");
        foreach (var submitter in _submitters)
            await PatientlyAsync(submitter.SettledAsync, "submissions stay without an answer");
        await PatientlyAsync(async () => await AcceptListedAsync(), "runs can't be listed");
        await PatientlyAsync(
            async () =>
            {
                if (Bulk is not null)
                    await Bulk.SettleAsync();
                await Task.WhenAll(workers.Select(agent => agent.WorkAsync(wait)));
                foreach (var run in _world.Runs.All.Where(run => run.Ended is null))
                    await _supervisor.ReadAsync(run);
                return _world.Runs.All.TrueForAll(run => run.Ended is not null);
            },
            "accepted runs do not end");
        if (_world.Sightings.BrokenInvariants.Count > 0)
            return;
        var inspection = new FinalInspection(_world, [.. _submitters.SelectMany(submitter => submitter.Sent), .. Bulk?.Sent ?? []]);
        await inspection.RunAsync();
        await PatientlyAsync(inspection.NothingIsHeldAsync, "an agent holds a task though all runs have ended");
        await PatientlyAsync(inspection.NothingIsReadyAsync, "tasks are offered though all runs have ended");
        await inspection.FillAndEmptyAsync(_supervisor, PatientlyAsync);

        async Task PatientlyAsync(Func<Task<bool>> done, string otherwise)
        {
            var begun = Stopwatch.GetTimestamp();
            while (_world.Sightings.BrokenInvariants.Count == 0 && !await done())
            {
                if (!await between() || Stopwatch.GetElapsedTime(begun) > Patience.Limit)
                    _world.Sightings.Broken($"{otherwise}: {string.Join(", ", _world.Runs.All.Where(run => run.Ended is null).Select(run => run.RunId))}");
            }
        }
    }

    // A submission without an answer may have made a run all the same: that one has to end too.
    private async Task<bool> AcceptListedAsync()
    {
        foreach (var tenant in _world.Tenants)
        {
            if (await tenant.Line.ListAsync($"{tenant.Path}/runs") is not { } runs)
                return false;
            foreach (var run in runs)
                _world.Runs.Accept(tenant.Id, (string)run["runId"]!, (string)run["name"]!);
        }

        return true;
    }
}
