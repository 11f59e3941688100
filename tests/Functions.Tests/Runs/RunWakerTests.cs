using Grpc.Core;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Tests.Support;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

public sealed class RunWakerTests
{
    private const string RunId = "fe5dfe31511ad27d4f9057cc864b";

    /// <summary>So it is where a run is cancelled before it was started.</summary>
    [Theory]
    [InlineData(StatusCode.NotFound, LogLevel.Debug)]
    [InlineData(StatusCode.Unavailable, LogLevel.Warning)]
    public async Task Wake_InstanceCannotBeTold_LeavesTheRunToMaintenanceAndWarnsOnlyOfFaults(StatusCode status, LogLevel level)
    {
        using var rig = new RunRig();
        var log = new Levels();
        var watch = rig.Get<RunWatch>();
        var waker = new RunWaker(Arrangement.SharedAll, watch, log);
        await using var client = new WokenRuns { Failure = new RpcException(new Status(status, "x")) };

        await waker.WakeAsync(client, [new RunReference(RunRig.Tenant, RunId)], default);

        watch.Begin(new HashSet<string> { RunRig.Tenant });
        Assert.True(watch.IsDoubted(RunRig.Tenant, RunId));
        Assert.Equal((level, level == LogLevel.Warning), Assert.Single(log.Written));
    }

    private sealed class Levels : ILogger<RunWaker>
    {
        public List<(LogLevel Level, bool HasStackTrace)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add((logLevel, exception is not null));
    }
}
