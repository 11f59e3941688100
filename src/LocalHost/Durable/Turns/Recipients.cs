using Headgate.LocalHost.Durable.History;
using Headgate.LocalHost.Durable.Replay;

namespace Headgate.LocalHost.Durable.Turns;

/// <summary>Which other instances a turn speaks to.</summary>
internal static class Recipients
{
    public static IEnumerable<string> Of(TurnPlan plan, TurnOutcome? outcome)
    {
        foreach (var action in outcome?.Actions ?? [])
        {
            if (action is SubOrchestrationScheduled child)
                yield return child.InstanceId;
            else if (action is EventSent sent)
                yield return sent.InstanceId;
        }

        if (plan.Terminate is { Recursive: true })
        {
            foreach (var child in plan.Generation.Unanswered<SubOrchestrationScheduled>())
                yield return child.InstanceId;
        }

        if (plan.Row.Parent is { } parent && (plan.Terminate is not null || outcome?.End is TurnEnd.Completed or TurnEnd.Failed))
            yield return parent.InstanceId;
    }
}
