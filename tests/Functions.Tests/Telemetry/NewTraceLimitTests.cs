using System.Diagnostics;
using Headgate.Functions.Telemetry;
using Headgate.TestKit;
using OpenTelemetry.Trace;
using Xunit;

namespace Headgate.Functions.Tests.Telemetry;

public sealed class NewTraceLimitTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void ShouldSample_ManyAtOnce_TakesTheBurstThenSoManyASecond()
    {
        var limit = new NewTraceLimit(_clock);

        Assert.Equal(NewTraceLimit.Burst, Taken(limit, 1000));
        Assert.Equal(0, Taken(limit, 10));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(NewTraceLimit.PerSecond, Taken(limit, 1000));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(NewTraceLimit.Burst, Taken(limit, 1000));
    }

    [Theory]
    [InlineData("/agents/a/tasks/claim", 0)]
    [InlineData("/agents/a/heartbeat", 0)]
    [InlineData("/health", 0)]
    [InlineData("/agents/a/task-results", 5)]
    [InlineData("/tenants/acme/runs", 5)]
    public void ShouldSample_Polls_AreLeftOut(string path, int taken) =>
        Assert.Equal(taken, Taken(new NewTraceLimit(_clock), 5, new KeyValuePair<string, object?>("url.path", path)));

    private static int Taken(NewTraceLimit limit, int asked, params KeyValuePair<string, object?>[] tags) =>
        Enumerable.Range(0, asked).Count(_ =>
            limit.ShouldSample(new SamplingParameters(default, ActivityTraceId.CreateRandom(), "POST", ActivityKind.Server, tags)).Decision == SamplingDecision.RecordAndSample);
}
