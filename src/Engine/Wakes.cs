using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Headgate.Ports;

namespace Headgate.Engine;

/// <summary>Wakes instances: at a start of the process, when their timers come due, and when the pause after a fault is over. One that cannot be read keeps nobody else asleep.</summary>
internal sealed class Wakes(EngineCore core, ActivityCalls activities)
{
    /// <summary>Instances that the start could not take up yet. Guarded by the gate.</summary>
    private readonly HashSet<string> _untaken = new(StringComparer.Ordinal);

    /// <summary>Takes up what an earlier process has left.</summary>
    public void TakeUpAll()
    {
        var (instances, calls) = (0, 0);
        foreach (var (id, due) in core.Reader.ReadDue())
        {
            if (due == InstanceRow.AtOnce)
            {
                Attempt(id, () => calls += TakeUp(id));
                instances++;
                continue;
            }

            lock (core.Gate)
                core.Timers.Move(id, null, due);
        }

        foreach (var id in core.Reader.ReadInboxOwners())
            Attempt(id, () => Wake(id, _ => true));
        if (instances > 0)
            DurableLog.TookUp(core.Logger, instances, calls);
    }

    public void TimersDue()
    {
        List<(long Due, string Id)> due;
        lock (core.Gate)
            due = core.Timers.TakeDue();
        foreach (var (at, id) in due)
            Attempt(id, () => Wake(id, instance => instance.NextTimer == at));
    }

    public void PausesOver()
    {
        List<(string Id, bool Untaken)> over;
        lock (core.Gate)
            over = [.. core.Faults.TakeOver().Select(id => (id, _untaken.Contains(id)))];
        foreach (var (id, untaken) in over)
        {
            if (untaken)
                Attempt(id, () => TakeUp(id));
            else
                Attempt(id, () => Wake(id, _ => true));
        }
    }

    /// <summary>Calls again what was out when the process ended.</summary>
    /// <returns>How many activities that were.</returns>
    private int TakeUp(string id)
    {
        lock (core.Gate)
            _untaken.Add(id);
        var instance = core.Instances.Pin(id);
        try
        {
            var history = Generation.Read(core.Reader, id);
            lock (core.Gate)
                return TakeUp(instance, history);
        }
        finally
        {
            lock (core.Gate)
                core.Instances.Unpin(instance);
        }
    }

    private int TakeUp(Instance instance, Generation history)
    {
        _untaken.Remove(instance.Id);
        if (!instance.Live)
            return 0;
        instance.History ??= history;
        core.WakeAt(instance, history.Timers.Length == 0 ? null : history.Timers.Min(timer => timer.Due).Ticks);
        core.Resume(instance);
        var calls = history.Unanswered<ActivityScheduled>().ToList();
        foreach (var call in calls)
            activities.Call(instance, instance.Row!.Execution, call);
        return calls.Count;
    }

    private void Wake(string id, Func<Instance, bool> stillWanted)
    {
        var instance = core.Instances.Pin(id);
        lock (core.Gate)
        {
            if (instance.Paused || (instance.Live && stillWanted(instance)))
                core.Resume(instance);
            core.Instances.Unpin(instance);
        }
    }

    private void Attempt(string id, Action act)
    {
        try
        {
            act();
        }
        catch (StoreUnavailableException)
        {
            // The log has failed and is ending the process; the next start takes the instance up again.
        }
        catch (Exception fault)
        {
            TimeSpan pause;
            lock (core.Gate)
                pause = core.Faults.Add(id);
            DurableLog.WakeBroke(core.Logger, id, pause, fault);
        }
    }
}
