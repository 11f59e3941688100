using Headgate.Functions.Admission;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Options;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Headgate.Functions.Tests.Admission;

public sealed class IdempotencyTests
{
    [Fact]
    public async Task Apply_KeyOlderThanTheSetting_IsANewRun()
    {
        using var rig = new RunRig(new HeadgateOptions { Admission = new AdmissionOptions(IdempotencyHours: 1) });
        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("key"));

        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.IsType<AdmissionResult.Replayed>(await rig.ApplyAsync("key"));
        rig.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("key"));
    }

    [Fact]
    public async Task Apply_ClockSetForwardByADay_TheAnswerIsRememberedAsLongAsItsTimeHasNotPassed()
    {
        using var rig = new RunRig(new HeadgateOptions { Admission = new AdmissionOptions(IdempotencyHours: 1) });
        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("key"));

        rig.Wall.Offset = TimeSpan.FromDays(1);
        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);
        Assert.IsType<AdmissionResult.Replayed>(await rig.ApplyAsync("key"));
        rig.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("key"));
    }

    [Fact]
    public async Task Apply_InAProcessThatBeganWithAClockThatIsAhead_IsRememberedAllTheSame()
    {
        using var rig = new RunRig(new HeadgateOptions { Admission = new AdmissionOptions(IdempotencyHours: 1) });
        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("key"));
        await rig.Get<Retention>().RunWhenDueAsync(null!, CancellationToken.None);

        rig.Wall.Offset = TimeSpan.FromDays(2);
        var other = new RunAdmission(
            rig.Get<TenantGate>(),
            rig.Tables,
            rig.Get<AgentReader>(),
            rig.Get<NewestFirstIds>(),
            new BelievedClock(rig.Wall),
            rig.Get<Metrics>(),
            rig.Get<Indicators>(),
            rig.Get<RefusalTally>(),
            rig.Get<HeadgateOptions>(),
            rig.Get<IRandomSource>(),
            rig.Wall,
            rig.Get<IHostApplicationLifetime>(),
            NullLogger<RunAdmission>.Instance);

        Assert.IsType<AdmissionResult.Replayed>(await rig.ApplyAsync("key", other));
    }

    [Fact]
    public async Task Apply_ClockSetForwardAndBack_NothingIsForgottenEarlyOrKeptForEver()
    {
        using var rig = new RunRig(new HeadgateOptions { Admission = new AdmissionOptions(IdempotencyHours: 1) });
        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("before"));
        rig.Wall.Offset = TimeSpan.FromDays(365);
        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("meanwhile"));
        rig.Wall.Offset = TimeSpan.Zero;
        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);

        rig.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.IsType<AdmissionResult.Replayed>(await rig.ApplyAsync("before"));
        Assert.IsType<AdmissionResult.Replayed>(await rig.ApplyAsync("meanwhile"));
        rig.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("before"));
        Assert.IsType<AdmissionResult.Admitted>(await rig.ApplyAsync("meanwhile"));
    }
}
