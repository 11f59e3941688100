namespace Headgate.Conformance.Queues;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task Send_Scheduled_IsDeliveredAtItsTimeAndNotBefore()
    {
        await Send("later", Now + TimeSpan.FromMinutes(5));
        await Send("now");
        await Complete(await Received("now"));
        await Advance(TimeSpan.FromMinutes(5) - Tick);
        await AssertEmpty();

        await Advance(Tick);

        Assert.Equal(1, (await Received("later")).Count);
    }

    [Fact]
    public async Task Send_ScheduledForThePast_IsDeliveredAtOnce()
    {
        await Send("m1", Now - TimeSpan.FromMinutes(1));

        await Received("m1");
    }

    [Fact]
    public async Task Send_ScheduledInReverse_IsDeliveredByTime()
    {
        await Send("third", Now + TimeSpan.FromSeconds(3));
        await Send("second", Now + TimeSpan.FromSeconds(2));
        await Send("first", Now + TimeSpan.FromSeconds(1));
        await Advance(TimeSpan.FromSeconds(3));

        await Received("first");
        await Received("second");
        await Received("third");
    }

    [Fact]
    public async Task DeadLetter_MessageInHand_TakesItAside()
    {
        await Send("m1");

        Assert.True(await DeadLetter(await Received("m1"), "unreadable", "no run id"));

        await AssertEmpty();
        Assert.Equal([("m1", 1, "unreadable")], await DeadLetters());
    }

    [Fact]
    public async Task Abandon_AtTheTenthDelivery_DeadLetters()
    {
        await Send("m1");
        for (var i = 1; i <= 10; i++)
        {
            var delivery = await Received("m1");
            Assert.Equal(i, delivery.Count);
            await Abandon(delivery);
        }

        await AssertEmpty();
        Assert.Equal([("m1", 10, "MaxDeliveryCountExceeded")], await DeadLetters());
    }

    [Fact]
    public async Task Lock_WhenTheTenthEnds_DeadLetters()
    {
        await Send("m1");
        for (var i = 1; i <= 10; i++)
        {
            await Received("m1");
            await Advance(LockDuration);
        }

        await AssertEmpty();
        Assert.Equal([("m1", 10, "MaxDeliveryCountExceeded")], await DeadLetters());
    }

    [Fact]
    public async Task Abandon_OfAPoisonMessage_LetsTheOthersThroughInTheEnd()
    {
        await Send("poison");
        await Send("m1");
        await Send("m2");
        for (var i = 1; i <= 10; i++)
            await Abandon(await Received("poison"));

        Assert.Equal(1, (await Received("m1")).Count);
        Assert.Equal(1, (await Received("m2")).Count);
        await AssertEmpty();
    }

    [Fact]
    public async Task DeadLetter_Several_AreKeptOldestFirst()
    {
        foreach (var id in new[] { "m1", "m2", "m3" })
        {
            await Send(id);
            await DeadLetter(await Received(id), $"reason of {id}", "");
        }

        Assert.Equal([("m1", 1, "reason of m1"), ("m2", 1, "reason of m2"), ("m3", 1, "reason of m3")], await DeadLetters());
    }

    [Fact]
    public async Task Send_OfAKnownIdNotYetSettled_IsDropped()
    {
        await Send("waiting");
        await Send("waiting");
        await Send("later", Now + TimeSpan.FromSeconds(30));
        await Send("later");

        await Complete(await Received("waiting"));
        await AssertEmpty();
    }

    [Fact]
    public async Task Send_OfADeadLettersIdWithinTheWindow_IsDropped()
    {
        await Send("m1");
        await DeadLetter(await Received("m1"), "why", "because");

        await Send("m1");

        await AssertEmpty();
    }

    [Fact]
    public async Task Send_OfAKnownIdAgainAndAgain_CountsTheWindowFromTheFirst()
    {
        await Send("m1");
        await Complete(await Received("m1"));
        for (var i = 0; i < 5; i++)
        {
            await Advance(TimeSpan.FromSeconds(10));
            await Send("m1");
            await AssertEmpty();
        }

        await Advance(TimeSpan.FromSeconds(10));
        await Send("m1");

        await Received("m1");
    }

    [Fact]
    public async Task Send_OfAKnownIdWithinTheWindow_IsDropped()
    {
        await Send("m1");
        await Complete(await Received("m1"));
        await Advance(TimeSpan.FromSeconds(59));

        await Send("m1");

        await AssertEmpty();
    }

    [Fact]
    public async Task Send_OfAKnownIdAfterTheWindow_IsDelivered()
    {
        await Send("m1");
        await Complete(await Received("m1"));
        await Advance(TimeSpan.FromSeconds(60));

        await Send("m1");

        await Received("m1");
    }

    [Fact]
    public async Task Send_OfOneIdToTwoQueues_IsNoDuplicate()
    {
        await Sender.SendAsync(new("other", "m1", "{}"u8.ToArray()));
        await Send("m1");

        await Received("m1");
    }

    [Fact]
    public async Task Metrics_MessagesOfEveryFate_AreCountedByFate()
    {
        await Send("dead");
        await DeadLetter(await Received("dead"), "why", "because");
        await Send("locked");
        await Received("locked");
        await Advance(TimeSpan.FromSeconds(10));
        await Send("waiting");
        await Send("scheduled", Now + TimeSpan.FromHours(1));
        await Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(new(2, 1, 1, TimeSpan.FromSeconds(15)), await Metrics.GetAsync("runs"));
        Assert.Equal(new(0, 0, 0, TimeSpan.Zero), await Metrics.GetAsync("unheard-of"));
    }

    [Fact]
    public async Task Metrics_OfAScheduledMessageWhoseTimeHasCome_CountItsAgeFromThen()
    {
        await Send("m1", Now + TimeSpan.FromHours(1));
        await Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(3));

        Assert.Equal(new(1, 0, 0, TimeSpan.FromSeconds(3)), await Metrics.GetAsync("runs"));
    }
}
