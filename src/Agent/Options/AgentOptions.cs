using Headgate.Agent.Attempts;
using Headgate.Agent.Quotas;

namespace Headgate.Agent.Options;

/// <summary>What the owner of this machine decided, checked. Paths are absolute. Holds no secret.</summary>
/// <param name="Tenant">Null: the agent is shared by all tenants.</param>
/// <param name="Capabilities">Task types, and whether a shared agent may take them.</param>
internal sealed record AgentOptions(
    Uri Service,
    string KeyFile,
    string? AgentId,
    string Name,
    string? Tenant,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, bool> Capabilities,
    Limits Limits,
    IReadOnlyList<string> AllowedPrograms,
    IReadOnlyList<string> AllowedPaths,
    ChildEnvironmentOptions Environment,
    string StateDirectory,
    string WorkDirectory,
    int OutputLimitBytes,
    TimeSpan Heartbeat,
    int ClaimWaitSeconds,
    TimeSpan RequestTimeout,
    TimeSpan StopGrace)
{
    public const string DebianRestic = "/usr/bin/restic";

    public Quota Quota { get; init; } = Quota.Unlimited;

    /// <summary>Fewer slots while the machine is under pressure.</summary>
    public bool IsAdaptive { get; init; }

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, Repository> Repositories { get; init; } = new Dictionary<string, Repository>();

    public string ResticProgram { get; init; } = DebianRestic;

    /// <summary>The types it takes as what it is: a shared agent only those marked so.</summary>
    public IReadOnlyList<string> TakenTypes => [.. Capabilities.Where(c => Tenant is not null || c.Value).Select(c => c.Key).Order(StringComparer.Ordinal)];
}

/// <param name="Pass">Names inherited from the agent's own environment.</param>
/// <param name="Set">Fixed values; they win over inherited ones.</param>
/// <param name="FromTask">Names that a payload may give values to; these win over both.</param>
internal sealed record ChildEnvironmentOptions(IReadOnlyList<string> Pass, IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> FromTask);
