using Headgate.Core.Retry;
using Headgate.Core.Runs;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Core.Tests.Runs;

/// <summary>Tasks with simple defaults: no jitter, first retry after 10 s, timeout 60 s.</summary>
internal static class Tasks
{
    public static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    public static readonly RetryPolicy Policy = new(MaxRetries: 2, BaseSeconds: 10, MaxSeconds: 100, Jitter: 0, Factor: 2);

    public static TaskState New(string name, string[]? needs = null, TaskStatus status = TaskStatus.Waiting, RetryPolicy? policy = null) =>
        new(name, needs ?? [], policy ?? Policy, TimeoutSeconds: 60, status);

    public static TaskState Held(string name, int attempt = 1, DateTimeOffset? since = null, RetryPolicy? policy = null) =>
        New(name, status: TaskStatus.Running, policy: policy) with { Attempt = attempt, RetriesGranted = attempt - 1, AgentId = "a1", AssignedAt = since ?? Now };

    public static RunStep Decide(this RunState run, DateTimeOffset now, params TaskState[] tasks) =>
        RunAdvance.Decide(run, tasks, tenantActive: true, Lease, now, () => 0.5);
}
