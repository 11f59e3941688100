using Headgate.Ports;

namespace Headgate.Conformance.Queues;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task Receive_FromAnEmptyQueue_IsNothing() => await AssertEmpty();

    [Fact]
    public async Task Receive_AfterSend_GivesTheMessageAsSent()
    {
        await Sender.SendAsync(new("runs", "m1", "{\"run\":\"é\"}"u8.ToArray(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        var delivery = await Received("m1");

        Assert.Equal(("{\"run\":\"é\"}", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 1), (delivery.Body, delivery.TraceParent, delivery.Count));
    }

    [Fact]
    public async Task Receive_OfSeveral_IsInTheOrderOfSending()
    {
        for (var i = 0; i < 20; i++)
            await Send($"m{i}");

        for (var i = 0; i < 20; i++)
            await Received($"m{i}");
        await AssertEmpty();
    }

    [Fact]
    public async Task Complete_MessageInHand_EndsIt()
    {
        await Send("m1");

        Assert.True(await Complete(await Received("m1")));

        await Advance(LockDuration * 2);
        await AssertEmpty();
    }

    [Fact]
    public async Task Complete_ASecondTime_FindsTheLockGone()
    {
        await Send("m1");
        var delivery = await Received("m1");
        await Complete(delivery);

        Assert.False(await Complete(delivery));
        Assert.False(await Abandon(delivery));
        Assert.False(await Renew(delivery));
    }

    [Fact]
    public async Task Abandon_MessageInHand_PutsItBackAtItsPlace()
    {
        await Send("m1");
        await Send("m2");

        Assert.True(await Abandon(await Received("m1")));

        Assert.Equal(2, (await Received("m1")).Count);
        await Received("m2");
    }

    [Fact]
    public async Task Lock_WhenItEnds_GivesTheMessageToTheNext()
    {
        await Send("m1");
        var first = await Received("m1");
        await Advance(LockDuration - Tick);
        await AssertEmpty();

        await Advance(Tick);

        var second = await Received("m1");
        Assert.Equal(2, second.Count);
        Assert.False(await Complete(first));
        Assert.True(await Complete(second));
    }

    [Fact]
    public async Task Renew_LockHeld_LastsForAnotherDuration()
    {
        await Send("m1");
        var delivery = await Received("m1");
        await Advance(LockDuration - Tick);

        Assert.True(await Renew(delivery));
        await Advance(LockDuration - Tick);
        await AssertEmpty();
        await Advance(Tick);

        Assert.Equal(2, (await Received("m1")).Count);
    }

    [Fact]
    public async Task Renew_AgainAndAgain_HoldsTheLockAsLongAsThat()
    {
        await Send("m1");
        var delivery = await Received("m1");
        for (var i = 0; i < 10; i++)
        {
            await Advance(LockDuration - Tick);
            Assert.True(await Renew(delivery));
        }

        await AssertEmpty();
        Assert.True(await Complete(delivery));
    }

    [Fact]
    public async Task Lock_OnceEnded_SettlesNothingAndCannotBeRenewed()
    {
        await Send("m1");
        var delivery = await Received("m1");
        await Advance(LockDuration);

        Assert.False(await Renew(delivery));
        Assert.False(await Complete(delivery));
        Assert.False(await Abandon(delivery));
        Assert.False(await DeadLetter(delivery, "why", "because"));

        Assert.Equal(2, (await Received("m1")).Count);
        Assert.Empty(await DeadLetters());
    }

    [Fact]
    public async Task Abandon_AndLockEnd_BothCountDeliveries()
    {
        await Send("m1");
        await Abandon(await Received("m1"));
        await Received("m1");
        await Advance(LockDuration);
        await Abandon(await Received("m1"));

        Assert.Equal(4, (await Received("m1")).Count);
    }

    [Fact]
    public async Task Abandon_OfAScheduledMessage_PutsItBackAtOnce()
    {
        await Send("m1", Now + TimeSpan.FromMinutes(5));
        await Advance(TimeSpan.FromMinutes(5));

        await Abandon(await Received("m1"));

        Assert.Equal(2, (await Received("m1")).Count);
    }

    [Fact]
    public async Task Receive_OneMessageLocked_GivesTheNext()
    {
        await Send("m1");
        await Send("m2");
        await Received("m1");

        await Received("m2");
        await AssertEmpty();
    }

    [Fact]
    public async Task Receive_FromManyThreads_GivesEachMessageOnce()
    {
        for (var i = 0; i < 100; i++)
            await Send($"m{i}");

        var deliveries = await Task.WhenAll(Enumerable.Range(0, 120).Select(_ => Task.Run(Receive)));

        var ids = deliveries.OfType<Delivery>().Select(delivery => delivery.MessageId).ToList();
        Assert.Equal((100, 100), (ids.Count, ids.Distinct().Count()));
    }
}
