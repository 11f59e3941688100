using System.Diagnostics;
using Headgate.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Runs;

/// <summary>The activity behind every step of a run.</summary>
public sealed class AdvanceRun(RunProgress progress, RunWatch watch)
{
    public const string Name = "AdvanceRun";

    [Function(Name)]
    public async Task<NextLook> RunAsync([ActivityTrigger] RunReference run, CancellationToken cancellationToken)
    {
        using var activity = Tracing.Begin($"activity:{Name}", ActivityKind.Internal, run.TraceParent);
        activity?.SetTag("durabletask.type", "activity").SetTag("durabletask.task.name", Name).SetTag("durabletask.task.instance_id", run.RunId);
        try
        {
            var wake = await progress.AdvanceAsync(run.TenantId, run.RunId, activity?.Id, cancellationToken);
            return new NextLook(wake.Ended, wake.WakeAt?.UtcDateTime);
        }
        catch
        {
            // After too many of these the orchestration ends, and maintenance has to start another.
            watch.Doubt(run.TenantId, run.RunId);
            throw;
        }
    }
}
