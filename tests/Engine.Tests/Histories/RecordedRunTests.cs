using Headgate.Functions.Runs;
using Microsoft.DurableTask;

namespace Headgate.Engine.Tests.Histories;

/// <summary>Runs of earlier builds can go on: their histories, recorded and never edited, replay against today's orchestrator.</summary>
public sealed class RecordedRunTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Histories");

    private static readonly List<string> Names = [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files => [.. Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void RunOrchestration_RecordedHistory_KeepsToItsPath(string file)
    {
        var breach = HistoryReplay.Breach(Read(file), TodayAsync);

        Assert.True(breach is null, $"Instances with the history of {file} would fail. {breach}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void RunOrchestration_RecordedHistory_AsksTheSameOfThePublishedReplayer(string file)
    {
        var breach = PublishedReplay.Breach<RunReference>(Read(file), TodayAsync);

        Assert.True(breach is null, $"In Azure the orchestrator would take another path than {file}: {breach}");
    }

    [Fact]
    public void PublishedBreach_OrchestratorThatWaitsShorter_NamesBothTimers()
    {
        var breach = PublishedReplay.Breach<RunReference>(Read("retry.1.json"), async context =>
        {
            var look = await context.CallActivityAsync<NextLook>(AdvanceRun.Name, context.GetInput<RunReference>());
            await context.WaitForExternalEvent<object?>(RunOrchestration.ChangedEvent);
            look = await context.CallActivityAsync<NextLook>(AdvanceRun.Name, context.GetInput<RunReference>());
            await context.CreateTimer(look.WakeAt!.Value.AddSeconds(-1), CancellationToken.None);
            return null;
        });

        Assert.Equal("generation 1, turn 4: recorded timer 2 2030-01-01T00:00:04.9027569Z, asked timer 2 2030-01-01T00:00:03.9027569Z", breach);
    }

    [Theory]
    [InlineData("success")]
    [InlineData("retry")]
    [InlineData("store-away")]
    [InlineData("cancel")]
    [InlineData("continue-as-new")]
    public void Histories_OfEveryKindOfRun_AreRecorded(string name) =>
        Assert.Contains(Names, file => file.StartsWith(name + ".", StringComparison.Ordinal));

    [Fact]
    public void Breach_OrchestratorThatCallsAnotherActivity_NamesBothAndTheEvent() => Assert.Equal(
        "generation 1: The orchestrator left the path of its history: expected activity 'AdvanceRun', asked activity 'Other', at event 1.",
        HistoryReplay.Breach(Read("success.1.json"), async context => await context.CallActivityAsync<NextLook>("Other", context.GetInput<RunReference>())));

    [Fact]
    public void Breach_OrchestratorThatWaitsLonger_NamesTheTimer() => Assert.Equal(
        "generation 1: The orchestrator left the path of its history: expected activity 'AdvanceRun', asked timer, at event 1.",
        HistoryReplay.Breach(Read("success.1.json"), async context =>
        {
            _ = context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return await TodayAsync(context);
        }));

    [Fact]
    public void Breach_OrchestratorThatEndsEarlier_IsCaught()
    {
        var looks = 0;
        var breach = HistoryReplay.Breach(Read("success.1.json"), async context =>
        {
            await context.CallActivityAsync<NextLook>(AdvanceRun.Name, context.GetInput<RunReference>());
            looks++;
            return null;
        });

        Assert.StartsWith("generation 1: ", breach, StringComparison.Ordinal);
        Assert.True(looks > 0);
    }

    [Fact]
    public void Breach_OrchestratorThatNeverContinuesAsNew_IsCaught() => Assert.NotNull(
        HistoryReplay.Breach(Read("continue-as-new.1.json"), async context =>
        {
            while (!(await context.CallActivityAsync<NextLook>(AdvanceRun.Name, context.GetInput<RunReference>())).Ended)
                await context.WaitForExternalEvent<object?>(RunOrchestration.ChangedEvent);
            return null;
        }));

    private static RecordedRun Read(string file) => RecordedRun.Read(Path.Combine(Folder, file));

    private static async Task<object?> TodayAsync(TaskOrchestrationContext context)
    {
        await RunOrchestration.RunAsync(context);
        return null;
    }
}
