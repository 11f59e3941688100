using Headgate.Conformance;
using Headgate.Ports;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Headgate.Azure.Tests.Sharing;

/// <summary>
/// Every HTTP request to the table server counts as one operation: a row read or written, a page of a query, a batch. Time stands still, so
/// costs per time are left out: a waiting claim's looks at the ready tasks (two a second), rows of agents and keys read again after five
/// seconds, heartbeats, the lease sweep and maintenance.
/// </summary>
public sealed class RoundTripCountTests(ITestOutputHelper output)
{
    private const int Runs = 20;

    [SuiteFact]
    public async Task Submit_Uncontended_CostsAtMostTwoTableOperations()
    {
        // Nobody starts the run, so only its admission is counted.
        await using var rig = await Rig.StartAsync(services => services.AddSingleton<IQueueSender, DeafQueue>(), new ManualClock());
        await rig.SubmitAsync();

        var before = rig.Trips.Count;
        await rig.SubmitAsync();
        var operations = rig.Trips.Count - before;

        output.WriteLine($"table operations of an admission: {operations}");
        Assert.InRange(operations, 1, 2);
    }

    /// <summary>Counts from before the first submission to the end of the last orchestration, so that nothing is left to a later run.</summary>
    [SuiteTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_OfOneTask_CostsAtMostTwelveTableOperations(bool agentWaits)
    {
        await using var rig = await Rig.StartAsync(clock: new ManualClock());
        // The first run creates the tables and the agent's load row.
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
