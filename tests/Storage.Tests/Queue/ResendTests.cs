using System.Text;
using Headgate.Ports;
using Headgate.Storage.Queue;
using Headgate.Storage.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Queue;

public sealed class ResendTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly ManualClock _clock = new();
    private EmbeddedStore _storage;

    public ResendTests() => _storage = Open();

    [Fact]
    public async Task Resend_TheOldest_ComeAgainWithTheirBodiesAndTheRestStays()
    {
        await BuryAsync("m1", "m2", "m3");

        Assert.Equal(2, await _storage.Queue.ResendAsync("runs", 2));

        // Within the duplicate window of the first.
        var again = ReceiveAll();
        Assert.Equal([("body of m1", 1), ("body of m2", 1)], again.Select(Seen));
        Assert.All(again, message => Assert.Matches("^m[12]~[0-9]+$", message.MessageId));
        Assert.Equal("m3", Assert.Single(await _storage.Queue.ReadAsync("runs", 0, 10)).MessageId);
        Assert.Equal(1, (await _storage.Queue.GetAsync("runs")).DeadLettered);
    }

    [Fact]
    public async Task Resend_OfNone_SendsNothing()
    {
        Assert.Equal(0, await _storage.Queue.ResendAsync("runs", 10));
        Assert.Empty(ReceiveAll());
    }

    [Fact]
    public async Task Resend_OfOneThatFailsAgain_IsAnotherDeadLetterAndItsIdDoesNotGrow()
    {
        await BuryAsync("m1");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(1, await _storage.Queue.ResendAsync("runs", 10));
            Assert.True(_storage.Queue.DeadLetter(Assert.Single(ReceiveAll()), "again"));
        }

        var letter = Assert.Single(await _storage.Queue.ReadAsync("runs", 0, 10));
        Assert.Equal(("again", "body of m1"), (letter.Reason, Encoding.UTF8.GetString(letter.Body.Span)));
        Assert.Matches("^m1~[0-9]+$", letter.MessageId);
    }

    [Fact]
    public async Task Resend_AfterARestart_IsThereOnce()
    {
        await BuryAsync("m1", "m2");
        await _storage.Queue.ResendAsync("runs", 1);
        await _storage.Log.FlushedAsync();
        await _storage.DisposeAsync();
        _storage = Open();

        Assert.Equal("body of m1", Seen(Assert.Single(ReceiveAll())).Body);
        Assert.Equal("m2", Assert.Single(await _storage.Queue.ReadAsync("runs", 0, 10)).MessageId);
    }

    [Fact]
    public async Task Resend_ByTwoAtOnce_SendsEachOnce()
    {
        await BuryAsync("m1", "m2", "m3", "m4");

        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => await _storage.Queue.ResendAsync("runs", 3))));

        while (await _storage.Queue.ResendAsync("runs", 3) is var more and > 0)
            sent = [.. sent, more];
        Assert.Equal(4, sent.Sum());
        Assert.Equal(4, ReceiveAll().Count);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    private EmbeddedStore Open() => EmbeddedStore.Open(_folder.Path, _clock, _ => { }, DiskSync.Off);

    private async Task BuryAsync(params string[] ids)
    {
        foreach (var id in ids)
        {
            await _storage.Queue.SendAsync(new OutgoingMessage("runs", id, Encoding.UTF8.GetBytes($"body of {id}")));
            Assert.True(_storage.Queue.DeadLetter(Assert.Single(ReceiveAll()), "why"));
        }
    }

    private List<ReceivedMessage> ReceiveAll()
    {
        var all = new List<ReceivedMessage>();
        while (_storage.Queue.TryReceive("runs", out var message))
            all.Add(message);
        return all;
    }

    private static (string Body, int Deliveries) Seen(ReceivedMessage message) => (Encoding.UTF8.GetString(message.Body.Span), message.DeliveryCount);
}
