using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;
using Headgate.Contracts.Tenants;
using Headgate.Load.Wire;

namespace Headgate.Load.Rig;

/// <summary>What a measure needs to stand in the service before it begins, made through the service's own HTTP calls.</summary>
internal static class Ground
{
    public const string TaskType = "noop";
    private const int Unlimited = 1_000_000_000;

    /// <summary>Active tenants and a developer's key each.</summary>
    /// <param name="concurrentRuns">The cap; null: as high as the service allows.</param>
    public static Tenant[] Tenants(ServiceUnderLoad service, int count, int? concurrentRuns = null, string prefix = "tenant")
    {
        var tenants = new Tenant[count];
        Parallel.For(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            () => new Connection(service.Address),
            (i, _, connection) =>
            {
                var id = $"{prefix}-{i + 1}";
                Post(connection, "/tenants", service.OperatorKey, new CreateTenantRequest(id, id, "enterprise", new(concurrentRuns ?? Unlimited, Unlimited)), ContractJson.Default.CreateTenantRequest, 201);
                Post(connection, $"/tenants/{id}/keys", service.OperatorKey, new CreateKeyRequest("load", "developer"), ContractJson.Default.CreateKeyRequest, 201);
                tenants[i] = new(id, JsonSerializer.Deserialize(connection.Body, ContractJson.Default.KeyCreated)!.Key);
                return connection;
            },
            connection => connection.Dispose());
        return tenants;
    }

    /// <summary>The submission of a run of one task that does nothing, for each tenant.</summary>
    public static IReadOnlyList<byte[]> Submissions(IEnumerable<Tenant> tenants, string? policy = null) =>
        [.. tenants.Select(tenant => RequestBytes.Post($"/tenants/{tenant.Id}/runs", tenant.Key, Submission(policy)))];

    public static byte[] Submission(string? policy = null) => JsonSerializer.SerializeToUtf8Bytes(
        new SubmissionBody("load", [new SubmittedTask("work", TaskType, policy)]), SubmissionJson.Default.SubmissionBody);

    /// <summary>A shared agent that takes the measures' tasks.</summary>
    /// <param name="slots">1..100 tasks at once.</param>
    public static AgentAccount Agent(ServiceUnderLoad service, string name, int slots)
    {
        Post(service.Operator, "/agents", service.OperatorKey, new RegisterAgentRequest(name, "linux", "x64", "1.0.0", Capabilities: [TaskType]), ContractJson.Default.RegisterAgentRequest, 201);
        var agent = JsonSerializer.Deserialize(service.Operator.Body, ContractJson.Default.AgentRegistered)!;
        SetSlots(service, agent.AgentId, slots);
        return new(service.Address, agent.AgentId, agent.Key!);
    }

    public static void SetSlots(ServiceUnderLoad service, string agentId, int slots) => service.Operator.Send(
        RequestBytes.Patch($"/agents/{agentId}/settings", service.OperatorKey, JsonSerializer.SerializeToUtf8Bytes(new SlotSettings(slots), SubmissionJson.Default.SlotSettings)), 200);

    public static TenantView Read(ServiceUnderLoad service, string tenantId) => JsonSerializer.Deserialize(
        service.Operator.Send(RequestBytes.Get($"/tenants/{tenantId}", service.OperatorKey), 200), ContractJson.Default.TenantView)!;

    public static QueuesView Queues(ServiceUnderLoad service) => JsonSerializer.Deserialize(
        service.Operator.Send(RequestBytes.Get("/queues", service.OperatorKey), 200), ContractJson.Default.QueuesView)!;

    public static void Post<T>(Connection connection, string path, string key, T body, JsonTypeInfo<T> type, int expectedStatus) =>
        connection.Send(RequestBytes.Post(path, key, JsonSerializer.SerializeToUtf8Bytes(body, type)), expectedStatus);
}
