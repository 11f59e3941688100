using System.CommandLine;
using Headgate.LocalHost.Drill;

namespace Headgate.LocalHost.Commands;

/// <summary>Causes each alert in a service of its own, on a clock that is moved, and shows it fire, notify and resolve.</summary>
internal static class DrillCommand
{
    public static Command Make()
    {
        var drill = new Command("drill", "Cause every alert in a service of its own, and show it fire, notify and resolve");
        drill.SetAction(async (_, _) => await AlertDrill.RunAsync(Console.Out, TimeProvider.System.GetUtcNow()) ? ExitCode.Stopped : ExitCode.DrillFailed);
        return drill;
    }
}
