using System.Collections.Immutable;
using Headgate.Core.Identity;
using Headgate.Ports;

namespace Headgate.Functions.Stores;

/// <summary>
/// Tells who listens which tenants and runs this process' writes touch. A write costs nothing more while nobody listens. What other processes
/// write, it doesn't hear of.
/// </summary>
public sealed class RowChanges(TimeProvider clock)
{
    private ImmutableArray<Listener> _listeners = [];

    public bool HasListeners => !_listeners.IsEmpty;

    /// <summary>To be disposed when nobody listens any more.</summary>
    /// <param name="tenantId">Whose changes.</param>
    /// <param name="runId">Of one run alone; null: of the tenant and all its runs that are written from now on, or are added.</param>
    public Listener Listen(string tenantId, string? runId)
    {
        var listener = new Listener(this, tenantId, runId, clock);
        ImmutableInterlocked.Update(ref _listeners, all => all.Add(listener));
        return listener;
    }

    public void Tell(TableChange change)
    {
        foreach (var listener in _listeners)
            listener.Tell(change);
    }

    /// <summary>What was touched since it was last taken. Safe for concurrent use; one waits at a time.</summary>
    public sealed class Listener : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly RowChanges _all;
        private readonly string _tenantId;
        private readonly bool _onlyOne;
        private readonly TimeProvider _clock;
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);
        private readonly HashSet<string> _runs = new(StringComparer.Ordinal);
        private bool _tenant;
        private TaskCompletionSource _touched = NewSignal();

        internal Listener(RowChanges all, string tenantId, string? runId, TimeProvider clock)
        {
            (_all, _tenantId, _onlyOne, _clock) = (all, tenantId, runId is not null, clock);
            if (runId is not null)
                _known.Add(runId);
        }

        /// <summary>The tenant's runs whose tasks count from now on.</summary>
        public void Add(IEnumerable<string> runIds)
        {
            lock (_lock)
                _known.UnionWith(runIds);
        }

        /// <summary>The run is over, or gone: nothing more comes of it.</summary>
        public void Remove(string runId)
        {
            lock (_lock)
                _known.Remove(runId);
        }

        /// <summary>Whether something was touched before the time was up.</summary>
        public async Task<bool> WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
        {
            Task touched;
            lock (_lock)
                touched = _touched.Task;
            try
            {
                await touched.WaitAsync(longest, _clock, cancellationToken);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        /// <param name="most">Of runs; the others are taken the next time.</param>
        /// <returns>Whether the tenant's own rows were touched, and which of its runs.</returns>
        public (bool Tenant, IReadOnlyCollection<string> Runs) Take(int most)
        {
            lock (_lock)
            {
                var (tenant, runs) = (_tenant, _runs.Take(most).ToList());
                _tenant = false;
                _runs.ExceptWith(runs);
                if (_runs.Count == 0 && _touched.Task.IsCompleted)
                    _touched = NewSignal();
                return (tenant, runs);
            }
        }

        public void Dispose() => ImmutableInterlocked.Update(ref _all._listeners, all => all.Remove(this));

        internal void Tell(TableChange change)
        {
            lock (_lock)
            {
                var touched = false;
                foreach (var batch in change.Batches)
                    touched |= Touches(batch);
                if (touched)
                    _touched.TrySetResult();
            }
        }

        private bool Touches(TableBatch batch)
        {
            var partition = batch.Writes[0].Row.PartitionKey;
            return batch.Table switch
            {
                Table.Tenants when partition == _tenantId => TouchesTenant(batch.Writes),
                Table.Tasks => TouchesRun(partition),
                Table.Agents => TouchesHeld(batch.Writes),
                _ => false,
            };
        }

        private bool TouchesTenant(IReadOnlyList<TableWrite> writes)
        {
            var touched = false;
            foreach (var write in writes)
            {
                if (write.Row.RowKey.StartsWith(RowKeys.RunPrefix, StringComparison.Ordinal))
                    touched |= TouchesRunRow(write.Row.RowKey[RowKeys.RunPrefix.Length..]);
                else if (!_onlyOne && write.Row.RowKey.StartsWith(RowKeys.TenantStatePrefix, StringComparison.Ordinal))
                    touched = _tenant = true;
            }

            return touched;
        }

        private bool TouchesRunRow(string runId)
        {
            if (!_onlyOne)
                _known.Add(runId);
            return TouchesRun(runId);
        }

        private bool TouchesHeld(IReadOnlyList<TableWrite> writes)
        {
            var touched = false;
            foreach (var write in writes)
            {
                if (write.Row.RowKey.StartsWith(RowKeys.HoldingPrefix, StringComparison.Ordinal)
                    && TaskId.TryParse(write.Row.RowKey[RowKeys.HoldingPrefix.Length..], out var runId, out _))
                {
                    touched |= TouchesRun(runId);
                }
            }

            return touched;
        }

        private bool TouchesRun(string runId)
        {
            if (!_known.Contains(runId))
                return false;
            _runs.Add(runId);
            return true;
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Tables whose changes are told to who listens, once they are applied.</summary>
public sealed class ToldTables(ITableStore tables, RowChanges changes) : ITableStore
{
    public ValueTask<TableRow?> GetAsync(Table table, string partitionKey, string rowKey, CancellationToken cancellationToken = default) =>
        tables.GetAsync(table, partitionKey, rowKey, cancellationToken);

    public ValueTask<TablePage> QueryAsync(TableQuery query, CancellationToken cancellationToken = default) => tables.QueryAsync(query, cancellationToken);

    public ValueTask<ChangeOutcome> SubmitAsync(TableChange change, CancellationToken cancellationToken = default) =>
        changes.HasListeners ? SubmitAndTellAsync(change, cancellationToken) : tables.SubmitAsync(change, cancellationToken);

    private async ValueTask<ChangeOutcome> SubmitAndTellAsync(TableChange change, CancellationToken cancellationToken)
    {
        var outcome = await tables.SubmitAsync(change, cancellationToken);
        if (outcome.AppliedBatches > 0)
            changes.Tell(change);
        return outcome;
    }
}
