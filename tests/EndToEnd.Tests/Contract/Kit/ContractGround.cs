using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <summary>One service for all tests of a class; each test makes tenants and agents of its own.</summary>
public sealed class ContractGround : IAsyncLifetime
{
    private int _names;

    public LocalService Service { get; private set; } = null!;

    public HttpClient Client => Service.Client;

    public async Task InitializeAsync() => Service = await LocalService.StartAsync();

    public async Task DisposeAsync() => await Service.DisposeAsync();

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
        return Service.NewClient((string)reply.Body!["key"]!);
    }

    /// <summary>An agent of one tenant that takes <c>noop</c>, or the types given.</summary>
    internal Task<Agent> AgentAsync(string? tenant, int maxConcurrentTasks = 50, string? labels = null, params string[] types) =>
        AgentKit.RegisterAsync(Service, Name("agent"), tenant, maxConcurrentTasks, labels, types);

    /// <summary>A fresh tenant and its agent.</summary>
    internal async Task<(string Tenant, Agent Agent)> TenantWithAgentAsync()
    {
        var tenant = await TenantAsync();
        return (tenant, await AgentAsync(tenant));
    }
}
