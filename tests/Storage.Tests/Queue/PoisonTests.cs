using Headgate.Storage.Queue;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Tests.Sqlite;
using Headgate.TestKit;

namespace Headgate.Storage.Tests.Queue;

public sealed class PoisonTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Message_ThatKillsTheProcessAtTheFirstInstruction_IsDeadLettered()
    {
        using var folder = new TempFolder();
        await using (var storage = Open(folder.Path))
        {
            await storage.Queue.SendAsync(new("runs", "poison", "{}"u8.ToArray()));
            await storage.Log.FlushedAsync();
        }

        var deaths = 0;
        CrashCopy? left = null;
        try
        {
            while (await DieAsync(left?.Path ?? folder.Path) is { } next)
            {
                left?.Dispose();
                left = next;
                Assert.InRange(++deaths, 1, 10);
            }

            await using var after = Open(left!.Path);
            var letter = Assert.Single(await after.Queue.ReadAsync("runs", 0, 10));
            Assert.Equal((10, "poison", 10, "MaxDeliveryCountExceeded"), (deaths, letter.MessageId, letter.Deliveries, letter.Reason));
        }
        finally
        {
            left?.Dispose();
        }
    }

    [Fact]
    public async Task Message_SentAndKillingTheProcessAtOnce_HasAtMostOneDeliveryUncounted()
    {
        using var folder = new TempFolder();
        await using var storage = Open(folder.Path);
        await storage.Queue.SendAsync(new("runs", "poison", "{}"u8.ToArray()));
        await storage.Log.FlushedAsync();
        using var died = await HandleAsync(storage, folder.Path);
        using var diedAgain = await DieAsync(died.Path);

        await using var after = Open(diedAgain!.Path);

        Assert.True(after.Queue.TryReceive("runs", out var message));
        Assert.Equal(2, message.DeliveryCount);
    }

    [Fact]
    public async Task SendAsync_ScheduledMonthsAhead_IsTakenByTheSystemClock()
    {
        using var folder = new TempFolder();
        await using var storage = EmbeddedStore.Open(folder.Path, TimeProvider.System, _ => { }, DiskSync.Off);

        await storage.Queue.SendAsync(new("runs", "m1", "{}"u8.ToArray(), null, TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(100)));

        Assert.Equal(1, (await storage.Queue.GetAsync("runs")).Scheduled);
        Assert.False(storage.Queue.TryReceive("runs", out _));
    }

    private static async Task<CrashCopy> HandleAsync(EmbeddedStore storage, string folder)
    {
        var died = new TaskCompletionSource<CrashCopy>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pump = new QueuePump(storage.Queue, "runs", new(1), Die, (_, _) => { }, TimeProvider.System);
        return await died.Task.WaitAsync(Patience.Limit);

        Task Die(ReceivedMessage message, CancellationToken cancellationToken)
        {
            died.TrySetResult(new CrashCopy(folder));
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    /// <summary>A process that the first message it handles kills.</summary>
    /// <returns>Its folder afterwards; null if there was no message.</returns>
    private async Task<CrashCopy?> DieAsync(string folder)
    {
        await using var storage = Open(folder);
        return (await storage.Queue.GetAsync("runs")).Active == 0 ? null : await HandleAsync(storage, folder);
    }

    // The clock stands still, so lazy writes don't happen before the process ends.
    private EmbeddedStore Open(string folder) => EmbeddedStore.Open(folder, _clock, _ => { }, DiskSync.Off);
}
