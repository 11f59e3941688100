using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Agents;
using Headgate.Load.Agents;

namespace Headgate.Load.Tests;

public sealed class ClaimedWorkTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Read_TasksWithPayload_ReportsEachAndNothingOfThePayload()
    {
        var payload = JsonDocument.Parse("""{"taskId":"inner","attempt":9}""").RootElement;
        var answer = new ClaimAnswer([new("r1.a", "r1", "t", "noop", 1, At, 60, payload), new("r2.a", "r2", "t", "noop", 3, At, 60, null)], 0);
        using var work = new ClaimedWork();

        work.Read(JsonSerializer.SerializeToUtf8Bytes(answer, ContractJson.Default.ClaimAnswer));

        var report = JsonSerializer.Deserialize(work.Report, ContractJson.Default.TaskResultsRequest)!;
        Assert.Equal([("r1.a", 1, "success"), ("r2.a", 3, "success")], report.Results.Select(result => (result.TaskId, result.Attempt, result.Status)));
        Assert.Equal((2, 0), (work.Count, work.PauseSeconds));
    }

    [Fact]
    public void Read_Failure_IsReportedWithItsCategory()
    {
        using var work = new ClaimedWork();

        work.Read(JsonSerializer.SerializeToUtf8Bytes(new ClaimAnswer([new("r1.a", "r1", "t", "noop", 1, At, 60, null)], 0), ContractJson.Default.ClaimAnswer), "network");

        var result = Assert.Single(JsonSerializer.Deserialize(work.Report, ContractJson.Default.TaskResultsRequest)!.Results);
        Assert.Equal(("failure", "network"), (result.Status, result.ErrorCategory));
    }

    [Fact]
    public void Read_NothingClaimed_ReportsNothingAndPausesAsAsked()
    {
        using var work = new ClaimedWork();
        work.Read(JsonSerializer.SerializeToUtf8Bytes(new ClaimAnswer([new("r1.a", "r1", "t", "noop", 1, At, 60, null)], 0), ContractJson.Default.ClaimAnswer));

        work.Read(JsonSerializer.SerializeToUtf8Bytes(new ClaimAnswer([], 1), ContractJson.Default.ClaimAnswer));

        Assert.Equal((0, 1), (work.Count, work.PauseSeconds));
        Assert.True(work.Report.IsEmpty);
    }
}
