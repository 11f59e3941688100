using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Api.Operations;

[Collection("Service")]
public sealed class OperationTests(Service service)
{
    [Theory]
    [InlineData("/health", """{"status":"ok"}""")]
    [InlineData("/ready", """{"status":"ready"}""")]
    public async Task Probe_WithoutCredentials_Answered(string path, string body)
    {
        var answer = await service.SendAsync("GET", path, key: "");

        Assert.Equal((200, body), (answer.Status, answer.Body.GetRawText()));
    }

    [Fact]
    public async Task Queues_OperatorsOnly_BothQueues()
    {
        var viewer = await service.NewKeyAsync(await service.NewTenantAsync(), "owner");

        var answer = await service.SendAsync("GET", "/queues");

        Assert.Equal(
            """{"runs":{"depth":0,"scheduled":0,"deadLettered":0,"oldestAgeSeconds":0},"tasks":{"depth":0,"scheduled":0,"deadLettered":0,"oldestAgeSeconds":0},"backlog":[]}""",
            answer.Text);
        Assert.Equal(403, (await service.SendAsync("GET", "/queues", key: viewer)).Status);
        Assert.Equal(401, (await service.SendAsync("GET", "/queues", key: "")).Status);
    }
}
