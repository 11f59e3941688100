using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Headgate.Demo.Steps;

namespace Headgate.Demo;

/// <summary>The whole life of runs on real processes, on a temporary folder.</summary>
internal static class Demonstration
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(150);

    private static readonly IReadOnlyList<Step> Steps =
    [
        Begin.Serve,
        Begin.Populate,
        ArchiveStep.Archive,
        GraphStep.Graph,
        FailureSteps.Recovery,
        FailureSteps.Permanent,
        FailureSteps.Exhausted,
        ResourceStep.Held,
        .. Programs.Restic is null ? Array.Empty<Step>() : [BackupStep.Limited],
        GateSteps.Cap,
        GateSteps.Slot,
        GateSteps.Pause,
        CrashSteps.Agent,
        CrashSteps.Service,
    ];

    /// <returns>The exit code: 0 only if every step proved true.</returns>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(Longest);
        using var stage = new Stage();
        var proven = 0;
        string? failure = null;
        await Screen.ShowAsync(Steps, async show =>
        {
            for (var i = 0; i < Steps.Count && failure is null; i++)
            {
                show(i, StepState.Running, "");
                try
                {
                    var seen = await Steps[i].ProveAsync(stage, stop.Token);
                    show(i, StepState.Proven, seen);
                    proven++;
                }
                catch (Exception exception) when (exception is NotProvenException or HttpRequestException or TimeoutException or OperationCanceledException or IOException or SocketException)
                {
                    show(i, StepState.Failed, exception.Message);
                    failure = stage.Printed;
                }
            }
        });

        if (Programs.Restic is null)
            Console.WriteLine("restic is not installed: the step of a backup was left out");
        if (failure is not null)
            await Console.Error.WriteLineAsync(failure);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{proven} of {Steps.Count} steps proved true in {clock.Elapsed.TotalSeconds:F0} s"));
        return proven == Steps.Count ? 0 : 1;
    }
}
