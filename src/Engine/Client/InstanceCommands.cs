using Headgate.Engine.History;
using Headgate.Engine.Instances;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Client;

/// <summary>The client's commands to instances. When a command returns it is in the log, but not yet on disk.</summary>
internal sealed class InstanceCommands(EngineCore core)
{
    /// <exception cref="ArgumentException">The dedupe statuses are unknown or contradict each other.</exception>
    /// <exception cref="InstanceExistsException">An instance with this id has one of the dedupe statuses.</exception>
    public void Start(string id, string name, string? input, StartOrchestrationOptions? options)
    {
        var kept = KeptStatuses.Of(options?.DedupeStatuses);
        var instance = core.Instances.Pin(id);
        try
        {
            while (!TryStart(instance, kept, name, input, options))
            {
                // The instance got another parent meanwhile; try again with that one pinned.
            }
        }
        finally
        {
            lock (core.Gate)
                core.Instances.Unpin(instance);
        }
    }

    /// <summary>Raises an event; dropped if the instance is not live.</summary>
    public void Raise(string id, string name, string? payload) => Send(id, number => new EventRaised(number, name, payload));

    public void Suspend(string id) => Send(id, _ => new SuspendAsked());

    public void Resume(string id) => Send(id, _ => new ResumeAsked());

    public void Terminate(string id, string? output, bool recursive) => Send(id, _ => new TerminateAsked(output, recursive));

    /// <summary>Deletes an ended instance and, if recursive, its ended sub-orchestrations.</summary>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public int Purge(string id, bool recursive)
    {
        var instance = core.Instances.Pin(id);
        try
        {
            var children = recursive && instance.Row is { Ended: true } ? Children(id) : [];
            lock (core.Gate)
            {
                if (instance.Row is not { } row)
                    return 0;
                if (!row.Ended)
                    throw new InvalidOperationException($"The orchestration '{id}' is {row.Status}; only one that has ended can be purged.");
                core.Append(new InstanceWrite(instance).Delete());
                instance.Row = null;
            }

            return 1 + children.Sum(child => core.Instances.RowOf(child) is { Ended: true } ? Purge(child, recursive) : 0);
        }
        finally
        {
            lock (core.Gate)
                core.Instances.Unpin(instance);
        }
    }

    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    public async Task<InstanceRow> WaitAsync(string id, bool forEnd, CancellationToken cancellation)
    {
        var wait = new StatusWait(forEnd);
        var instance = core.Instances.Pin(id);
        try
        {
            lock (core.Gate)
            {
                if (instance.Row is not { } row)
                    throw new InvalidOperationException($"There is no orchestration '{id}'.");
                if (wait.Matches(row))
                    return row;
                (instance.Waits ??= []).Add(wait);
            }

            return await wait.Task.WaitAsync(cancellation);
        }
        finally
        {
            lock (core.Gate)
            {
                if (instance.Waits?.Remove(wait) == true && instance.Waits.Count == 0)
                    instance.Waits = null;
                core.Instances.Unpin(instance);
            }
        }
    }

    /// <returns>False if the instance got another parent before its parent was pinned.</returns>
    private bool TryStart(Instance instance, OrchestrationRuntimeStatus[] kept, string name, string? input, StartOrchestrationOptions? options)
    {
        string? parentId;
        lock (core.Gate)
            parentId = ParentId(instance);
        var parent = parentId is null ? null : core.Instances.Pin(parentId);
        lock (core.Gate)
        {
            try
            {
                if (ParentId(instance) != parentId)
                    return false;
                if (instance.Row is { } there && kept.Contains(there.Status))
                    throw new InstanceExistsException($"An orchestration with instance id '{there.Id}' exists and is {there.Status}.");
                Begin(instance, parent, name, input, options);
                return true;
            }
            finally
            {
                if (parent is not null)
                    core.Instances.Unpin(parent);
            }
        }
    }

    /// <summary>The parent that waits for the instance; null if none.</summary>
    private static string? ParentId(Instance instance) => instance.Live ? instance.Row!.Parent?.InstanceId : null;

    private void Begin(Instance instance, Instance? parent, string name, string? input, StartOrchestrationOptions? options)
    {
        var now = core.Now;
        var later = core.Ahead(options?.StartAt)?.UtcTicks;
        var row = new InstanceRow
        {
            Id = instance.Id,
            Name = name,
            Execution = core.NextNumber(),
            Status = OrchestrationRuntimeStatus.Pending,
            Created = now,
            Updated = now,
            Input = input,
            Tags = options?.Tags,
            Due = later ?? InstanceRow.AtOnce,
        };
        var write = new InstanceWrite(instance).Start(row, replaces: instance.Row is not null);
        var answer = parent is { Live: true } && instance.Row!.Parent is { } link && parent.Row!.Execution == link.Execution
            ? new InboxItem(core.NextNumber(), link.Execution, new TaskFailed(link.TaskId, Failures.Terminated(instance.Row.Name, instance.Row.Id)))
            : (InboxItem?)null;
        if (answer is { } failure)
            write.Send(parent!, failure);
        core.Append(write);
        if (answer is { } delivered)
            core.Deliver(parent!, delivered);
        instance.Begin(row);
        core.WakeAt(instance, later);
        if (later is null)
            core.Schedule(instance);
    }

    private void Send(string id, Func<long, HistoryEvent> make)
    {
        var instance = core.Instances.Pin(id);
        lock (core.Gate)
        {
            try
            {
                if (!instance.Live)
                    return;
                var number = core.NextNumber();
                var item = new InboxItem(number, 0, make(number));
                core.Append(new InstanceWrite(instance).Send(instance, item));
                core.Deliver(instance, item);
            }
            finally
            {
                core.Instances.Unpin(instance);
            }
        }
    }

    private List<string> Children(string id) =>
        [.. Generation.Read(core.Reader, id).Events.OfType<SubOrchestrationScheduled>().Select(call => call.InstanceId)];
}
