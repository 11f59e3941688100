using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Headgate.Simulation.Wire;

/// <summary>
/// Stands in the web server's place: requests reach the service's whole pipeline, from the edge through routing and authentication to the
/// function, without a socket, whose readiness no clock could order.
/// </summary>
internal sealed class InMemoryServer : IServer
{
    private Func<Exchange, Task<byte[]>>? _serve;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _serve = exchange => ServeAsync(application, exchange);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>The body of the answer, when all of it is there.</returns>
    public Task<byte[]> ServeAsync(Exchange exchange) => (_serve ?? throw new InvalidOperationException("The service has not started."))(exchange);

    public void Dispose()
    {
    }

    private static async Task<byte[]> ServeAsync<TContext>(IHttpApplication<TContext> application, Exchange exchange)
        where TContext : notnull
    {
        var context = application.CreateContext(exchange.Features);
        try
        {
            await application.ProcessRequestAsync(context);
            var body = await exchange.FinishAsync();
            application.DisposeContext(context, exception: null);
            return body;
        }
        catch (Exception exception)
        {
            application.DisposeContext(context, exception);
            throw;
        }
    }
}
