using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Runs.Redrive;

/// <summary>The activity behind every step.</summary>
public sealed class ReplayStep(ReplayProgress progress)
{
    public const string Name = "ReplayStep";

    [Function(Name)]
    public async Task<NextLook> RunAsync([ActivityTrigger] ReplayReference replay, CancellationToken cancellationToken)
    {
        var wake = await progress.StepAsync(replay.TenantId, replay.ReplayId, cancellationToken);
        return new NextLook(wake.Ended, wake.WakeAt?.UtcDateTime);
    }
}
