using Headgate.Functions.Ports;
using Headgate.LocalHost.Durable.Client;
using Headgate.LocalHost.Durable.History;
using Headgate.LocalHost.Durable.Instances;
using Headgate.LocalHost.Durable.Turns;
using Headgate.LocalHost.Sqlite;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Durable;

/// <summary>
/// Durable orchestrations in this process. Clients may be used at once; nothing runs before <see cref="StartAsync"/>, which takes up
/// what an earlier process has left.
/// </summary>
public sealed class DurableEngine : IHostedService, IDisposable
{
    private readonly EngineCore _core;
    private readonly ActivityCalls _activities;

    /// <summary>Makes the engine of a database; the log must be that database's.</summary>
    public DurableEngine(
        Database database,
        WriteLog log,
        IDurableFunctions functions,
        DurableEngineOptions options,
        TimeProvider time,
        IRandomSource random,
        ILoggerFactory loggers)
    {
        _core = new(database, log, functions, options, time, loggers);
        _activities = new(_core);
        _core.Connect(new TurnRunner(_core, _activities).Run, WakeDue);
        Client = new LocalDurableClient(_core, random);
    }

    /// <summary>Starts orchestrations and acts on them.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>How many instances are held in memory.</summary>
    public int ResidentInstances => _core.Instances.Count;

    /// <summary>Whether an instance is in a turn or has activities out.</summary>
    internal bool IsBusy(string id) => _core.Instances.IsBusy(id);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        TakeUp();
        _core.Turns.Open();
        _core.Activities.Open();
        return Task.CompletedTask;
    }

    /// <summary>Lets running activities and turns end. Once the token is set activities are told to stop; they run again at the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _core.Stopping))
        {
            try
            {
                await _core.Activities.CloseAsync().WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The host will wait no longer: what has not ended is called again at the next start.
            }
        }

        await _core.Turns.CloseAsync();
        await _core.FlushedAsync();
    }

    /// <inheritdoc/>
    public void Dispose() => _core.Dispose();

    private void TakeUp()
    {
        var (instances, activities) = (0, 0);
        foreach (var (id, due) in _core.Reader.ReadDue())
        {
            if (due == InstanceRow.AtOnce)
            {
                activities += TakeUp(id);
                instances++;
                continue;
            }

            lock (_core.Gate)
                _core.Timers.Move(id, null, due);
        }

        foreach (var id in _core.Reader.ReadInboxOwners())
            Wake(id, _ => true);
        if (instances > 0)
            DurableLog.TookUp(_core.Logger, instances, activities);
    }

    /// <summary>Calls again what was out when the process ended.</summary>
    /// <returns>How many activities that were.</returns>
    private int TakeUp(string id)
    {
        var instance = _core.Instances.Pin(id);
        var history = Generation.Read(_core.Reader, id);
        lock (_core.Gate)
        {
            var calls = instance.Live ? history.Unanswered<ActivityScheduled>().ToList() : [];
            if (instance.Live)
            {
                instance.History ??= history;
                _core.WakeAt(instance, history.Timers.Count == 0 ? null : history.Timers.Min(timer => timer.Due).Ticks);
                _core.Schedule(instance);
            }

            foreach (var call in calls)
                _activities.Call(instance, instance.Row!.Execution, call);
            _core.Instances.Unpin(instance);
            return calls.Count;
        }
    }

    private void WakeDue()
    {
        List<(long Due, string Id)> due;
        lock (_core.Gate)
            due = _core.Timers.TakeDue();
        foreach (var (at, id) in due)
            Wake(id, instance => instance.NextTimer == at);
    }

    private void Wake(string id, Func<Instance, bool> stillWanted)
    {
        var instance = _core.Instances.Pin(id);
        lock (_core.Gate)
        {
            if (instance.Live && stillWanted(instance))
                _core.Schedule(instance);
            _core.Instances.Unpin(instance);
        }
    }
}
