using Headgate.Core.Dispatch;
using Headgate.Core.Resources;

namespace Headgate.Core.Causes;

/// <summary>What keeps a task from a resource, as causes.</summary>
internal static class ResourceCauses
{
    public static Cause Of(string name, Resource resource, ResourceAdmission.KeptBack hindrance, TaskOffer task, DateTimeOffset now)
    {
        var path = $"/tenants/{{t}}/resources/{name}";
        var why = resource.Reason is { } reason ? $" {reason}" : "";
        return hindrance.Cause switch
        {
            ResourceHindrance.Held => new(
                CauseCode.ResourceHeld, resource.Since, $"Resource '{name}' is held by {resource.By ?? "the service"}.{why}", CauseOf(resource), [$"Mend what is wrong with it, then release it: POST {path}/release."]),
            ResourceHindrance.Open => new(
                CauseCode.ResourceHeld, resource.Since, $"Resource '{name}' is open{(hindrance.Until is { } until ? $" until {TaskExplanation.Text(until)}" : "")}.{why}", CauseOf(resource), ["Wait: then one task probes it.", $"Let tasks use it at once: POST {path}/release."]),
            ResourceHindrance.Probing => new(
                CauseCode.ResourceHeld, resource.Since, $"Resource '{name}' is half-open: one task probes it.", resource.Probe is { } probe ? [probe.TaskId] : [], ["Wait for the probe to end.", $"Let tasks use it at once: POST {path}/release."]),
            _ => Full(name, resource, hindrance, task, path),
        };
    }

    /// <summary>When the hindrance is expected to end; null if only somebody can end it, or it is unknown.</summary>
    public static DateTimeOffset? EndOf(Resource resource, ResourceAdmission.KeptBack hindrance, LinePlace? line, string type, Scene scene) => hindrance.Cause switch
    {
        ResourceHindrance.Open => hindrance.Until,
        ResourceHindrance.Full when StartEstimate.SecondsToPlace(resource, line, type, scene.Agents, scene.Now) is { } seconds && seconds < TimeSpan.FromDays(3650).TotalSeconds => scene.Now.AddSeconds(seconds),
        _ => null,
    };

    private static Cause Full(string name, Resource resource, ResourceAdmission.KeptBack hindrance, TaskOffer task, string path)
    {
        var users = hindrance.Type is { } type ? resource.Users.Where(user => user.Type == type).ToList() : [.. resource.Users];
        var cure = resource.Ramp < (resource.Rules.MaxConcurrent ?? int.MaxValue)
            ? "Wait: after it was open or held, each task that succeeds lets one more use it."
            : $"Raise its limit: PUT {path}.";
        return new(
            CauseCode.ResourceHeld,
            task.Since == DateTimeOffset.MinValue ? null : task.Since,
            $"Resource '{name}' is full: {StartEstimate.Count(users.Count, "task")}{(hindrance.Type is { } of ? $" of type '{of}'" : "")} {(users.Count == 1 ? "uses" : "use")} it.",
            [.. users.Select(user => user.Attempt.TaskId).Take(Cause.MaxBlockers)],
            ["Wait for one of them to end.", cure]);
    }

    private static string[] CauseOf(Resource resource) => resource.Cause is { } cause ? [cause.TaskId] : [];
}
