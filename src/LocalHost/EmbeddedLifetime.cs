using Microsoft.Extensions.Hosting;

namespace Headgate.LocalHost;

/// <summary>Whoever embeds the service starts and stops it; it listens to no signals of the process.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
