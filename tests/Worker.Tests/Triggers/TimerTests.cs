using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.Worker.Tests.Triggers;

public class TimerTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private static readonly DateTime s_midnight = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [SuiteFact]
    public async Task Timers_EachFired_Succeed()
    {
        var timers = ground.Host.Worker.Functions.Where(function => function.IsTriggeredBy("timerTrigger")).Select(function => function.Name).ToList();

        Assert.Equal(["FireSchedules", "Maintain", "Measure", "SweepLeases"], timers);
        foreach (var timer in timers)
            await ground.Host.FireAsync(timer);
    }

    /// <summary>By the settings of these tests: leases and schedules every second, the rest every minute.</summary>
    [SuiteTheory]
    [InlineData("FireSchedules", 1)]
    [InlineData("SweepLeases", 1)]
    [InlineData("Maintain", 60)]
    [InlineData("Measure", 60)]
    public void Schedule_OfEachTimer_IsThatOfItsSetting(string function, int seconds) =>
        Assert.Equal(s_midnight.AddSeconds(seconds), ground.Host.ScheduleOf(function).GetNextOccurrence(s_midnight));
}
