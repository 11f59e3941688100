using Headgate.Functions.Options;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Maintenance;

/// <summary>
/// Writes once a minute what this process has seen of the objectives, if another may make the rounds of maintenance: one serves HTTP, another runs
/// orchestrations. Does nothing where one process is alone.
/// </summary>
public sealed class SharedTallies(ObjectiveRound objectives, Arrangement arrangement, TimeProvider clock, ILogger<SharedTallies> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (arrangement.IsAlone)
            return;
        using var timer = new PeriodicTimer(s_interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryWriteAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryWriteAsync(CancellationToken.None);
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await objectives.WriteAsync(cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is must not end the process, and the next time may go well.
            logger.NotMeasured(failure, "objectives");
        }
    }
}
