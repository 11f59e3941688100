using Headgate.Conformance;
using Headgate.Functions.Ports;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Headgate.Azure.Tests.Sharing;

public sealed class RoundTripCountTests(ITestOutputHelper output)
{
    [SuiteFact]
    public async Task Submit_Uncontended_CostsAtMostTwoTableOperations()
    {
        // Nobody starts the run, so that nothing but its admission is counted.
        await using var rig = await Rig.StartAsync(services => services.AddSingleton<IQueueSender, DeafQueue>());
        await rig.SubmitAsync();

        var before = rig.Trips.Count;
        await rig.SubmitAsync();
        var operations = rig.Trips.Count - before;

        output.WriteLine($"table operations of an admission: {operations}");
        Assert.InRange(operations, 1, 2);
    }

    [SuiteFact]
    public async Task Run_OfOneTask_TellsWhatItCosts()
    {
        await using var rig = await Rig.StartAsync();
        await rig.RunAsync();

        var before = rig.Trips.Count;
        await rig.RunAsync();

        output.WriteLine($"table operations of a one-task run: {rig.Trips.Count - before}");
        Assert.NotEqual(before, rig.Trips.Count);
    }

    private sealed class DeafQueue : IQueueSender
    {
        public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
