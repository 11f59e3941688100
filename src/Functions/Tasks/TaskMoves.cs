using Headgate.Core.Dispatch;
using Headgate.Core.Failures;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Tasks;

/// <summary>
/// Turns moves of tasks into rows: the task itself and all that mirrors it (attempt, pool, the agent's partition).
/// The only place that knows which rows a move touches.
/// </summary>
public sealed class TaskMoves(ChangeBuilder change, IReadyTasks ready, TaskTimes times, Arrangement arrangement)
{
    // A prefix of these ranks is always repairable: the task row is the authority, the rest follows from it.
    public const int ResourceRank = -1;
    public const int ReservationRank = 0;
    public const int TaskRank = 1;
    public const int RunRank = 2;
    public const int MirrorRank = 3;

    // Last: whoever takes a task from its pool reserves it, and must not meet what is left of the attempt before.
    public const int PoolRank = 4;

    private readonly List<TaskOffer> _ready = [];
    private readonly List<(TaskRecord Task, AttemptRecord Attempt)> _settled = [];
    private readonly List<TaskRecord> _givenUp = [];
    private readonly List<string> _notReady = [];
    private readonly List<string> _freed = [];
    private readonly List<(TaskRecord Task, ClockReading Decided)> _timed = [];
    private List<(TaskRecord Task, ResourceSignal Signal)>? _ended;

    /// <summary>Writes the move from <paramref name="before"/> to <paramref name="after"/>.</summary>
    /// <param name="after">Under the ETag of <paramref name="before"/>; without one it must be the first row of its task.</param>
    /// <param name="attempt">The attempt that this move settles, if it does.</param>
    /// <param name="owner">Told back where the task's write loses a race.</param>
    /// <param name="inPool">Whether a task that was ready may stand in its pool.</param>
    /// <param name="retryAfterSeconds">For how long what the task names asked to be left alone.</param>
    public void Add(TaskRecord before, TaskRecord after, AttemptRecord? attempt = null, object? owner = null, bool inPool = true, int retryAfterSeconds = 0)
    {
        change.Add(TaskRank, Table.Tasks, after.ETag is null ? TableWrite.Insert(TaskRow.Write(after)) : TableWrite.Replace(TaskRow.Write(after)), owner);
        if (attempt is not null)
        {
            change.Add(TaskRank, Table.Tasks, TableWrite.Upsert(AttemptRow.Write(after.RunId, attempt)), owner);
            _settled.Add((after, attempt));
        }

        if (after.State.Status == TaskStatus.Exhausted && attempt is null)
            _givenUp.Add(after);
        if (TaskTimes.IsTimed(before.State) || TaskTimes.IsTimed(after.State))
            _timed.Add((after, times.Read()));
        MirrorPool(before, after, inPool);
        MirrorAgent(before, after);
        if (before.Resources.Count > 0 && before.State.Status.IsHeld() && !after.State.Status.IsHeld())
            (_ended ??= []).Add((before, Signal(attempt, retryAfterSeconds)));
        if (before.State is { AgentId: { } agentId } && before.State.Status.IsHeld() && !after.State.Status.IsHeld())
            _freed.Add(agentId);
    }

    /// <summary>
    /// Gives back what the ended attempts used, and lets what became of them count: to be called when all moves are added. Those rows stand
    /// before the tasks': whoever's write wins there, the attempt is over.
    /// </summary>
    /// <returns>To be published once the change stands, and disposed then or when it is given up.</returns>
    public async ValueTask<ResourceUse> SettleResourcesAsync(ResourceBook book)
    {
        if (_ended is null)
            return ResourceUse.None;
        var use = await book.OpenAsync([.. _ended.SelectMany(ended => ended.Task.Resources.Select(name => new ResourceKey(ended.Task.TenantId, name))).Distinct()]);
        foreach (var (task, signal) in _ended)
            use.Settle(task, signal, book.Now);
        use.AddTo(change, book.Now);
        return use;
    }

    /// <summary>To be called once the change stands: tells the dispatcher what may be handed out now and what may not, and who has room for it.</summary>
    public async ValueTask PublishAsync(AgentDesk desk)
    {
        foreach (var (task, decided) in _timed)
            times.Note(task, decided);
        foreach (var taskId in _notReady)
            ready.Remove(taskId);
        if (_ready.Count > 0)
            await ready.AddAsync(_ready);
        foreach (var agentId in _freed)
            desk.Free(agentId);
    }

    /// <summary>To be called once the change stands: counts and traces the attempts that it settles, and says what follows from failures.</summary>
    public void Count(Metrics metrics, ILogger logger)
    {
        foreach (var (task, attempt) in _settled)
        {
            Tracing.Settled(task.TaskId, attempt.Attempt, attempt.Outcome, attempt.ErrorCategory, attempt.Answer, task.AttemptTraceParent);
            metrics.AttemptSettled(task.Type, attempt.Outcome, attempt.ErrorCategory, attempt.Answer, attempt.FinishedAt - attempt.StartedAt, attempt.NextRetryAt > attempt.FinishedAt);
            if (attempt.ErrorCategory is { } category)
                Tell(logger, task, attempt, category);
        }

        foreach (var task in _givenUp)
        {
            metrics.RetriesSpent();
            logger.TaskExhausted(task.TaskId, task.State.RetriesStarted, task.State.Policy.MaxRetries, task.State.LastErrorClass?.WireName() ?? "none");
        }
    }

    // The category says enough: what the agent wrote of the failure may hold what nobody else is to read.
    private static void Tell(ILogger logger, TaskRecord task, AttemptRecord attempt, string category)
    {
        if (task.State.Status == TaskStatus.Exhausted)
            logger.TaskExhausted(task.TaskId, task.State.RetriesGranted, task.State.Policy.MaxRetries, category);
        else if (task.State.Status == TaskStatus.Failed)
            logger.TaskFailed(task.TaskId, attempt.Attempt, category);
        else if (attempt.NextRetryAt is { } next)
            logger.TaskBacksOff(task.TaskId, task.State.RetriesGranted, task.State.Policy.MaxRetries, next, category);
    }

    /// <summary>The record of an attempt that the server itself settles.</summary>
    public static AttemptRecord JudgedByServer(TaskRecord before, TaskState after, DateTimeOffset now) => new(
        before.Name,
        before.State.Attempt,
        before.State.AgentId!,
        before.State.AssignedAt ?? now,
        now,
        after.Status == TaskStatus.Cancelled ? "cancelled" : "failure",
        ByServer: true,
        Answer(after.Status),
        after.LastErrorClass?.WireName(),
        after.LastErrorMessage,
        NextRetryAt: after.NextRetryAt);

    /// <summary>What an agent is told of a settled attempt.</summary>
    public static string Answer(TaskStatus status) => status == TaskStatus.Backoff ? "retry" : status.WireName();

    private static ResourceSignal Signal(AttemptRecord? attempt, int retryAfterSeconds) => attempt switch
    {
        { Outcome: "success" } => new(ResourceEvidence.Worked),
        { Outcome: "failure" } when FailureClasses.TryParse(attempt.ErrorCategory, out var failure) => ResourceSignal.Of(failure, retryAfterSeconds),
        _ => new(ResourceEvidence.None),
    };

    private void MirrorPool(TaskRecord before, TaskRecord after, bool inPool)
    {
        if (before.State.Status == TaskStatus.Ready && after.State.Status != TaskStatus.Ready)
        {
            if (inPool)
                change.Add(MirrorRank, Table.Ready, TableWrite.DeleteIfExists(RowKeys.Pool(before.TenantId), ReadyRow.Key(before.ToOffer())));
            _notReady.Add(before.TaskId);
        }
        else if (after.State.Status == TaskStatus.Ready && before.State.Status != TaskStatus.Ready)
        {
            var offer = after.ToOffer();
            if (arrangement.IsAlone)
                change.Add(PoolRank, Table.Ready, TableWrite.Upsert(ReadyRow.Write(offer)));
            _ready.Add(offer);
        }
    }

    private void MirrorAgent(TaskRecord before, TaskRecord after)
    {
        if (after.State.Status.IsHeld() && before.State.Status.IsHeld())
            return;
        if (after.State.Status.IsHeld())
        {
            change.Add(ReservationRank, Table.Agents, TableWrite.Upsert(HoldingRow.Write(Holding.Of(after))));
        }
        else if (after.State.Status == TaskStatus.Backoff)
        {
            change.Add(MirrorRank, Table.Agents, TableWrite.Upsert(HoldingRow.Write(Holding.Of(after))));
        }
        else if (before.State.AgentId is { } agentId && (before.State.Status.IsHeld() || before.State.Status == TaskStatus.Backoff))
        {
            change.Add(MirrorRank, Table.Agents, TableWrite.DeleteIfExists(agentId, RowKeys.Holding(before.TaskId)));
            if (after.State.Status == TaskStatus.Cancelled)
                change.Add(MirrorRank, Table.Agents, TableWrite.DeleteIfExists(agentId, RowKeys.Cancel(before.TaskId)));
        }
    }
}
