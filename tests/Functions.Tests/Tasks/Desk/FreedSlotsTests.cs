using Headgate.Functions.Tasks.Desk;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Tasks.Desk;

public sealed class FreedSlotsTests
{
    private readonly FreedSlots _slots = new();
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Free_SomeSlots_WakesAsManyClaimsLongestWaitingFirst()
    {
        var claims = Enumerable.Range(0, 3).Select(_ => WaitAsync()).ToList();

        _slots.Free("agent", 2);

        Assert.True(await claims[0]);
        Assert.True(await claims[1]);
        Assert.False(claims[2].IsCompleted);
    }

    [Fact]
    public async Task Free_FirstHasLeft_WakesTheNext()
    {
        using var leaving = new CancellationTokenSource();
        var (first, next) = (WaitAsync(cancellationToken: leaving.Token), WaitAsync());
        await leaving.CancelAsync();

        _slots.Free("agent");

        Assert.False(await first);
        Assert.True(await next);
    }

    [Fact]
    public async Task Wait_SlotFreedSinceTheCount_DoesNotWait()
    {
        var count = _slots.Count("agent");
        _slots.Free("agent");

        Assert.True(await WaitAsync(count));
        Assert.False(WaitAsync(_slots.Count("agent")).IsCompleted);
    }

    [Fact]
    public async Task Wait_OtherAgentsSlotFreed_EndsWithItsTime()
    {
        var claim = WaitAsync();

        _slots.Free("other");
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await claim);
    }

    [Fact]
    public async Task Forget_ClaimsThatWait_AreWaken()
    {
        var claims = new[] { WaitAsync(), WaitAsync() };

        _slots.Forget("agent");

        Assert.All(await Task.WhenAll(claims), Assert.True);
    }

    private Task<bool> WaitAsync(long count = 0, CancellationToken cancellationToken = default) =>
        _slots.WaitAsync("agent", count, TimeSpan.FromSeconds(1), _clock, cancellationToken).AsTask();
}
