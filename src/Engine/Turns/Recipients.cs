using Headgate.Engine.History;
using Headgate.Engine.Replay;

namespace Headgate.Engine.Turns;

/// <summary>The other instances that a turn starts or sends to.</summary>
internal static class Recipients
{
    public static IReadOnlyCollection<string> Of(TurnPlan plan, TurnOutcome? outcome)
    {
        HashSet<string>? ids = null;
        for (var i = 0; i < outcome?.Actions.Count; i++)
        {
            if (outcome.Actions[i] is SubOrchestrationScheduled child)
                Add(child.InstanceId);
            else if (outcome.Actions[i] is EventSent sent)
                Add(sent.InstanceId);
        }

        if (plan.Terminate is { Recursive: true })
        {
            foreach (var child in plan.Generation.Unanswered<SubOrchestrationScheduled>())
                Add(child.InstanceId);
        }

        if (plan.Row.Parent is { } parent && (plan.Terminate is not null || outcome?.End is TurnEnd.Completed or TurnEnd.Failed))
            Add(parent.InstanceId);
        return ids ?? (IReadOnlyCollection<string>)[];

        void Add(string id)
        {
            if (id != plan.Row.Id)
                (ids ??= new(StringComparer.Ordinal)).Add(id);
        }
    }
}
