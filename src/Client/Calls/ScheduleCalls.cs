using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Client.Calls;

/// <summary>Runs that a tenant submits again and again.</summary>
public sealed class ScheduleCalls
{
    private readonly Wire _wire;

    internal ScheduleCalls(Wire wire) => _wire = wire;

    /// <summary>Without their runs.</summary>
    public IAsyncEnumerable<ScheduleView> ListAsync(string tenantId, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Wire.Path($"tenants/{tenantId}/schedules"), ContractJson.Default.PageScheduleView, cancellationToken);

    public Task<ScheduleView> GetAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Of(tenantId, name), ContractJson.Default.ScheduleView, cancellationToken);

    /// <summary>Makes a schedule, or puts this one in its place.</summary>
    public Task<ScheduleView> PutAsync(string tenantId, string name, ScheduleRequest schedule, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Put, Of(tenantId, name), schedule, ContractJson.Default.ScheduleRequest, ContractJson.Default.ScheduleView, cancellationToken);

    /// <summary>As above, for a schedule that stands as JSON in a file.</summary>
    public Task<ScheduleView> PutAsync(string tenantId, string name, ReadOnlyMemory<byte> scheduleJson, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Put, Of(tenantId, name), scheduleJson.ToArray(), ContractJson.Default.ScheduleView, cancellationToken);

    /// <summary>Its runs go on.</summary>
    public Task DeleteAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Delete, Of(tenantId, name), null, cancellationToken);

    /// <summary>Submits its run now, through the same gate.</summary>
    public Task<Submission> TriggerAsync(string tenantId, string name, CancellationToken cancellationToken = default) =>
        _wire.SubmitAsync(Wire.Request(HttpMethod.Post, Of(tenantId, name) + "/trigger", null), cancellationToken);

    private static string Of(string tenantId, string name) => Wire.Path($"tenants/{tenantId}/schedules/{name}");
}
