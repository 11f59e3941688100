using System.Globalization;
using System.Runtime.CompilerServices;
using Headgate.Contracts;
using Headgate.Core.Runs;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Api.Tenants;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Ports;

namespace Headgate.Functions.Api.Events;

/// <summary>
/// A tenant and its runs. It begins with the tenant, its live runs and the newest others, and for a caller that comes back those that
/// ended since; tasks follow as they change.
/// </summary>
internal sealed class TenantFeed(TenantReader tenants, ITableStore tables, WholeRuns whole, RowChanges.Listener changes, bool hearsAll, TimeProvider clock, string tenantId)
    : EventFeed
{
    private const int MaxNewest = 1000;
    private const int NewestEnded = 25;
    private const int MaxLive = 1000;

    /// <summary>More that changed wait for the next look.</summary>
    private const int MaxLookedAt = 100;

    /// <summary>A look that must ask after tasks reads no more runs.</summary>
    private const int MaxAsked = 50;

    // A clock that differs from another process' by less loses nothing.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    private DateTimeOffset _lookedAt;

    public override string Position => _lookedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    public override async IAsyncEnumerable<ViewEvent> FirstAsync(string? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _lookedAt = clock.GetUtcNow();
        await foreach (var view in TenantAsync(cancellationToken))
            yield return view;
        var live = await LiveAsync(cancellationToken);
        var others = live.ToHashSet(StringComparer.Ordinal);
        changes.Add(live);
        foreach (var run in await NewestAsync(SinceOf(since), live, cancellationToken))
        {
            others.Remove(run.RunId);
            yield return Summary(run);
        }

        foreach (var runId in others)
        {
            if (await tables.GetAsync(Table.Tenants, tenantId, RowKeys.Run(runId), cancellationToken) is { } row)
                yield return Summary(new RunRecord(row));
        }
    }

    public override async IAsyncEnumerable<ViewEvent> NextAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _lookedAt = clock.GetUtcNow();
        var (tenant, touched) = changes.Take(MaxLookedAt);
        if (tenant || !hearsAll)
        {
            await foreach (var view in TenantAsync(cancellationToken))
                yield return view;
        }

        foreach (var runId in hearsAll ? touched : touched.Union(await AskedAsync(cancellationToken), StringComparer.Ordinal))
        {
            if (await whole.ReadAsync(tenantId, runId, cancellationToken) is not { } read)
            {
                changes.Remove(runId);
                continue;
            }

            foreach (var view in read.Views)
                yield return view;
            if (read.Run.Status.IsFinished())
            {
                _asked.Remove(runId);
                Leave(read.Views, runId);
            }
        }
    }

    private HashSet<string> _asked = [];

    // Who doesn't hear of what others write asks after the live runs, and once more after those that were.
    private async ValueTask<IEnumerable<string>> AskedAsync(CancellationToken cancellationToken)
    {
        var before = _asked;
        _asked = (await LiveAsync(cancellationToken)).Take(MaxAsked).ToHashSet(StringComparer.Ordinal);
        return _asked.Union(before, StringComparer.Ordinal);
    }

    private void Leave(IReadOnlyList<ViewEvent> views, string runId)
    {
        changes.Remove(runId);
        foreach (var view in views)
            Forget(view.Kind, view.Key);
    }

    private async IAsyncEnumerable<ViewEvent> TenantAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await tenants.ReadAsync(tenantId, cancellationToken) is { } tenant)
            yield return ViewEvent.Of("tenant", tenantId, TenantReplies.View(tenant, _lookedAt), ContractJson.Default.TenantView);
        else
            IsOver = true;
    }

    private async ValueTask<List<string>> LiveAsync(CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.LivePrefix, MaxLive), cancellationToken);
        return [.. page.Rows.Select(LiveRow.RunIdOf)];
    }

    private async ValueTask<IEnumerable<RunRecord>> NewestAsync(DateTimeOffset? since, List<string> live, CancellationToken cancellationToken)
    {
        var page = await tables.QueryAsync(
            TableQuery.Prefix(Table.Tenants, tenantId, RowKeys.RunPrefix, since is null ? NewestEnded : MaxNewest), cancellationToken);
        return page.Rows
            .Select(row => new RunRecord(row))
            .Where((run, index) => index < NewestEnded || run.FinishedAt >= since || live.Contains(run.RunId, StringComparer.Ordinal));
    }

    private static DateTimeOffset? SinceOf(string? position) =>
        long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) - Overlap
                : null;

    private static ViewEvent Summary(RunRecord run) => ViewEvent.Of("run", run.RunId, RunViews.Summary(run), ContractJson.Default.RunView);
}
