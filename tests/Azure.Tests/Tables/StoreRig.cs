using Azure.Data.Tables;
using Headgate.Azure.Tables;
using Headgate.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Azure.Tests.Tables;

/// <summary>The store as the app registers it, with a fake queue and random source.</summary>
internal sealed class StoreRig : IQueueSender, IRandomSource, IDisposable
{
    private readonly ServiceProvider _services;

    public StoreRig(string connectionString, Action<TableClientOptions>? configure = null)
        : this(services => services.AddAzureTables(connectionString, configure))
    {
    }

    public StoreRig(Action<IServiceCollection> tables)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IQueueSender>(this).AddSingleton<IRandomSource>(this).AddSingleton(TimeProvider.System);
        tables(services);
        _services = services.BuildServiceProvider();
    }

    public ITableStore Store => _services.GetRequiredService<ITableStore>();

    public TableServiceClient Account => _services.GetRequiredService<TableServiceClient>();

    public TableRoundTrips Trips => _services.GetRequiredService<TableRoundTrips>();

    /// <summary>Messages sent, in order.</summary>
    public List<OutgoingMessage> Sent { get; } = [];

    public bool QueueIsDown { get; set; }

    /// <summary>Called with each message sent.</summary>
    public Func<Task> Sending { get; set; } = () => Task.CompletedTask;

    public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        if (QueueIsDown)
            throw new StoreUnavailableException("The queue is down.");
        Sent.Add(message);
        return new ValueTask(Sending());
    }

    public double NextDouble() => 0.5;

    public void Fill(Span<byte> bytes) => Random.Shared.NextBytes(bytes);

    public void Dispose() => _services.Dispose();
}
