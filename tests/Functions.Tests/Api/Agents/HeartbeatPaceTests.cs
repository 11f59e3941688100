using Headgate.Functions.Api.Agents;
using Headgate.TestKit;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Headgate.Functions.Tests.Api.Agents;

public sealed class HeartbeatPaceTests
{
    private readonly ManualClock _clock = new();
    private readonly Lines _lines = new();
    private readonly HeartbeatPace _pace;

    public HeartbeatPaceTests() => _pace = new HeartbeatPace(_clock, _lines);

    [Fact]
    public void Allows_Flood_FiveHundredThenAHundredASecond()
    {
        Assert.Equal(500, Enumerable.Range(0, 1000).Count(_ => _pace.Allows("one")));

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(200, Enumerable.Range(0, 1000).Count(_ => _pace.Allows("one")));
    }

    [Fact]
    public void Allows_FloodOfOneAgent_LeavesTheOthersAlone()
    {
        for (var i = 0; i < 1000; i++)
            _pace.Allows("one");

        Assert.True(_pace.Allows("two"));
    }

    [Fact]
    public void Allows_AtTheUsualPace_Always()
    {
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(_pace.Allows("one"));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public void Allows_Flood_IsLoggedOnce()
    {
        for (var i = 0; i < 1000; i++)
            _pace.Allows("one");
        Assert.Single(_lines.Written);

        _clock.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 1000; i++)
            _pace.Allows("one");

        Assert.Equal(2, _lines.Written.Count);
    }

    private sealed class Lines : ILogger<HeartbeatPace>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
