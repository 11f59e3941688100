using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Stores.Runs;
using Xunit;

namespace Headgate.Functions.Tests.Wire;

public sealed class AcceptedJsonTests
{
    [Fact]
    public void Write_Run_IsWhatTheContractsSettingsWrite()
    {
        const string RequestId = "<a+b'c\"&\u00fc>";
        var run = RunRecord.Create("acme", "run-1", new RunDefinition("run", "normal", null, []), 1, RunOrigin.Api, null, DateTimeOffset.UnixEpoch);

        var body = AcceptedJson.Write(run, 1, 5, RequestId);

        var accepted = new RunAccepted(run.RunId, "pending", 1, 5, RunViews.Links("acme", run.RunId), RequestId);
        Assert.Equal(JsonSerializer.SerializeToUtf8Bytes(accepted, ContractJson.Default.RunAccepted), body);
    }
}
