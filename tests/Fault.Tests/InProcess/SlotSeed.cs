using System.Collections.Concurrent;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Core.Tenants;
using Headgate.Fault.Tests.Witness;
using Headgate.Functions.Admission;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.Fault.Tests.InProcess;

/// <summary>
/// Four processes that share the tables admit, hold, queue, end and cancel the runs of one tenant side by side, while its limits move, it is paused, and
/// processes die at any instant. After each change: never more in flight than the cap, no run counted twice or lost, nobody overtaken. In the end
/// everything that was accepted has had its slot or was cancelled.
/// </summary>
internal sealed class SlotSeed
{
    public const string Kind = "slots";

    private const string Tenant = "acme";
    private const int Processes = 4;

    private readonly Chance _chance;
    private readonly Sightings _sightings = new();
    private readonly ManualClock _clock = new();
    private readonly SlotTables _tables;
    private readonly List<SlotProcess> _processes = [];
    private readonly List<SlotProcess> _dead = [];
    private readonly List<Task> _underWay = [];
    private readonly List<CancellationTokenSource> _callers = [];
    private readonly SemaphoreSlim _changing = new(1);
    private readonly ConcurrentDictionary<string, byte> _accepted = new(StringComparer.Ordinal);

    private SlotSeed(int seed)
    {
        _chance = new Chance(seed);
        _tables = new SlotTables(Tenant, _sightings);
        var monthly = _chance.OneIn(4) ? _chance.Between(5, 40) : 100_000;
        var overrides = new LimitOverrides(
            _chance.Between(1, 4),
            monthly,
            MaxWaitingRuns: _chance.OneIn(4) ? 0 : _chance.Between(1, 8),
            ShadowMaxConcurrentRuns: _chance.OneIn(2) ? 1 : null,
            ShadowMaxMonthlyRuns: _chance.OneIn(2) ? 3 : null);
        _tables.Submit(new TableChange(new TableBatch(
            Table.Tenants,
            TableWrite.Insert(LedgerRow.Write(Tenant, Ledger.Open("enterprise", overrides, _clock.GetUtcNow()), null)),
            TableWrite.Insert(ProfileRow.Write(Tenant, new TenantProfile("Acme", _clock.GetUtcNow()))))));
        for (var i = 0; i < Processes; i++)
            _processes.Add(NewProcess());
    }

    private bool IsUnbroken => _sightings.BrokenInvariants.Count == 0;

    /// <exception cref="BrokenInvariantException">With everything that was seen.</exception>
    public static async Task<Sightings> RunAsync(int seed)
    {
        var play = new SlotSeed(seed);
        var acts = Task.Run(play.ActAsync);
        // Whoever loses a race for the ledger waits for a moment of this clock.
        while (!acts.IsCompleted)
        {
            play._clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        await acts;
        play.Close();
        return play.IsUnbroken ? play._sightings : throw new BrokenInvariantException(Kind, seed, play._sightings);
    }

    private async Task ActAsync()
    {
        for (var step = _chance.Between(60, 140); step > 0 && IsUnbroken; step--)
        {
            for (var side = _chance.Between(1, 6); side > 0; side--)
                _underWay.Add(GuardAsync(Act()));
            for (var turns = _chance.Between(0, 20); turns > 0; turns--)
                await Task.Yield();
            if (_chance.OneIn(8))
                await SettledAsync();
        }

        await EndAsync();
    }

    private Task Act() => _chance.Between(1, 20) switch
    {
        <= 9 => SubmitAsync(),
        <= 14 => EndOneAsync(),
        15 => CancelOneAsync(),
        16 => ChangeAsync(_chance.Between(0, 5)),
        17 => PauseAsync(),
        18 => Any().SweepAsync(),
        19 => LeaveAsync(),
        _ => DieAsync(),
    };

    private async Task SubmitAsync()
    {
        int? wait = _chance.OneIn(3) ? _chance.Between(1, 4) : null;
        var caller = new CancellationTokenSource();
        lock (_callers)
            _callers.Add(caller);
        var result = await Any().SubmitAsync(_chance.Of("low", "normal", "high"), wait, _chance.OneIn(4) ? $"key-{_chance.Between(1, 5)}" : null, caller.Token);
        if (result is AdmissionResult.Admitted admitted)
            _accepted[admitted.RunId] = 0;
        _sightings.Note($"{result?.GetType().Name}");
    }

    private async Task EndOneAsync()
    {
        if (_tables.Look()!.Live is { Count: > 0 } live)
            await Any().EndAsync(_chance.Of<string>([.. live.Order(StringComparer.Ordinal)]));
    }

    private async Task CancelOneAsync()
    {
        if (_tables.Look()!.Waiting is { Count: > 0 } waiting)
            await Any().CancelAsync(_chance.Of<string>([.. waiting.Select(run => run.RunId)]));
    }

    private Task ChangeAsync(int cap) =>
        AloneAsync(() => Any().ChangeAsync(ledger => ledger with { Overrides = ledger.Overrides with { MaxConcurrentRuns = cap } }));

    private Task PauseAsync() => AloneAsync(ToggleAsync);

    // One at a time: what was right under the limits between two changes of one batch, nobody could tell afterwards.
    private async Task AloneAsync(Func<Task> change)
    {
        await _changing.WaitAsync();
        try
        {
            await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    private Task ToggleAsync()
    {
        var now = _clock.GetUtcNow();
        DateTimeOffset? until = _chance.OneIn(2) ? now.AddMilliseconds(_chance.Between(50, 2_000)) : null;
        return Any().ChangeAsync(ledger => ledger.Status == TenantStatus.Active
            ? ledger with { Status = TenantStatus.Paused, Pause = new PauseRecord("test", "test", now, until) }
            : ledger with { Status = TenantStatus.Active, Pause = null });
    }

    private async Task LeaveAsync()
    {
        CancellationTokenSource? caller;
        lock (_callers)
            caller = _callers.Count == 0 ? null : _chance.Of<CancellationTokenSource>(_callers);
        if (caller is not null)
            await caller.CancelAsync();
    }

    private Task DieAsync()
    {
        lock (_processes)
        {
            var place = _chance.Between(0, Processes - 1);
            _processes[place].Kill();
            _dead.Add(_processes[place]);
            _processes[place] = NewProcess();
        }

        return Task.CompletedTask;
    }

    // Whatever waits for a slot in vain waits for some seconds at most.
    private async Task SettledAsync()
    {
        var all = Task.WhenAll(_underWay);
        while (!all.IsCompleted)
            await Task.Yield();
        await all;
        _underWay.Clear();
    }

    /// <summary>All that is accepted comes to its end, and no slot stays idle while something waits.</summary>
    private async Task EndAsync()
    {
        await SettledAsync();
        await Any().ChangeAsync(ledger => ledger with
        {
            Status = TenantStatus.Active,
            Pause = null,
            Overrides = ledger.Overrides with { MaxConcurrentRuns = Math.Max(ledger.Overrides.MaxConcurrentRuns ?? 1, 1), MaxMonthlyRuns = 100_000 },
        });
        while (IsUnbroken)
        {
            var standing = _tables.Look()!;
            if (standing.Live.Count == 0 && standing.Waiting.Count == 0)
                break;
            var isIdle = standing.Waiting.Count > 0 && standing.Ledger.InFlight < standing.Ledger.LimitsAt(_clock.GetUtcNow()).MaxConcurrentRuns;
            if (!_sightings.Holds(!isIdle, () => $"{standing.Ledger.InFlight} of {standing.Ledger.LimitsAt(_clock.GetUtcNow()).MaxConcurrentRuns} slots are used and {standing.Waiting.Count} wait"))
                break;
            await Any().EndAsync(_chance.Of<string>([.. standing.Live.Order(StringComparer.Ordinal)]));
        }

        var (all, runs) = (_tables.Look()!.Runs, _tables.Look()!.Runs.Values);
        _sightings.Holds(runs.All(run => run.FinishedAt is not null), () => "a run that was accepted has not come to its end");
        _sightings.Holds(_accepted.Keys.All(all.ContainsKey), () => "a run that was accepted is not there");
        _sightings.Holds(_tables.Started + runs.Count(run => run is { Status: Core.Runs.RunStatus.Cancelled, SlotAt: null }) == runs.Count, () => "a run ended without a slot");
    }

    private SlotProcess Any()
    {
        lock (_processes)
            return _processes[_chance.Between(0, Processes - 1)];
    }

    private SlotProcess NewProcess() => new(Tenant, _tables, _clock, _chance.Fork());

    // The callers of a process that died hear nothing, and one that has left hears nothing.
    private static async Task GuardAsync(Task act)
    {
        try
        {
            await act;
        }
        catch (StoreUnavailableException)
        {
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Close()
    {
        foreach (var process in _processes.Concat(_dead))
            process.Dispose();
        foreach (var caller in _callers)
            caller.Dispose();
        _changing.Dispose();
    }
}
