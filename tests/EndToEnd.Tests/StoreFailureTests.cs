using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests;

/// <summary>While the store cannot be reached, every call that needs it is a 503 that says when to come back, and nothing runs uncounted.</summary>
public class StoreFailureTests
{
    [Fact]
    public async Task Call_WhileTheStoreIsCutOff_IsA503AndLaterFindsNothingHalfDone()
    {
        var tables = new BreakableTables();
        await using var service = await LocalService.StartAsync(configure: tables.Replace);
        await service.Client.CreateTenantAsync("acme");
        var agent = await AgentKit.RegisterAsync(service.Client, service.NewClient, "agent", "acme", 3, null, []);
        await agent.BeatAsync();

        tables.IsCutOff = true;
        foreach (var (method, path, body) in StoreCalls.All)
        {
            var reply = await service.Client.CallAsync(method, path, body);
            Refused.With(503, "store-unavailable", reply);
            Assert.Equal(7, (int)reply.Body!["retryAfter"]!);
            Assert.Equal(path == "/a2a/foreman" ? "acme" : null, (string?)reply.Body["tenantId"]);
        }

        Refused.With(503, "store-unavailable", await agent.BeatAsync());
        Refused.With(503, "store-unavailable", await agent.Client.CallAsync("POST", $"/agents/{agent.Id}/tasks/claim", """{"max":1}"""));
        using var unknown = service.NewClient("hg_unknown_" + new string('k', 43));
        Refused.With(503, "store-unavailable", await unknown.ReadAsync("/tenants/acme"));
        Assert.Equal(HttpStatusCode.OK, (await service.Client.ReadAsync("/health")).Status);
        tables.IsCutOff = false;

        var tenant = (await service.Client.ReadAsync("/tenants/acme")).Body!;
        Assert.Equal((0, 0, "acme", "active"), ((int)tenant["inFlight"]!, (int)tenant["runsThisMonth"]!, (string)tenant["name"]!, (string)tenant["status"]!));
        Assert.Equal(HttpStatusCode.Accepted, (await service.Client.SubmitAsync("acme")).Status);
        Assert.Equal("noop", (string?)(await agent.ClaimOneAsync())["type"]);
    }

    [Fact]
    public async Task Heartbeat_OfASecondProcessThatCannotBeAudited_IsRefusedAllTheSame()
    {
        var tables = new BreakableTables();
        await using var service = await LocalService.StartAsync(configure: tables.Replace);
        await service.Client.CreateTenantAsync("acme");
        var agent = await AgentKit.RegisterAsync(service.Client, service.NewClient, "agent", "acme", 3, null, []);
        Task<Reply> BeatAsync(string session) =>
            agent.Client.CallAsync("POST", $"/agents/{agent.Id}/heartbeat", """{"version":"1","os":"linux","uptimeSeconds":1}""", ("Headgate-Session", session));
        tables.IsReadOnly = Table.Audit;

        Refused.Not(HttpStatusCode.OK, await BeatAsync("one"));
        Refused.With(409, "agent-in-use", await BeatAsync("two"));
    }
}
