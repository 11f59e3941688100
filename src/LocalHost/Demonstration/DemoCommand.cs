using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Headgate.LocalHost.Demonstration.Steps;

namespace Headgate.LocalHost.Demonstration;

/// <summary><c>demo</c>: the whole life of runs on real processes, on a temporary folder. Exit code 0 only if every step proved true.</summary>
internal static class DemoCommand
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
        GateSteps.Cap,
        GateSteps.Slot,
        GateSteps.Pause,
        CrashSteps.Agent,
        CrashSteps.Service,
    ];

    public static Command Create()
    {
        var demo = new Command("demo", "Show the whole life of runs on this machine; takes about half a minute");
        demo.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return demo;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
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

        if (failure is not null)
            await Console.Error.WriteLineAsync(failure);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{proven} of {Steps.Count} steps proved true in {clock.Elapsed.TotalSeconds:F0} s"));
        return proven == Steps.Count ? 0 : 1;
    }
}
