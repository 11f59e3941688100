using System.Text.Json;
using Headgate.Contracts.Agents;

namespace Headgate.Contracts.Tests;

/// <summary>Minimal requests are read with the documented defaults.</summary>
public sealed class MinimalRequestTests
{
    [Fact]
    public void Read_SubmissionOfOnePlainTask_LeavesTheRestOpen()
    {
        var request = JsonSerializer.Deserialize("""{"name":"n","tasks":[{"name":"a","type":"command"}]}""", ContractJson.Default.SubmitRunRequest)!;

        var task = Assert.Single(request.Tasks);
        Assert.Equal((null, null), (request.Priority, request.Metadata));
        Assert.Equal((null, null, null, null, null, null), (task.Needs, task.Agent, task.TimeoutSeconds, task.Policy, task.MaxRetries, task.Payload));
    }

    [Fact]
    public void Read_ClaimWithoutAWait_DoesNotWait() =>
        Assert.Equal(new ClaimRequest(2, 0), JsonSerializer.Deserialize("""{"max":2}""", ContractJson.Default.ClaimRequest));

    [Fact]
    public void Read_HeartbeatOfAnOlderAgent_LeavesTheRestOpen() =>
        Assert.Equal(new HeartbeatRequest("1", "linux", 0), JsonSerializer.Deserialize("""{"version":"1","os":"linux","uptimeSeconds":0}""", ContractJson.Default.HeartbeatRequest));

    [Fact]
    public void Read_EmptyPolicy_SetsNothing() =>
        Assert.Equal(new Headgate.Contracts.Tenants.PolicyRequest(), JsonSerializer.Deserialize("{}", ContractJson.Default.PolicyRequest));

    [Fact]
    public void Payload_AnyJson_IsKeptAsGiven()
    {
        const string Given = """{"name":"n","tasks":[{"name":"a","type":"command","payload":{"n":1.50,"s":"\u00e4","deep":[[[]]],"big":12345678901234567890}}]}""";

        var payload = JsonSerializer.Deserialize(Given, ContractJson.Default.SubmitRunRequest)!.Tasks[0].Payload!.Value;

        Assert.Equal("""{"n":1.50,"s":"\u00e4","deep":[[[]]],"big":12345678901234567890}""", payload.GetRawText());
    }
}
