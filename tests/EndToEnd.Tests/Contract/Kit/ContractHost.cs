using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <summary>
/// The service as the contract's tests meet it; each test makes tenants and agents of its own. Every project that runs these tests has its
/// own other half of this class: which host serves, and what differs between hosts.
/// </summary>
public sealed partial class ContractHost : IAsyncLifetime
{
    private static int _names;

    /// <summary>A name no other test has.</summary>
    public string Name(string prefix = "t") => $"{prefix}-{Interlocked.Increment(ref _names)}";

    /// <summary>A new tenant; by default with room for all a test may submit.</summary>
    public async Task<string> TenantAsync(string plan = "enterprise", string? limits = null)
    {
        var id = Name();
        await Client.CreateTenantAsync(id, plan, limits is null ? null : JsonNode.Parse(limits));
        return id;
    }

    /// <summary>A client that holds a role in the tenant.</summary>
    public async Task<HttpClient> MemberAsync(string tenant, string role)
    {
        var reply = await Client.PostAsync($"/tenants/{tenant}/keys", new JsonObject { ["name"] = role, ["role"] = role });
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        return NewClient((string)reply.Body!["key"]!);
    }

    /// <summary>An agent of one tenant that takes <c>noop</c>, or the types given.</summary>
    internal Task<Agent> AgentAsync(string? tenant, int maxConcurrentTasks = 50, string? labels = null, params string[] types) =>
        AgentKit.RegisterAsync(Client, NewClient, Name("agent"), tenant, maxConcurrentTasks, labels, types);

    /// <summary>A fresh tenant and its agent.</summary>
    internal async Task<(string Tenant, Agent Agent)> TenantWithAgentAsync()
    {
        var tenant = await TenantAsync();
        return (tenant, await AgentAsync(tenant));
    }
}
