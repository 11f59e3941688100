using Headgate.Functions.Admission;
using Headgate.Functions.Options;
using Headgate.Functions.Tests.Support;
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
}
