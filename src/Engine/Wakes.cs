using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Headgate.Ports;

namespace Headgate.Engine;

/// <summary>Wakes instances at the start of the process, when their timers are due, and when the pause after a fault is over. One that can't be read doesn't hinder others.</summary>
internal sealed class Wakes(EngineCore core, ActivityCalls activities)
{
    /// <summary>Instances that the start has yet to resume. Guarded by the gate.</summary>
    private readonly HashSet<string> _toResume = new(StringComparer.Ordinal);

    /// <summary>Resumes what an earlier process left.</summary>
    public void ResumeAll()
    {
        var (instances, calls) = (0, 0);
        foreach (var (id, due) in core.Reader.ReadDue())
        {
            if (due == InstanceRow.AtOnce)
            {
                Attempt(id, () => calls += Resume(id));
                instances++;
                continue;
            }

            lock (core.Gate)
                core.Timers.Move(id, null, due);
        }

        foreach (var id in core.Reader.ReadInboxOwners())
            Attempt(id, () => Wake(id, _ => true));
        if (instances > 0)
            DurableLog.Resumed(core.Logger, instances, calls);
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
        List<(string Id, bool ToResume)> over;
        lock (core.Gate)
            over = [.. core.Faults.TakeDue().Select(id => (id, _toResume.Contains(id)))];
        foreach (var (id, toResume) in over)
        {
            if (toResume)
                Attempt(id, () => Resume(id));
            else
                Attempt(id, () => Wake(id, _ => true));
        }
    }

    /// <summary>Calls again the activities that had not ended with the earlier process.</summary>
    /// <returns>How many there are.</returns>
    private int Resume(string id)
    {
        lock (core.Gate)
            _toResume.Add(id);
        var instance = core.Instances.Pin(id);
        try
        {
            var history = Generation.Read(core.Reader, id);
            lock (core.Gate)
                return Resume(instance, history);
        }
        finally
        {
            lock (core.Gate)
                core.Instances.Unpin(instance);
        }
    }

    private int Resume(Instance instance, Generation history)
    {
        _toResume.Remove(instance.Id);
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
            // The log has failed and the process is ending; the next start resumes the instance.
        }
        catch (Exception fault)
        {
            TimeSpan pause;
            lock (core.Gate)
                pause = core.Faults.Add(id);
            DurableLog.WakeFaulted(core.Logger, id, pause, fault);
        }
    }
}
