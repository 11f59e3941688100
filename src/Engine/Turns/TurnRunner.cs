using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Headgate.Engine.Replay;
using Headgate.Ports;

namespace Headgate.Engine.Turns;

/// <summary>Runs the turns of instances, one at a time for each instance.</summary>
internal sealed class TurnRunner(EngineCore core, ActivityCalls activities)
{
    private Action<TurnRequest>? _reportForeignAwait;

    public void Run(Instance instance)
    {
        try
        {
            Turn(instance);
        }
        catch (StoreUnavailableException)
        {
            // The log has failed and the process is ending; the next start resumes the instance.
        }
        catch (Exception fault)
        {
            // A fault of the engine must neither stop other instances nor this one for good.
            TimeSpan pause;
            lock (core.Gate)
            {
                instance.Paused = true;
                pause = core.Faults.Add(instance.Id);
            }

            DurableLog.TurnFaulted(core.Logger, instance.Id, pause, fault);
        }
        finally
        {
            core.Turns.Done();
        }
    }

    private void Turn(Instance instance)
    {
        var plan = Plan(instance);
        try
        {
            if (plan is { Matters: true })
                TurnCommit.Apply(core, activities, instance, plan, Decide(plan));
        }
        catch
        {
            lock (core.Gate)
                plan!.PutBack(instance);
            throw;
        }

        lock (core.Gate)
            EndTurn(instance);
    }

    private TurnPlan? Plan(Instance instance)
    {
        while (true)
        {
            long execution;
            lock (core.Gate)
            {
                if (!instance.Live)
                {
                    instance.Inbox = null;
                    return null;
                }

                if (instance.History is not null)
                    return TurnPlan.Take(instance, core.Now);
                execution = instance.Row!.Execution;
            }

            var read = Generation.Read(core.Reader, instance.Id);
            lock (core.Gate)
            {
                if (instance.Row?.Execution == execution)
                    instance.History ??= read;
            }
        }
    }

    private TurnOutcome? Decide(TurnPlan plan)
    {
        if (plan.ForeignAwait)
            return Broken(Failures.Of(new ForeignAwaitException()));
        if (!plan.Runs)
            return null;
        if (!core.Functions.TryGetOrchestrator(plan.Row.Name, out var orchestrator))
            return Broken(Failures.UnknownOrchestrator(plan.Row.Name));
        var row = plan.Row;
        var (wall, now) = (core.Wall.UtcDateTime, core.Now.UtcDateTime);
        // The orchestrator's time never goes back, even if the wall clock does.
        var clock = wall > plan.Generation.Clock ? wall : plan.Generation.Clock;
        return OrchestrationTurn.Run(new()
        {
            InstanceId = row.Id,
            Execution = row.Execution,
            Name = row.Name,
            Parent = row.Parent is { } parent ? new(parent.Name, parent.InstanceId) : null,
            Input = row.Input,
            Orchestrator = orchestrator,
            History = plan.Generation.Events,
            News = News(plan, clock),
            AheadOfWall = clock - wall,
            EngineAhead = now - clock,
            Converter = core.Converter,
            Loggers = core.Loggers,
            ForeignAwait = _reportForeignAwait ??= ReportForeignAwait,
        });
    }

    private static HistoryEvent[] News(TurnPlan plan, DateTime clock)
    {
        var taken = plan.Taken?.Count ?? 0;
        var news = new HistoryEvent[1 + taken + plan.Fired.Length];
        news[0] = new TurnStarted(clock);
        for (var i = 0; i < taken; i++)
            news[1 + i] = plan.Taken![i].Event;
        for (var i = 0; i < plan.Fired.Length; i++)
            news[1 + taken + i] = new TimerFired(plan.Fired[i].TaskId);
        return news;
    }

    /// <summary>Queues the next turn if there is work. Called inside the gate.</summary>
    private void EndTurn(Instance instance)
    {
        instance.Scheduled = false;
        core.Faults.Forget(instance.Id);
        if (instance.Live && HasWork(instance))
        {
            core.Schedule(instance);
            return;
        }

        core.Instances.Rest(instance);
    }

    private bool HasWork(Instance instance)
    {
        var suspended = instance.Row!.Status == Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Suspended;
        var waiting = instance.Inbox is { Count: > 0 };
        if (waiting && instance.Inbox!.Exists(item => item.Event is SuspendAsked or ResumeAsked or TerminateAsked or ForeignAwaitSeen))
            return true;
        var begun = instance.History is not { Turns: 0 };
        var due = instance.NextTimer <= core.Now.UtcTicks;
        return !suspended && (begun ? due || waiting : due || instance.NextTimer is null);
    }

    private static TurnOutcome Broken(Microsoft.DurableTask.TaskFailureDetails reason) => new(TurnEnd.Failed, [], []) { Failure = reason };

    /// <summary>Runs as a continuation of what the orchestrator awaited, so it must not throw.</summary>
    private void ReportForeignAwait(TurnRequest turn)
    {
        try
        {
            var instance = core.Instances.Pin(turn.InstanceId);
            lock (core.Gate)
            {
                if (instance.Live)
                    core.Deliver(instance, new(0, turn.Execution, new ForeignAwaitSeen()));
                core.Instances.Unpin(instance);
            }
        }
        catch (Exception fault)
        {
            DurableLog.ForeignAwaitLost(core.Logger, turn.InstanceId, fault);
        }
    }
}
