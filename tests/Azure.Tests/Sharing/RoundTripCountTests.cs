using Headgate.Conformance;
using Headgate.Ports;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Headgate.Azure.Tests.Sharing;

/// <summary>
/// Every HTTP request to the table server is one operation: a row read, a page of a query, a row written, a batch of rows. Time stands
/// still, so that what comes with time and not with runs is left out: a waiting claim's looks at the ready tasks (two a second), an agent's
/// and a key's rows read again after five seconds, heartbeats, the lease sweep and maintenance.
/// </summary>
public sealed class RoundTripCountTests(ITestOutputHelper output)
{
    private const int Runs = 20;

    [SuiteFact]
    public async Task Submit_Uncontended_CostsAtMostTwoTableOperations()
    {
        // Nobody starts the run, so that nothing but its admission is counted.
        await using var rig = await Rig.StartAsync(services => services.AddSingleton<IQueueSender, DeafQueue>(), new ManualClock());
        await rig.SubmitAsync();

        var before = rig.Trips.Count;
        await rig.SubmitAsync();
        var operations = rig.Trips.Count - before;

        output.WriteLine($"table operations of an admission: {operations}");
        Assert.InRange(operations, 1, 2);
    }

    /// <summary>From before a run is submitted to the end of the orchestration of the last: what one run would leave to a later one is counted.</summary>
    [SuiteTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_OfOneTask_CostsAtMostTwelveTableOperations(bool agentWaits)
    {
        await using var rig = await Rig.StartAsync(clock: new ManualClock());
        // The first makes the tables and the agent's load row.
        await rig.RunAsync(agentWaits: false);

        var (before, readsBefore) = (rig.Trips.Count, rig.Trips.Reads);
        for (var i = 0; i < Runs; i++)
            await rig.RunAsync(agentWaits);
        var (operations, reads) = (rig.Trips.Count - before, rig.Trips.Reads - readsBefore);

        output.WriteLine(
            $"table operations of {Runs} one-task runs, {(agentWaits ? "the agent waiting" : "the agent coming after")}: {operations}, " +
            $"a run {operations / (double)Runs}: {reads / (double)Runs} reads and {(operations - reads) / (double)Runs} writes");
        Assert.InRange(operations, Runs, 12 * Runs);
    }

    private sealed class DeafQueue : IQueueSender
    {
        public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
