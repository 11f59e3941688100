using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Turns;

/// <summary>What a turn starts and sends: written in the turn's operation, delivered once that is appended. Used inside the gate.</summary>
internal sealed class TurnMessages(
    EngineCore core, Instance instance, InstanceRow sender, InstanceWrite write, Dictionary<string, Instance>? others, DateTimeOffset now)
{
    private List<(Instance Target, InboxItem Item)>? _sent;
    private Dictionary<Instance, InstanceRow>? _started;

    /// <summary>Activities to call; null if none.</summary>
    public List<ActivityScheduled>? Calls { get; private set; }

    public void Add(IReadOnlyList<ActionEvent> actions)
    {
        for (var i = 0; i < actions.Count; i++)
        {
            switch (actions[i])
            {
                case ActivityScheduled call:
                    (Calls ??= new(1)).Add(call);
                    break;
                case SubOrchestrationScheduled child:
                    StartChild(child);
                    break;
                case EventSent sent:
                    var number = core.NextNumber();
                    Send(sent.InstanceId, 0, new EventRaised(number, sent.Name, sent.Payload), number);
                    break;
            }
        }
    }

    private void StartChild(SubOrchestrationScheduled call)
    {
        var child = Target(call.InstanceId);
        if (RowOf(child) is { Ended: false } there)
        {
            var taken = Failures.Named("InstanceExists", $"The instance {child.Id} exists and is {there.Status}.");
            Send(instance.Id, sender.Execution, new TaskFailed(call.TaskId, taken));
            return;
        }

        var row = new InstanceRow
        {
            Id = child.Id,
            Name = call.Name,
            Execution = core.NextNumber(),
            Status = OrchestrationRuntimeStatus.Pending,
            Created = now,
            Updated = now,
            Input = call.Input,
            Parent = new(instance.Id, sender.Name, call.TaskId, sender.Execution),
            Due = InstanceRow.AtOnce,
        };
        write.StartOther(child, row);
        (_started ??= [])[child] = row;
    }

    /// <summary>Puts an event into an inbox; dropped if the instance is not live or has another execution.</summary>
    public void Send(string id, long execution, HistoryEvent one, long number = 0)
    {
        var target = Target(id);
        if (RowOf(target) is not { Ended: false } row || (execution != 0 && row.Execution != execution))
            return;
        var item = new InboxItem(number == 0 ? core.NextNumber() : number, execution, one);
        write.Send(target, item);
        (_sent ??= []).Add((target, item));
    }

    /// <summary>Call it once the operation is appended.</summary>
    public void Deliver()
    {
        if (_started is not null)
        {
            foreach (var (child, row) in _started)
            {
                child.Begin(row);
                core.Schedule(child);
            }
        }

        if (_sent is not null)
        {
            foreach (var (target, item) in _sent)
                core.Deliver(target, item);
        }
    }

    private Instance Target(string id) => id == instance.Id ? instance : others![id];

    /// <summary>The instance's row after this turn.</summary>
    private InstanceRow? RowOf(Instance target) => _started?.GetValueOrDefault(target) ?? target.Row;
}
