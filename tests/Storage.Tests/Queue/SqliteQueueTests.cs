using System.Text;
using Headgate.Conformance.Queues;
using Headgate.Ports;
using Headgate.Storage.Queue;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Queue;

public sealed class SqliteQueueTests : QueueConformance, IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private readonly EmbeddedStore _storage;

    public SqliteQueueTests() => _storage = EmbeddedStore.Open(_folder.Path, _clock, _ => { }, DiskSync.Off);

    protected override IQueueSender Sender => _storage.Queue;

    protected override IQueueMetrics Metrics => _storage.Queue;

    protected override DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public async Task Submit_WithMessages_SendsThemWithTheRowsAndOnlyThen()
    {
        var message = new OutgoingMessage("runs", "m1", "{}"u8.ToArray());
        var insert = new TableBatch(Table.Tenants, TableWrite.Insert(new("t", "a", [])));

        Assert.True((await _storage.Tables.SubmitAsync(new([insert], [message, message with { MessageId = "m2" }]))).Succeeded);
        Assert.False((await _storage.Tables.SubmitAsync(new([insert], [message with { MessageId = "m3" }]))).Succeeded);

        await Received("m1");
        await Received("m2");
        await AssertEmpty();
        Assert.Equal(1, _storage.Log.Operations);
    }

    [Fact]
    public async Task ReceiveAsync_BeforeSend_IsServedInOrderOfAsking()
    {
        var first = _storage.Queue.ReceiveAsync("runs", CancellationToken.None).AsTask();
        var second = _storage.Queue.ReceiveAsync("runs", CancellationToken.None).AsTask();
        await Send("m1");
        await Send("m2");

        Assert.Equal(("m1", "m2"), ((await first).MessageId, (await second).MessageId));
    }

    [Fact]
    public async Task ReceiveAsync_Cancelled_LeavesTheMessageToOthers()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _storage.Queue.ReceiveAsync("runs", stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await Send("m1");

        await Received("m1");
    }

    [Fact]
    public async Task Complete_WithOtherWrites_CostsNoOperationOfItsOwn()
    {
        await Send("m1");
        await Complete(await Received("m1"));
        await Send("m2");
        await _storage.Log.FlushedAsync();

        Assert.Equal((2, 2), (_storage.Log.Operations, _storage.Log.LazyOperations));
    }

    [Theory]
    [InlineData("", "id", 1)]
    [InlineData("runs", "", 1)]
    [InlineData("runs", "id", (256 * 1024) + 1)]
    public async Task SendAsync_OutsideTheLimits_IsRefused(string queue, string id, int bodyBytes) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Sender.SendAsync(new(queue, id, new byte[bodyBytes])));

    [Fact]
    public async Task ReceiveAsync_LogRefusesTheDelivery_CanStillBeCancelled()
    {
        await Send("m1");
        Assert.True(_storage.Queue.TryReceive("runs", out var held));
        using var leaving = new CancellationTokenSource();
        var waiting = _storage.Queue.ReceiveAsync("runs", leaving.Token).AsTask();
        await _storage.Log.DisposeAsync();

        Assert.Throws<StoreUnavailableException>(() => _storage.Queue.Abandon(held));
        await leaving.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => waiting.WaitAsync(Patience.Limit));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    protected override Task Advance(TimeSpan by)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    protected override Task<Delivery?> Receive() => Task.FromResult(_storage.Queue.TryReceive("runs", out var message)
        ? new Delivery(message.MessageId, Encoding.UTF8.GetString(message.Body.Span), message.TraceParent, message.DeliveryCount, message)
        : null);

    protected override Task<bool> Complete(Delivery delivery) => Task.FromResult(_storage.Queue.Complete((ReceivedMessage)delivery.Handle));

    protected override Task<bool> Abandon(Delivery delivery) => Task.FromResult(_storage.Queue.Abandon((ReceivedMessage)delivery.Handle));

    protected override Task<bool> DeadLetter(Delivery delivery, string reason, string description) =>
        Task.FromResult(_storage.Queue.DeadLetter((ReceivedMessage)delivery.Handle, reason, description));

    protected override Task<bool> Renew(Delivery delivery) => Task.FromResult(_storage.Queue.Renew((ReceivedMessage)delivery.Handle) is not null);

    protected override IQueueDeadLetters Letters => _storage.Queue;
}
