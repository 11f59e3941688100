using Headgate.Contracts;
using Headgate.Core.Dispatch;
using Headgate.Core.Tenants;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using TaskStatus = Headgate.Core.Runs.TaskStatus;

namespace Headgate.Functions.Api.Runs;

/// <summary>What lies outside a run's own rows and is shown with its tasks.</summary>
/// <param name="Tenant">The tenant's status.</param>
/// <param name="Agents">All agents, to tell what a ready task waits for; null if none is ready.</param>
/// <param name="KeptBack">Of ready tasks, by id, the resource that keeps each back; null if none does.</param>
/// <param name="Progress">Of tasks that agents hold, by id.</param>
public sealed record Surroundings(
    TenantStatus? Tenant,
    IReadOnlyList<AgentProfile>? Agents,
    IReadOnlyDictionary<string, string>? KeptBack,
    IReadOnlyDictionary<string, TaskProgress>? Progress)
{
    /// <summary>Of a run that has ended, or has just been admitted.</summary>
    public static Surroundings None { get; } = new(null, null, null, null);
}

/// <summary>Reads what is shown with tasks. Each part costs reads only if one of the tasks needs it.</summary>
public sealed class SurroundingsReader(TenantReader tenants, ResourceReader resources, AgentReader agents, Fleet fleet, TimeProvider clock)
{
    /// <param name="tenantId">Whose tasks.</param>
    /// <param name="tasks">Of one run.</param>
    public async ValueTask<Surroundings> OfAsync(string tenantId, IReadOnlyList<TaskRecord> tasks, CancellationToken cancellationToken) => new(
        await tenants.StatusAsync(tenantId, cancellationToken),
        tasks.Any(task => task.State.Status == TaskStatus.Ready) ? (await fleet.LookAsync(cancellationToken)).Agents : null,
        await resources.KeptBackAsync(tasks, clock.GetUtcNow(), cancellationToken),
        await agents.ProgressAsync(tasks, cancellationToken));
}
