using System.Net;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests;

public class IdempotencyTests
{
    [Fact]
    public async Task Submit_SameKeyAndBody_GetsTheFirstAnswerByteForByte()
    {
        await using var ground = await Ground.StartAsync(plan: "free");
        var first = await ground.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "k");
        await ground.Client.PostAsync($"/tenants/{Ground.Tenant}/pause");

        var second = await ground.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "k");

        Assert.Equal(HttpStatusCode.Accepted, second.Status);
        Assert.Equal(await first.Message.Content.ReadAsStringAsync(), await second.Message.Content.ReadAsStringAsync());
        Assert.Equal(first.Message.Headers.Location, second.Message.Headers.Location);
        Assert.Equal("true", Assert.Single(second.Message.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(1, await ground.Client.InFlightAsync(Ground.Tenant));
    }

    [Fact]
    public async Task Submit_SimultaneousDuplicates_MakeOneRun()
    {
        await using var ground = await Ground.StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ground.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "same")));

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Accepted, reply.Status));
        Assert.Single(replies.Select(reply => reply.RunId).Distinct());
        Assert.Equal(1, await ground.Client.InFlightAsync(Ground.Tenant));
    }

    [Fact]
    public async Task Submit_SameKeyOtherBody_IsRefused()
    {
        await using var ground = await Ground.StartAsync();
        await ground.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "k");

        var reply = await ground.Client.SubmitAsync(Ground.Tenant, Bodies.OneTask("other"), "k");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, reply.Status);
        Assert.Equal("idempotency-mismatch", reply.Code);
    }

    [Fact]
    public async Task Submit_KeyOfARefusedSubmission_IsDecidedAnew()
    {
        await using var ground = await Ground.StartAsync(plan: "free");
        var agent = await ground.AgentAsync();
        var first = await ground.Client.SubmitAsync(Ground.Tenant);
        var refused = await ground.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "k");
        await agent.ReportAsync(await agent.ClaimOneAsync());
        await ground.Client.EndAsync(Ground.Tenant, first.RunId);

        var again = await ground.Client.SubmitAsync(Ground.Tenant, idempotencyKey: "k");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
    }
}
