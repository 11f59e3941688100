using Headgate.Core.Admission;

namespace Headgate.Core.Tests.Admission;

public sealed class RunStartsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, 900, TimeSpan.Zero);

    [Fact]
    public void With_MoreThanItHolds_KeepsTheOldest()
    {
        var starts = RunStarts.None;
        for (var i = 0; i < RunStarts.MaxRuns + 5; i++)
            starts = starts.With(Now.AddMinutes(i));

        Assert.Equal(RunStarts.MaxRuns, starts.Count);
        Assert.Equal(600.9, starts.AgeSeconds(0, Now.AddMinutes(10)), 6);
    }

    [Fact]
    public void Without_OneOfThem_ForgetsItAlone()
    {
        var starts = RunStarts.None.With(Now).With(Now.AddSeconds(1)).With(Now.AddSeconds(2));

        Assert.Equal(RunStarts.None.With(Now).With(Now.AddSeconds(2)), starts.Without(Now.AddSeconds(1)));
        Assert.Equal(starts, starts.Without(Now.AddHours(1)));
    }

    [Fact]
    public void AgeSeconds_ClockWasSetBack_IsNotNegative() => Assert.Equal(0, RunStarts.None.With(Now).AgeSeconds(0, Now.AddHours(-1)));

    [Fact]
    public void Read_Stored_IsTheSame()
    {
        var starts = RunStarts.None.With(Now).With(Now.AddSeconds(1));

        Assert.Equal(starts, RunStarts.Read(starts.Stored));
        Assert.Equal(RunStarts.None, RunStarts.Read([]));
        Assert.Equal(RunStarts.None.With(Now), RunStarts.Read(starts.Stored[..7]));
    }
}
