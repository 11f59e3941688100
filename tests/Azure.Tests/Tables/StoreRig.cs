using Azure.Data.Tables;
using Headgate.Azure.Tables;
using Headgate.Ports;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Azure.Tests.Tables;

/// <summary>The store as the app has it, with what it needs beside the tables.</summary>
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

    /// <summary>What was handed to the queue, in order.</summary>
    public List<OutgoingMessage> Sent { get; } = [];

    /// <summary>Whether the queue can't be reached.</summary>
    public bool QueueIsDown { get; set; }

    /// <summary>What else becomes of a message that was handed to the queue.</summary>
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
