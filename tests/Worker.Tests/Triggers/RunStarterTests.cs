using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Messages;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.Worker.Tests.Protocol;
using Headgate.Worker.Tests.Support;

namespace Headgate.Worker.Tests.Triggers;

public class RunStarterTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const string Function = "RunStarter";

    [SuiteFact]
    public async Task Message_OfAnAdmittedRun_StartsItAndIsNoDeadLetter()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;

        var task = await agent.ClaimOneAsync();

        Assert.Equal(run, (string?)task["runId"]);
        Assert.DoesNotContain(ground.Bus.Queues[Deployment.Queue].DeadLetters, message => message.Sent.Text.Contains(run, StringComparison.Ordinal));
    }

    [SuiteFact]
    public async Task Message_ThatComesAgain_SucceedsAndStartsNothing()
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        var task = await agent.ClaimOneAsync();

        var copy = await InvokeAsync(JsonSerializer.Serialize(new RunStart(tenant, run), ContractJson.Default.RunStart));
        await agent.OutcomeAsync(task);
        var late = await InvokeAsync(JsonSerializer.Serialize(new RunStart(tenant, run), ContractJson.Default.RunStart));

        Assert.Equal((StatusResult.Types.Status.Success, StatusResult.Types.Status.Success), (copy.Result.Status, late.Result.Status));
        var ended = await ground.Client.EndAsync(tenant, run);
        Assert.Equal("completed", (string?)ended["status"]);
        Assert.Single(ended.TaskOf()["attempts"]!.AsArray());
    }

    [SuiteTheory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task Message_ThatIsNoStart_Fails(string text) =>
        Assert.Equal(StatusResult.Types.Status.Failure, (await InvokeAsync(text)).Result.Status);

    private Task<InvocationResponse> InvokeAsync(string message) => ground.Host.InvokeAsync(Function, new TypedData { String = message });
}
