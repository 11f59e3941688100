using Headgate.Core.Agents;
using Headgate.Core.Causes;
using Headgate.Core.Dispatch;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Shared;
using Headgate.TestKit;

namespace Headgate.Azure.Tests.Sharing;

/// <summary>The ready tasks; signals when one is added.</summary>
internal sealed class ReadySignal(TableReadyTasks ready) : IReadyTasks
{
    private readonly SemaphoreSlim _added = new(0);

    public async Task UntilAddedAsync() => Assert.True(await _added.WaitAsync(Patience.Limit), "No task became ready.");

    public async ValueTask AddAsync(IReadOnlyList<TaskOffer> offers)
    {
        await ready.AddAsync(offers);
        _added.Release(offers.Count);
    }

    public ValueTask ReturnAsync(TaskOffer offer) => ready.ReturnAsync(offer);

    public void Remove(string taskId) => ready.Remove(taskId);

    public void Hold(string tenantId, DateTimeOffset? until) => ready.Hold(tenantId, until);

    public void Release(string tenantId) => ready.Release(tenantId);

    public void Hold(ResourceHold hold, DateTimeOffset? until) => ready.Hold(hold, until);

    public void Release(ResourceHold hold, int room) => ready.Release(hold, room);

    public ValueTask<List<TaskOffer>> TakeAsync(AgentOffer agent, AgentLoad load, int max, CancellationToken cancellationToken = default) =>
        ready.TakeAsync(agent, load, max, cancellationToken);

    public Task<TaskOffer?> WaitAsync(AgentOffer agent, AgentLoad load, TimeSpan atMost, CancellationToken cancellationToken) =>
        ready.WaitAsync(agent, load, atMost, cancellationToken);

    public ValueTask<IReadOnlyList<LinePlace?>> PlacesAsync(IReadOnlyList<TaskOffer> tasks, CancellationToken cancellationToken = default) =>
        ready.PlacesAsync(tasks, cancellationToken);

    public ValueTask<ReadyDepth> DepthAsync(CancellationToken cancellationToken = default) => ready.DepthAsync(cancellationToken);

    public ValueTask<IReadOnlyList<TenantBacklog>> BacklogAsync(int most, CancellationToken cancellationToken = default) => ready.BacklogAsync(most, cancellationToken);
}
