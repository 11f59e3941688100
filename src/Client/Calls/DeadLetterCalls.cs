using System.Globalization;
using Headgate.Contracts;
using Headgate.Contracts.Runs;

namespace Headgate.Client.Calls;

/// <summary>Which dead letters; what is null matches all.</summary>
/// <param name="Category">A failure class.</param>
/// <param name="Type">A task type.</param>
/// <param name="Since">Ended then or later.</param>
/// <param name="Until">Ended before then.</param>
public sealed record DeadLetterFilter(string? Category = null, string? Type = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null);

/// <summary>Tasks that failed for good.</summary>
public sealed class DeadLetterCalls
{
    private readonly Wire _wire;

    internal DeadLetterCalls(Wire wire) => _wire = wire;

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<DeadLetterView> ListAsync(string tenantId, DeadLetterFilter? filter = null, CancellationToken cancellationToken = default) =>
        _wire.ListAsync(Wire.Path($"tenants/{tenantId}/dead-letters") + Query(filter), ContractJson.Default.PageDeadLetterView, cancellationToken);

    /// <summary>A new run, through the same gate.</summary>
    public Task<Submission> ReplayAsync(string tenantId, string deadLetterId, CancellationToken cancellationToken = default) =>
        _wire.SubmitAsync(Wire.Request(HttpMethod.Post, Of(tenantId, deadLetterId) + "/replay", null), cancellationToken);

    /// <summary>What <see cref="ReplayAllAsync"/> would replay; nothing is.</summary>
    public Task<ReplayPreview> PreviewReplayAsync(string tenantId, ReplayRequest which, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Many(tenantId), which with { DryRun = true }, ContractJson.Default.ReplayRequest, ContractJson.Default.ReplayPreview, cancellationToken);

    /// <summary>Begins to replay all that match, never over a cap; <see cref="GetReplayAsync"/> tells how far it has come.</summary>
    public Task<ReplayAccepted> ReplayAllAsync(string tenantId, ReplayRequest which, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Post, Many(tenantId), which with { DryRun = null }, ContractJson.Default.ReplayRequest, ContractJson.Default.ReplayAccepted, cancellationToken);

    public Task<ReplayView> GetReplayAsync(string tenantId, string replayId, CancellationToken cancellationToken = default) =>
        _wire.GetAsync(Wire.Path($"tenants/{tenantId}/dead-letters/replays/{replayId}"), ContractJson.Default.ReplayView, cancellationToken);

    /// <summary>Takes a letter away; its run is not tried again.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="deadLetterId">Which.</param>
    /// <param name="reason">For the audit.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task DismissAsync(string tenantId, string deadLetterId, string? reason = null, CancellationToken cancellationToken = default) =>
        _wire.SendAsync(HttpMethod.Delete, Of(tenantId, deadLetterId), reason is null ? null : TenantCalls.Bytes(TenantCalls.Reason(reason)), cancellationToken);

    private static string Query(DeadLetterFilter? filter)
    {
        var parts = new List<string>(4);
        Add(parts, "category", filter?.Category);
        Add(parts, "type", filter?.Type);
        Add(parts, "since", Text(filter?.Since));
        Add(parts, "until", Text(filter?.Until));
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private static void Add(List<string> parts, string name, string? value)
    {
        if (value is not null)
            parts.Add($"{name}={Uri.EscapeDataString(value)}");
    }

    private static string? Text(DateTimeOffset? at) => at?.ToUniversalTime().ToString(MillisecondTime.Format, CultureInfo.InvariantCulture);

    private static string Many(string tenantId) => Wire.Path($"tenants/{tenantId}/dead-letters/replay");

    private static string Of(string tenantId, string deadLetterId) => Wire.Path($"tenants/{tenantId}/dead-letters/{deadLetterId}");
}
