using System.Runtime.CompilerServices;
using Headgate.Core.Runs;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Runs;

namespace Headgate.Functions.Api.Events;

/// <summary>A run and its tasks as callers see them.</summary>
public sealed class WholeRuns(RunReader runs, SurroundingsReader surroundings, WaitQueue queue, TimeProvider clock)
{
    /// <returns>Null if there is no such run.</returns>
    internal async ValueTask<(RunRecord Run, IReadOnlyList<ViewEvent> Views)?> ReadAsync(string tenantId, string runId, CancellationToken cancellationToken)
    {
        if (await runs.RunAsync(tenantId, runId, cancellationToken) is not { } run)
            return null;
        var tasks = await runs.AllAsync(runId, cancellationToken);
        var around = run.Status.IsFinished() ? Surroundings.None : await surroundings.OfAsync(tenantId, tasks.Tasks, cancellationToken);
        var place = run.Status == RunStatus.Queued ? await queue.PlaceOfAsync(tenantId, runId, cancellationToken) : null;
        return (run, [.. ViewEvent.Of(run, RunViews.Whole(run, tasks, clock.GetUtcNow(), around, place))]);
    }
}

/// <summary>One run and its tasks. It is over when the run is finished, or gone.</summary>
internal sealed class RunFeed(WholeRuns whole, RowChanges.Listener changes, string tenantId, string runId) : EventFeed
{
    public override string Position => State.ToString("x16", null);

    public override IAsyncEnumerable<ViewEvent> FirstAsync(string? since, CancellationToken cancellationToken) => NextAsync(cancellationToken);

    public override async IAsyncEnumerable<ViewEvent> NextAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Before it is read: what comes meanwhile is looked at again.
        changes.Take(1);
        if (await whole.ReadAsync(tenantId, runId, cancellationToken) is not { } read)
        {
            IsOver = true;
            yield break;
        }

        foreach (var view in read.Views)
            yield return view;
        IsOver = read.Run.Status.IsFinished();
    }
}
