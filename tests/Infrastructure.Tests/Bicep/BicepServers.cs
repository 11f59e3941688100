using System.Text.Json;
using System.Threading.Channels;

namespace Headgate.Infrastructure.Tests.Bicep;

/// <summary>A few compilers at work at once. Each starts when it is first needed.</summary>
internal sealed class BicepServers
{
    private readonly Channel<Lazy<BicepServer>> _free = Channel.CreateUnbounded<Lazy<BicepServer>>();

    public BicepServers(int count, IReadOnlyDictionary<string, string> environment)
    {
        for (var i = 0; i < count; i++)
        {
            _free.Writer.TryWrite(new Lazy<BicepServer>(() =>
            {
                var server = new BicepServer(environment);
                AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
                return server;
            }));
        }
    }

    /// <exception cref="BicepException">The compiler refused, or ended.</exception>
    public async Task<JsonElement> AskAsync(string method, object question)
    {
        var server = await _free.Reader.ReadAsync();
        try
        {
            return await server.Value.AskAsync(method, question);
        }
        finally
        {
            _free.Writer.TryWrite(server);
        }
    }
}
