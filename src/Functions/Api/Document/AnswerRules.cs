using System.Text.Json.Nodes;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Causes;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Core.Tenants;

namespace Headgate.Functions.Api.Document;

/// <summary>The few words that a field of an answer can be. The tests of the contract hold every answer that they get to them.</summary>
internal static class AnswerRules
{
    private static readonly JsonObject s_agentState = FieldRule.Words(["active", "draining", "quarantined"]);
    private static readonly JsonObject s_agentStatus = FieldRule.Words(["online", "late", "offline"]);

    public static IReadOnlyDictionary<(Type Contract, string Field), JsonObject> All { get; } = new Dictionary<(Type, string), JsonObject>
    {
        [(typeof(RunView), "status")] = FieldRule.Words(RunStatuses.WireNames),
        [(typeof(RunView), "priority")] = FieldRule.Words(TaskPriorities.WireNames),
        [(typeof(RunView), "metadata")] = FieldRule.AnyObject(),
        [(typeof(RunAccepted), "status")] = FieldRule.Words(RunStatuses.WireNames.Where(status => status != RunStatus.Queued.WireName())),
        [(typeof(RunQueued), "status")] = FieldRule.Words([RunStatus.Queued.WireName()]),
        [(typeof(TaskView), "status")] = FieldRule.Words(TaskStatuses.WireNames),
        [(typeof(CauseView), "code")] = FieldRule.Words(CauseCodes.WireNames),
        [(typeof(ReplayView), "state")] = FieldRule.Words(["running", "waiting", "completed", "expired"]),
        [(typeof(TenantView), "status")] = FieldRule.Words(TenantStatuses.WireNames),
        [(typeof(StatusChanged), "status")] = FieldRule.Words(TenantStatuses.WireNames),
        [(typeof(ResourceView), "state")] = FieldRule.Words(ResourcePhases.WireNames),
        [(typeof(KeyView), "role")] = FieldRule.Words(Roles.All),
        [(typeof(KeyCreated), "role")] = FieldRule.Words(Roles.All),
        [(typeof(MemberView), "role")] = FieldRule.Words(Roles.All),
        [(typeof(MeView), "kind")] = FieldRule.Words(["operator", "member", "agent"]),
        [(typeof(AgentView), "status")] = s_agentStatus,
        [(typeof(AgentView), "state")] = s_agentState,
        [(typeof(AgentLoadView), "status")] = s_agentStatus,
        [(typeof(AgentLoadView), "state")] = s_agentState,
        [(typeof(TaskResultAnswer), "outcome")] = FieldRule.Words(["completed", "retry", "failed", "exhausted", "cancelled"]),
        [(typeof(AlertView), "state")] = FieldRule.Words(["ok", "pending", "firing", "resolved", "silenced", "not-measured"]),
        [(typeof(AlertView), "severity")] = FieldRule.Words(["critical", "error", "warning", "info"]),
        [(typeof(ObjectiveView), "standing")] = FieldRule.Words(["met", "burning", "missed"]),
        [(typeof(ProbeView), "status")] = FieldRule.Words(["ok", "ready"]),
    };
}
