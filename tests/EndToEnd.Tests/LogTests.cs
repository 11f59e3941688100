using System.Net;
using Headgate.EndToEnd.Tests.Support;

namespace Headgate.EndToEnd.Tests;

public class LogTests
{
    [Fact]
    public async Task GetTask_OfATaskThatPrinted_ShowsItsLogOnlyThere()
    {
        await using var ground = await Ground.StartAsync();
        var agent = await ground.AgentAsync();
        await ground.Client.SubmitAsync(Ground.Tenant);
        var task = await agent.ClaimOneAsync();
        var result = Agent.Result(task);
        result["log"] = "hello";
        await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result);

        var alone = await ground.Client.ReadAsync($"/tasks/{task["taskId"]}");
        var run = await ground.Client.EndAsync(Ground.Tenant, (string)task["runId"]!);

        Assert.Equal(HttpStatusCode.OK, alone.Status);
        Assert.Equal("hello", (string?)alone.Body!["attempts"]![0]!["log"]);
        Assert.Null(run["tasks"]![0]!["attempts"]![0]!["log"]);
    }
}
