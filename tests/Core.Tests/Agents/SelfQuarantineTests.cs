using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Agents;
using Headgate.Core.Failures;
using Headgate.Core.Runs;

namespace Headgate.Core.Tests.Agents;

public sealed class SelfQuarantineTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<AttemptOutcome> AnyOutcome = Gen.OneOf(
        Gen.Constant<AttemptOutcome>(new AttemptOutcome.Succeeded()),
        Gen.Constant<AttemptOutcome>(new AttemptOutcome.WasCancelled(null)),
        Gen.Constant<AttemptOutcome>(new AttemptOutcome.Released("unused")),
        Gen.Constant<AttemptOutcome>(new AttemptOutcome.Lost("lost", true)),
        Gen.Elements(Enum.GetValues<FailureClass>()).Select(failure => (AttemptOutcome)new AttemptOutcome.FailedWith(failure, null)));

    [Theory]
    [InlineData(4, 10, 5, false)] // Too few failures.
    [InlineData(5, 10, 5, true)]
    [InlineData(5, 10, 10, false)] // The success was as old as the first failure.
    [InlineData(5, 10, 11, false)] // And older.
    [InlineData(9, 120, 61, false)] // Too old a success.
    [InlineData(9, 120, 59, true)]
    public void Judge_FailuresAndASuccessElsewhere_AsDocumented(int failures, double failingMinutes, double successMinutes, bool expected)
    {
        var own = new TrackRecord(failures, Now.AddMinutes(-failingMinutes));

        Assert.Equal(expected, SelfQuarantine.Judge("backup", own, [Succeeded("agt-b", successMinutes)], Now) is not null);
    }

    [Fact]
    public void Judge_NobodyElseSucceeds_BlamesNobody()
    {
        var own = new TrackRecord(50, Now.AddMinutes(-30));

        Assert.Null(SelfQuarantine.Judge("backup", own, [], Now));
        Assert.Null(SelfQuarantine.Judge("backup", own, [new("agt-b", TrackRecord.None), new("agt-c", own with { LastSuccessAt = Now.AddMinutes(-40) })], Now));
    }

    [Fact]
    public void Judge_Reason_SaysWhatWasCompared() =>
        Assert.Equal(
            "Its last 5 attempts of 'backup' failed with resource or unknown since 2026-03-15T11:50:00Z, while agent agt-c and 1 more succeeded.",
            SelfQuarantine.Judge("backup", new TrackRecord(5, Now.AddMinutes(-10)), [Succeeded("agt-b", 5), Succeeded("agt-c", 1), Succeeded("agt-d", 20)], Now));

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    [InlineData(10, true)]
    public void IsSuspect_Failures_AtEveryFifth(int failures, bool expected) =>
        Assert.Equal(expected, SelfQuarantine.IsSuspect(new TrackRecord(failures, Now)));

    /// <summary>Failures are those since the last other outcome, and an agent whose latest outcome was another is never quarantined.</summary>
    [Fact]
    public void After_AnyOutcomes_CountsTheLatestFailuresInARow() =>
        Prop.ForAll(
            AnyOutcome.ListOf().ToArbitrary(),
            outcomes =>
            {
                var record = TrackRecord.None;
                var streak = new List<DateTimeOffset>();
                DateTimeOffset? success = null;
                for (var i = 0; i < outcomes.Count; i++)
                {
                    if (!TrackRecord.Counts(outcomes[i]))
                        continue;
                    var at = Now.AddSeconds(i);
                    record = record.After(outcomes[i], 1, at);
                    if (outcomes[i] is AttemptOutcome.FailedWith { Class: FailureClass.Resource or FailureClass.Unknown })
                        streak.Add(at);
                    else
                        streak.Clear();
                    if (outcomes[i] is AttemptOutcome.Succeeded)
                        success = at;
                }

                return record.Failures == streak.Count
                    && record.FailingSince == (streak.Count == 0 ? null : streak[0])
                    && record.LastSuccessAt == success
                    && (record.Failures >= SelfQuarantine.Failures || SelfQuarantine.Judge("t", record, [Succeeded("b", -1e6)], Now) is null);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void After_DurationsAndOneThatIsUnknown_WeighsTheNewestAFifth()
    {
        var record = TrackRecord.None.After(new AttemptOutcome.Succeeded(), 10, Now).After(new AttemptOutcome.Succeeded(), 20, Now);

        Assert.Equal(12, record.UsualSeconds);
        Assert.Equal(12, record.After(new AttemptOutcome.Succeeded(), null, Now).UsualSeconds);
    }

    [Fact]
    public void After_Durations_StayBetweenTheLeastAndTheMost() =>
        Prop.ForAll(
            Gen.Choose(0, 100_000).NonEmptyListOf().ToArbitrary(),
            seconds =>
            {
                var record = seconds.Aggregate(TrackRecord.None, (record, each) => record.After(new AttemptOutcome.Succeeded(), each, Now));
                return record.UsualSeconds >= seconds.Min() - 1e-6 && record.UsualSeconds <= seconds.Max() + 1e-6;
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(FailureClass.Cancelled, false)]
    [InlineData(FailureClass.LostAgent, false)]
    [InlineData(FailureClass.Network, true)]
    [InlineData(FailureClass.Timeout, true)]
    [InlineData(FailureClass.Unknown, true)]
    public void Counts_Failure_UnlessItSaysNothingOfTheAgent(FailureClass failure, bool counts) =>
        Assert.Equal(counts, TrackRecord.Counts(new AttemptOutcome.FailedWith(failure, null)));

    [Fact]
    public void Forgiven_Record_KeepsAllButTheFailures() =>
        Assert.Equal(new TrackRecord(0, null, Now, 7), new TrackRecord(6, Now, Now, 7).Forgiven());

    private static Peer Succeeded(string agentId, double minutesAgo) => new(agentId, TrackRecord.None with { LastSuccessAt = Now.AddMinutes(-minutesAgo) });
}
