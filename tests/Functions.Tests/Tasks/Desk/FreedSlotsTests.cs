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

        _slots.Free(2);

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

        _slots.Free(1);

        Assert.False(await first);
        Assert.True(await next);
    }

    [Fact]
    public async Task Wait_SlotFreedSinceTheCount_DoesNotWait()
    {
        var count = _slots.Count;
        _slots.Free(1);

        Assert.True(await WaitAsync(count));
        Assert.False(WaitAsync(_slots.Count).IsCompleted);
    }

    [Fact]
    public async Task WakeAll_ClaimsThatWait_AllEnd()
    {
        var claims = new[] { WaitAsync(), WaitAsync() };

        _slots.WakeAll();

        Assert.All(await Task.WhenAll(claims), Assert.True);
    }

    [Fact]
    public void WakeAll_ClaimWaitsAgainAtOnce_IsWokenOnce()
    {
        var woken = 0;
        _ = WaitOnAsync();

        _slots.WakeAll();

        Assert.Equal(1, woken);

        async Task WaitOnAsync()
        {
            while (await WaitAsync() && ++woken < 10)
            {
            }
        }
    }

    private Task<bool> WaitAsync(long count = 0, CancellationToken cancellationToken = default) =>
        _slots.WaitAsync(count, TimeSpan.FromSeconds(1), _clock, cancellationToken).AsTask();
}
