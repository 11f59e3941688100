using System.Runtime.InteropServices;
using Headgate.Core.Dispatch;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Tasks.Resources;

/// <summary>
/// Lets changes go by the resources that their tasks name. Within the process one change at a time reads a resource and writes what rests on
/// that; between processes the ETag of the resource's row decides. Tasks that name none cost nothing. Safe for concurrent use.
/// </summary>
public sealed class ResourceBook(
    ITableStore tables,
    ResourceReader reader,
    RunReader runs,
    IReadyTasks ready,
    HeadgateOptions options,
    TimeProvider clock,
    Metrics metrics,
    ILogger<ResourceBook> logger)
{
    private const int RaceTries = 8;
    private const int ReadsAtOnce = 32;

    /// <summary>Names share turns: which do is chance.</summary>
    private const int Turns = 64;

    /// <summary>Of more than this the times of the last looks are given up.</summary>
    private const int MaxLooks = 1000;

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly Lock _lock = new();
    private readonly Dictionary<ResourceKey, long> _looks = [];

    /// <summary>The time as resources keep it: in whole milliseconds.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Takes the turns of all that the tasks name, and reads them.</summary>
    /// <returns>To be disposed once the change is written, or given up.</returns>
    public ValueTask<ResourceUse> OpenAsync(IReadOnlyList<TaskOffer> offers)
    {
        HashSet<ResourceKey>? keys = null;
        for (var i = 0; i < offers.Count; i++)
        {
            for (var name = 0; name < offers[i].Resources.Count; name++)
                (keys ??= []).Add(new(offers[i].TenantId, offers[i].Resources[name]));
        }

        return keys is null ? ValueTask.FromResult(ResourceUse.None) : OpenAsync(keys);
    }

    /// <summary>As above, for resources by their keys.</summary>
    public async ValueTask<ResourceUse> OpenAsync(IReadOnlyCollection<ResourceKey> keys)
    {
        var turns = keys.Select(TurnOf).Distinct().Order().ToList();
        foreach (var turn in turns)
            await _turns[turn].WaitAsync();
        try
        {
            var resources = new Dictionary<ResourceKey, StoredResource>(keys.Count);
            foreach (var some in keys.Chunk(ReadsAtOnce))
            {
                var read = await Task.WhenAll(some.Select(key => reader.ReadAsync(key.TenantId, key.Name).AsTask()));
                for (var i = 0; i < read.Length; i++)
                    resources[some[i]] = read[i];
            }

            return new ResourceUse(resources, ready, metrics, logger, () => Leave(turns));
        }
        catch
        {
            Leave(turns);
            throw;
        }
    }

    /// <summary>
    /// Where a resource is full, or probed, for longer than the patience: drops whoever uses it without holding their task, left behind by a
    /// hand-out that was cut short. Looks once within the patience.
    /// </summary>
    public async ValueTask DropUnconfirmedAsync(ResourceUse use, ResourceKey key, DateTimeOffset now)
    {
        var resource = use[key];
        var hasOld = resource.Users.Any(user => IsOld(user.At, now)) || (resource is { Probe: not null, Since: { } probed } && IsOld(probed, now));
        if (!hasOld || !MayLook(key))
            return;
        foreach (var user in resource.Users)
        {
            if (IsOld(user.At, now) && !await IsHeldAsync(user.Attempt))
                use.Forget(key, user.Attempt, user.At, now);
        }

        if (resource is { Probe: { } probe, Since: { } since } && IsOld(since, now) && !await IsHeldAsync(probe))
            use.Forget(key, probe, since, now);
    }

    /// <summary>Undoes what stands of admissions whose hand-out came to nothing. What can't be undone now is found once the resource is full.</summary>
    public async ValueTask ForgetAsync(IReadOnlyList<(TaskRecord Task, int Attempt)> admitted, DateTimeOffset at)
    {
        var keys = admitted.SelectMany(entry => entry.Task.Resources.Select(name => new ResourceKey(entry.Task.TenantId, name))).ToHashSet();
        if (keys.Count == 0)
            return;
        await ChangeAsync(keys, use =>
        {
            foreach (var (task, attempt) in admitted)
            {
                foreach (var name in task.Resources)
                    use.Forget(new(task.TenantId, name), new(task.TaskId, attempt), at, Now);
            }
        });
    }

    /// <summary>Changes one resource.</summary>
    /// <param name="decide">The resource after it; may be asked several times. The same object: nothing is written.</param>
    /// <param name="following">What else is written, in other partitions, where the resource changes.</param>
    /// <returns>As it stands then; null where other processes kept changing it.</returns>
    public async ValueTask<StoredResource?> ChangeAsync(ResourceKey key, Func<Resource, Resource> decide, Func<TableBatch>? following = null) =>
        await ChangeAsync([key], use => use.Put(key, decide(use[key])), following) is { } use ? use.Stored(key) : null;

    private async ValueTask<ResourceUse?> ChangeAsync(IReadOnlyCollection<ResourceKey> keys, Action<ResourceUse> decide, Func<TableBatch>? following = null)
    {
        for (var tries = 0; tries < RaceTries; tries++)
        {
            using var use = await OpenAsync(keys);
            decide(use);
            var change = new ChangeBuilder();
            use.AddTo(change, Now);
            if (change.IsEmpty)
                return use;
            var batches = change.Batches();
            if (following is not null)
                batches.Add(following());
            if (!(await tables.SubmitAsync(new TableChange(batches, []), CancellationToken.None)).Succeeded)
                continue;
            use.Publish(Now);
            return use;
        }

        return null;
    }

    private static int TurnOf(ResourceKey key) => (int)((uint)key.GetHashCode() % Turns);

    private void Leave(List<int> turns)
    {
        foreach (var turn in turns)
            _turns[turn].Release();
    }

    private bool MayLook(ResourceKey key)
    {
        lock (_lock)
        {
            if (_looks.TryGetValue(key, out var last) && clock.GetElapsedTime(last) < options.Repair.Patience)
                return false;
            if (_looks.Count >= MaxLooks)
                _looks.Clear();
            _looks[key] = clock.GetTimestamp();
            return true;
        }
    }

    // A time from the future says nothing: the clock was set back.
    private bool IsOld(DateTimeOffset at, DateTimeOffset now) => now - at >= options.Repair.Patience || RunAdvance.IsFromTheFuture(at, now);

    private async ValueTask<bool> IsHeldAsync(ResourceAttempt attempt) =>
        await runs.TaskAsync(attempt.TaskId) is { } task && task.State.Status.IsHeld() && task.State.Attempt == attempt.Attempt;
}

/// <summary>A tenant's resource.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ResourceKey(string TenantId, string Name);
