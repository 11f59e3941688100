using System.Text.Json.Nodes;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;
using Headgate.Core.Access;
using Headgate.Core.Agents;
using Headgate.Core.Failures;
using Headgate.Core.Identity;
using Headgate.Core.Plans;
using Headgate.Core.Resources;
using Headgate.Core.Retry;
using Headgate.Core.Runs;
using Headgate.Functions.Api.Agents;
using Headgate.Functions.Api.DeadLetters;
using Headgate.Functions.Api.Keys;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api.Document;

/// <summary>What fields of requests may hold beyond their types. A test sends what is just within and just beyond to the calls that read them.</summary>
internal static class RequestRules
{
    private static readonly JsonObject s_reason = FieldRule.Text(TextRule.Plain(500));
    private static readonly JsonObject s_name = FieldRule.Text(TextRule.DisplayName);
    private static readonly JsonObject s_role = FieldRule.Words(Roles.All);
    private static readonly JsonObject s_plan = FieldRule.Words(PlanTable.All.Select(plan => plan.Id));
    private static readonly JsonObject s_limit = FieldRule.Whole(0, LimitOverrides.Ceiling);
    private static readonly JsonObject s_type = FieldRule.Text(TextRule.TaskType);
    private static readonly JsonObject s_priority = FieldRule.Text(SubmissionReader.Priority);
    private static readonly JsonObject s_tasks = FieldRule.Items(1, TaskGraph.MaxTasks);
    private static readonly JsonObject s_labels = FieldRule.Map(Grammar.MaxLabels, SubmissionReader.LabelKey, FieldRule.Text(SubmissionReader.LabelValue));
    private static readonly JsonObject s_machine = FieldRule.Text(RegisterAgent.ShortText);

    public static IReadOnlyDictionary<(Type Contract, string Field), JsonObject> All { get; } = new Dictionary<(Type, string), JsonObject>
    {
        [(typeof(SubmitRunRequest), "name")] = s_name,
        [(typeof(SubmitRunRequest), "tasks")] = s_tasks,
        [(typeof(SubmitRunRequest), "priority")] = s_priority,
        [(typeof(SubmitRunRequest), "metadata")] = FieldRule.AnyObject(),
        [(typeof(GatewayRequest), "tenantId")] = FieldRule.Text(TextRule.TenantId),
        [(typeof(GatewayRequest), "runId")] = s_name,
        [(typeof(GatewayRequest), "name")] = s_name,
        [(typeof(GatewayRequest), "runType")] = s_type,
        [(typeof(GatewayRequest), "tasks")] = s_tasks,
        [(typeof(GatewayRequest), "priority")] = s_priority,
        [(typeof(GatewayRequest), "trigger")] = FieldRule.Text(Foreman.Trigger),
        [(typeof(GatewayRequest), "metadata")] = FieldRule.AnyObject(),
        [(typeof(TaskRequest), "name")] = FieldRule.Text(TextRule.TaskName),
        [(typeof(TaskRequest), "type")] = s_type,
        [(typeof(TaskRequest), "needs")] = FieldRule.Items(0, TaskGraph.MaxTasks, FieldRule.Text(TextRule.TaskName)),
        [(typeof(TaskRequest), "agent")] = s_name,
        [(typeof(TaskRequest), "labels")] = s_labels,
        [(typeof(TaskRequest), "timeoutSeconds")] = FieldRule.Whole(1, SubmissionReader.MaxTimeoutSeconds),
        [(typeof(TaskRequest), "policy")] = FieldRule.Text(TextRule.PolicyName),
        [(typeof(TaskRequest), "maxRetries")] = FieldRule.Whole(0, RetryPolicy.MaxRetriesCeiling),
        [(typeof(TaskRequest), "resources")] = FieldRule.Items(0, SubmissionReader.MaxResources, FieldRule.Text(TextRule.PolicyName)),
        [(typeof(ReplayRequest), "category")] = FieldRule.Words(FailureClasses.WireNames),
        [(typeof(ReplayRequest), "type")] = s_type,
        [(typeof(ReplayRequest), "limit")] = FieldRule.Whole(1, ReplayDeadLetters.MaxLimit),
        [(typeof(ReplayRequest), "from")] = FieldRule.Text(ReplayDeadLetters.From),
        [(typeof(ReplayRequest), "ratePerSecond")] = FieldRule.Number(ReplayDeadLetters.MinRate, ReplayDeadLetters.MaxRate),
        [(typeof(CreateTenantRequest), "id")] = FieldRule.Text(TextRule.TenantId),
        [(typeof(CreateTenantRequest), "name")] = s_name,
        [(typeof(CreateTenantRequest), "plan")] = s_plan,
        [(typeof(UpdateTenantRequest), "name")] = s_name,
        [(typeof(UpdateTenantRequest), "plan")] = s_plan,
        [(typeof(LimitsRequest), "maxConcurrentRuns")] = s_limit,
        [(typeof(LimitsRequest), "maxMonthlyRuns")] = s_limit,
        [(typeof(LimitsRequest), "maxRepos")] = s_limit,
        [(typeof(LimitsRequest), "maxMembers")] = s_limit,
        [(typeof(LimitsRequest), "maxWaitingRuns")] = FieldRule.Whole(0, LimitOverrides.WaitingCeiling),
        [(typeof(ShadowLimitsView), "maxConcurrentRuns")] = s_limit,
        [(typeof(ShadowLimitsView), "maxMonthlyRuns")] = s_limit,
        [(typeof(DeleteTenantRequest), "confirm")] = FieldRule.Text(TextRule.TenantId),
        [(typeof(PauseRequest), "reason")] = s_reason,
        [(typeof(ReasonRequest), "reason")] = s_reason,
        [(typeof(OptionalReasonRequest), "reason")] = s_reason,
        [(typeof(QuarantineRequest), "reason")] = s_reason,
        [(typeof(CreateKeyRequest), "name")] = s_name,
        [(typeof(CreateKeyRequest), "role")] = s_role,
        [(typeof(CreateKeyRequest), "scopes")] = FieldRule.Items(1, PermissionMatrix.All.Count, FieldRule.Words(PermissionMatrix.All.Select(permission => permission.WireName()))),
        [(typeof(RotateKeyRequest), "overlapSeconds")] = FieldRule.Whole(0, RotateKey.MaxOverlapSeconds),
        [(typeof(MemberRequest), "role")] = s_role,
        [(typeof(MemberRequest), "name")] = s_name,
        [(typeof(PolicyRequest), "maxRetries")] = FieldRule.Whole(0, RetryPolicy.MaxRetriesCeiling),
        [(typeof(PolicyRequest), "baseSeconds")] = FieldRule.Number(RetryPolicy.BaseSecondsFloor, RetryPolicy.BaseSecondsCeiling),
        [(typeof(PolicyRequest), "maxSeconds")] = FieldRule.Number(RetryPolicy.BaseSecondsFloor, RetryPolicy.MaxSecondsCeiling),
        [(typeof(PolicyRequest), "jitter")] = FieldRule.Number(0, 1),
        [(typeof(PolicyRequest), "factor")] = FieldRule.Number(1, RetryPolicy.FactorCeiling),
        [(typeof(ResourceRequest), "maxConcurrent")] = FieldRule.Whole(1, ResourceRules.MaxConcurrentCeiling),
        [(typeof(ResourceRequest), "typeLimits")] = FieldRule.Map(ResourceRules.MaxTypes, TextRule.TaskType, FieldRule.Whole(0, ResourceRules.MaxConcurrentCeiling)),
        [(typeof(ResourceRequest), "failuresToOpen")] = FieldRule.Whole(1, ResourceRules.FailuresToOpenCeiling),
        [(typeof(ResourceRequest), "openSeconds")] = FieldRule.Whole(1, ResourceRules.OpenSecondsCeiling),
        [(typeof(RegisterAgentRequest), "tenantId")] = FieldRule.Text(TextRule.TenantId),
        [(typeof(RegisterAgentRequest), "name")] = s_name,
        [(typeof(RegisterAgentRequest), "os")] = s_machine,
        [(typeof(RegisterAgentRequest), "arch")] = s_machine,
        [(typeof(RegisterAgentRequest), "version")] = s_machine,
        [(typeof(RegisterAgentRequest), "labels")] = s_labels,
        [(typeof(RegisterAgentRequest), "capabilities")] = FieldRule.Items(0, RegisterAgent.MaxCapabilities, s_type),
        [(typeof(AgentSettingsRequest), "maxConcurrentTasks")] = FieldRule.Whole(1, AgentLimits.MaxConcurrentTasksCeiling),
        [(typeof(AgentSettingsRequest), "typeLimits")] = FieldRule.Map(ChangeAgentSettings.MaxTypes, TextRule.TaskType, FieldRule.Whole(0, AgentLimits.MaxConcurrentTasksCeiling)),
        [(typeof(AgentSettingsRequest), "cpuQuotaPercent")] = FieldRule.Whole(1, 100),
        [(typeof(AgentSettingsRequest), "ioPriority")] = FieldRule.Words(AgentLimits.IoPriorities),
        [(typeof(AgentSettingsRequest), "bandwidthLimitMbps")] = FieldRule.Whole(1, AgentLimits.BandwidthCeilingMbps),
        [(typeof(HeartbeatRequest), "version")] = s_machine,
        [(typeof(HeartbeatRequest), "os")] = s_machine,
        [(typeof(HeartbeatRequest), "uptimeSeconds")] = FieldRule.Number(0),
        [(typeof(HeartbeatRequest), "disks")] = FieldRule.Items(0, HeartbeatReader.MaxDisks),
        [(typeof(HeartbeatRequest), "running")] = FieldRule.Items(0, HeartbeatReader.MaxRunning),
        [(typeof(HeartbeatRequest), "settingsVersion")] = FieldRule.Whole(0),
        [(typeof(HeartbeatRequest), "session")] = FieldRule.Text(SessionHeader.Rule),
        [(typeof(DiskReport), "mountPath")] = FieldRule.Text(HeartbeatReader.MountPath),
        [(typeof(DiskReport), "freeBytes")] = FieldRule.Whole(0),
        [(typeof(DiskReport), "totalBytes")] = FieldRule.Whole(1),
        [(typeof(RunningAttempt), "taskId")] = FieldRule.Text(HeartbeatReader.TaskIdText),
        [(typeof(RunningAttempt), "attempt")] = FieldRule.Whole(1),
        [(typeof(TaskProgress), "percent")] = FieldRule.Number(0, 100),
        [(typeof(TaskProgress), "bytes")] = FieldRule.Whole(0),
        [(typeof(TaskProgress), "files")] = FieldRule.Whole(0),
        [(typeof(LoadReport), "cpuPercent")] = FieldRule.Number(0, 100_000),
        [(typeof(LoadReport), "memoryPercent")] = FieldRule.Number(0, 100),
        [(typeof(LoadReport), "freeSlots")] = FieldRule.Whole(0, 1000),
        [(typeof(ClaimRequest), "max")] = FieldRule.Whole(1, ClaimTasks.MaxTasks),
        [(typeof(ClaimRequest), "waitSeconds")] = FieldRule.Whole(0, ClaimTasks.MaxWaitSeconds),
        [(typeof(TaskResult), "taskId")] = FieldRule.Text(ResultReader.TaskIdText),
        [(typeof(TaskResult), "attempt")] = FieldRule.Whole(1),
        [(typeof(TaskResult), "status")] = FieldRule.Text(ResultReader.Status),
        [(typeof(TaskResult), "errorCategory")] = FieldRule.Text(ResultReader.Category),
        [(typeof(TaskResult), "errorMessage")] = FieldRule.Text(ResultReader.Text),
        [(typeof(TaskResult), "log")] = FieldRule.Text(ResultReader.Text),
        [(typeof(TaskResult), "durationSeconds")] = FieldRule.Number(0, ResultReader.LongestSeconds),
        [(typeof(TaskResult), "retryAfterSeconds")] = FieldRule.Whole(0, ResourceSignal.RetryAfterCeiling),
        [(typeof(TaskResultsRequest), "results")] = FieldRule.Items(1, ReportResults.MaxResults),
    };
}
