using System.CommandLine;
using Headgate.LocalHost.Drill;

namespace Headgate.LocalHost.Commands;

/// <summary>Causes each alert in a service of its own, on a clock that is moved, and shows it fire, notify and resolve.</summary>
internal static class DrillCommand
{
    public static Command Make()
    {
        var drill = new Command("drill", "Cause every alert in a service of its own, and show it fire, notify and resolve");
        drill.SetAction(async (_, _) => await RunAsync() ? ExitCode.Stopped : ExitCode.DrillFailed);
        return drill;
    }

    private static async Task<bool> RunAsync()
    {
        using var stop = new StopSignal();
        using var stopping = new CancellationTokenSource();
        var drill = AlertDrill.RunAsync(Console.Out, TimeProvider.System.GetUtcNow(), stopping.Token);
        if (await Task.WhenAny(drill, stop.WaitAsync(CancellationToken.None)) != drill)
            await stopping.CancelAsync();
        return await drill;
    }
}
