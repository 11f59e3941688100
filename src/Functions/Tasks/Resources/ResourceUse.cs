using Headgate.Core.Dispatch;
using Headgate.Core.Resources;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Tasks.Resources;

/// <summary>The resources that one change touches: as they were read, and as they will be. Not safe for concurrent use.</summary>
public sealed class ResourceUse : IDisposable
{
    private readonly Dictionary<ResourceKey, StoredResource> _stored;
    private readonly Dictionary<ResourceKey, Resource> _now = [];
    private readonly IReadyTasks? _ready;
    private readonly Metrics? _metrics;
    private readonly ILogger? _logger;
    private Action? _leave;

    internal ResourceUse(Dictionary<ResourceKey, StoredResource> stored, IReadyTasks? ready, Metrics? metrics, ILogger? logger, Action? leave) =>
        (_stored, _ready, _metrics, _logger, _leave) = (stored, ready, metrics, logger, leave);

    /// <summary>Of a change whose tasks name none.</summary>
    public static ResourceUse None { get; } = new([], null, null, null, null);

    /// <summary>As it will be.</summary>
    public Resource this[ResourceKey key] => _now.GetValueOrDefault(key) ?? _stored[key].Resource;

    /// <summary>As it was read; as it will be, once that is written.</summary>
    public StoredResource Stored(ResourceKey key) => _stored[key] with { Resource = this[key] };

    /// <summary>What keeps a task back now; null where nothing does.</summary>
    public (ResourceKey Key, ResourceAdmission.KeptBack Why)? Hindrance(TaskOffer offer, DateTimeOffset now)
    {
        for (var i = 0; i < offer.Resources.Count; i++)
        {
            var key = new ResourceKey(offer.TenantId, offer.Resources[i]);
            if (this[key].Hindrance(offer.Type, now) is { } why)
                return (key, why);
        }

        return null;
    }

    /// <summary>Lets a task's attempt into all that it names. Nothing may keep it back.</summary>
    public void Admit(TaskRecord task, int attempt, DateTimeOffset now)
    {
        for (var i = 0; i < task.Resources.Count; i++)
        {
            var key = new ResourceKey(task.TenantId, task.Resources[i]);
            if (this[key].Admit(new(task.TaskId, attempt), task.Type, now) is not ResourceAdmission.Admitted admitted)
                throw new InvalidOperationException($"Task '{task.TaskId}' is kept back by '{key.Name}'.");
            Put(key, admitted.After);
        }
    }

    /// <summary>The task's attempt has ended.</summary>
    public void Settle(TaskRecord task, ResourceSignal signal, DateTimeOffset now)
    {
        foreach (var name in task.Resources)
        {
            var key = new ResourceKey(task.TenantId, name);
            Put(key, this[key].Settle(new(task.TaskId, task.State.Attempt), signal, now));
        }
    }

    public void Forget(ResourceKey key, ResourceAttempt attempt, DateTimeOffset at, DateTimeOffset now) => Put(key, this[key].Forget(attempt, at, now));

    public void Put(ResourceKey key, Resource after)
    {
        if (!ReferenceEquals(after, this[key]))
            _now[key] = after;
    }

    /// <summary>Adds the rows that change. They stand before all else: a change that is cut short leaves no task in use that no row counts.</summary>
    public void AddTo(ChangeBuilder change, DateTimeOffset now)
    {
        foreach (var (key, after) in _now)
        {
            if (_stored[key].ChangeTo(after, now) is not { } write)
                continue;
            var (wasHeld, isHeld) = (_stored[key].Resource.Phase == ResourcePhase.Held, after.Phase == ResourcePhase.Held);
            if (isHeld && !wasHeld)
                change.Add(TaskMoves.ResourceRank - 1, Table.Tenants, HeldResources.Listed(key.TenantId, key.Name, now));
            change.Add(TaskMoves.ResourceRank, Table.Tenants, write, owner: this);
            if (wasHeld && !isHeld)
                change.Add(TaskMoves.MirrorRank, Table.Tenants, HeldResources.Unlisted(key.TenantId, key.Name));
        }
    }

    /// <summary>To be called once the change stands: tells who is ready how much room there is, and people what happened.</summary>
    public void Publish(DateTimeOffset now)
    {
        foreach (var (key, after) in _now)
        {
            Tell(key, _stored[key].Resource, after);
            Offer(key, after, null, now);
            foreach (var type in after.Rules.TypeLimits.Keys.Union(_stored[key].Resource.Rules.TypeLimits.Keys))
                Offer(key, after, type, now);
        }
    }

    /// <summary>To be called if the change came to nothing: what nothing but it kept back may go.</summary>
    public void Undo(DateTimeOffset now)
    {
        foreach (var key in _now.Keys)
        {
            var before = _stored[key].Resource;
            Offer(key, before, null, now);
            foreach (var type in before.Rules.TypeLimits.Keys)
                Offer(key, before, type, now);
        }
    }

    public void Dispose()
    {
        _leave?.Invoke();
        _leave = null;
    }

    private void Offer(ResourceKey key, Resource after, string? type, DateTimeOffset now)
    {
        var room = after.Room(type, now);
        if (room > 0)
            _ready!.Release(new ResourceHold(key.TenantId, key.Name, type), room);
        else
            _ready!.Hold(new ResourceHold(key.TenantId, key.Name, type), after.Until);
    }

    private void Tell(ResourceKey key, Resource before, Resource after)
    {
        if (before.Phase == after.Phase)
            return;
        _logger!.ResourceMoved(key.Name, key.TenantId, after.Phase.WireName(), after.Reason ?? "it is well");
        _metrics!.ResourceMoved(after.Phase.WireName());
    }
}
