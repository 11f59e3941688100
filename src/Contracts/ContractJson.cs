using System.Text.Json.Serialization;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Errors;
using Headgate.Contracts.Messages;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;

namespace Headgate.Contracts;

/// <summary>JSON of all contracts: camelCase, times with milliseconds, nulls written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(MillisecondTime)],
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(SubmitRunRequest))]
[JsonSerializable(typeof(RunAccepted))]
[JsonSerializable(typeof(RunQueued))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(TaskView))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(Page<RunView>))]
[JsonSerializable(typeof(Page<TimelineItem>))]
[JsonSerializable(typeof(Page<DeadLetterView>))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(ReplayPreview))]
[JsonSerializable(typeof(ReplayAccepted))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(Page<TenantView>))]
[JsonSerializable(typeof(Page<KeyView>))]
[JsonSerializable(typeof(Page<MemberView>))]
[JsonSerializable(typeof(Page<PolicyView>))]
[JsonSerializable(typeof(Page<ResourceView>))]
[JsonSerializable(typeof(Page<AgentView>))]
[JsonSerializable(typeof(Page<AuditItem>))]
[JsonSerializable(typeof(CreateTenantRequest))]
[JsonSerializable(typeof(TenantView))]
[JsonSerializable(typeof(DeleteTenantRequest))]
[JsonSerializable(typeof(StatusChanged))]
[JsonSerializable(typeof(CreateKeyRequest))]
[JsonSerializable(typeof(RotateKeyRequest))]
[JsonSerializable(typeof(KeyCreated))]
[JsonSerializable(typeof(MeView))]
[JsonSerializable(typeof(MemberView))]
[JsonSerializable(typeof(MemberRequest))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(ResourceView))]
[JsonSerializable(typeof(ResourceRequest))]
[JsonSerializable(typeof(RegisterAgentRequest))]
[JsonSerializable(typeof(AgentRegistered))]
[JsonSerializable(typeof(AgentView))]
[JsonSerializable(typeof(AgentSettings))]
[JsonSerializable(typeof(QuarantineRequest))]
[JsonSerializable(typeof(AgentLoadView))]
[JsonSerializable(typeof(BackoffStatusView))]
[JsonSerializable(typeof(TenantBackoffView))]
[JsonSerializable(typeof(AgentSummaryView))]
[JsonSerializable(typeof(HeartbeatRequest))]
[JsonSerializable(typeof(HeartbeatAnswer))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(ClaimAnswer))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(TaskResultsRequest))]
[JsonSerializable(typeof(TaskResultAnswer))]
[JsonSerializable(typeof(TaskResultsAnswer))]
[JsonSerializable(typeof(RunStart))]
[JsonSerializable(typeof(QueuesView))]
[JsonSerializable(typeof(AlertsView))]
[JsonSerializable(typeof(AlertView))]
[JsonSerializable(typeof(SilenceRequest))]
[JsonSerializable(typeof(AlertMessage))]
[JsonSerializable(typeof(ObjectivesView))]
[JsonSerializable(typeof(ErrorBody))]
public sealed partial class ContractJson : JsonSerializerContext;
