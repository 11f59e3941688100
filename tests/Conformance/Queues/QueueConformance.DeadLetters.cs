using System.Text;

namespace Headgate.Conformance.Queues;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task Read_DeadLetters_TellsWhatTheyWereAndWhy()
    {
        var sent = Now;
        await Sender.SendAsync(new("runs", "m1", "{\"a\":1}"u8.ToArray()));
        await DeadLetter(await Received("m1"), "unreadable", "no run id");

        var letter = Assert.Single(await Letters.ReadAsync("runs", 0, 10));

        Assert.Equal(("m1", "{\"a\":1}", 1, "unreadable"), (letter.MessageId, Encoding.UTF8.GetString(letter.Body.Span), letter.Deliveries, letter.Reason));
        Assert.InRange(letter.EnqueuedAt, sent - Tick, Now + Tick);
    }

    [Fact]
    public async Task Read_PageByPage_SeesEachOnce()
    {
        foreach (var id in new[] { "m1", "m2", "m3" })
        {
            await Send(id);
            await DeadLetter(await Received(id), "why", "");
        }

        await Send("alive");
        var first = await Letters.ReadAsync("runs", 0, 2);
        var second = await Letters.ReadAsync("runs", first[^1].SequenceNumber, 2);

        Assert.Equal(["m1", "m2"], first.Select(letter => letter.MessageId));
        Assert.Equal(["m3"], second.Select(letter => letter.MessageId));
        Assert.Empty(await Letters.ReadAsync("runs", second[^1].SequenceNumber, 2));
    }

    [Fact]
    public async Task Read_OfAQueueWithoutAny_IsEmpty()
    {
        await Send("alive");

        Assert.Empty(await Letters.ReadAsync("runs", 0, 10));
    }
}
