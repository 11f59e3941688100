using Headgate.LocalHost.Commands;
using Headgate.TestKit;
using Xunit;

namespace Headgate.LocalHost.Tests.Commands;

public sealed class MemoryAtRestTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly MemoryAtRest _memory;
    private long _records;
    private long _allocated;
    private long _alive;
    private int _collections;

    public MemoryAtRestTests() => _memory = new(
        () => _records,
        () => _allocated,
        _clock,
        () =>
        {
            _collections++;
            return _alive;
        });

    [Fact]
    public void Look_RestAfterLoad_CollectsOnce()
    {
        Pass(records: 5000, allocated: 10 * MemoryAtRest.WorthIt);
        Assert.Equal(0, _collections);

        Pass(records: 99);
        Assert.Equal(0, _collections);
        Pass(records: 0);
        Pass(records: 0);

        Assert.Equal(1, _collections);
    }

    [Fact]
    public void Look_UnderUnbrokenLoad_Never()
    {
        for (var i = 0; i < 10; i++)
            Pass(records: 100, allocated: MemoryAtRest.WorthIt);

        Assert.Equal(0, _collections);
    }

    [Fact]
    public void Look_WhileMuchIsRead_Never()
    {
        for (var i = 0; i < 10; i++)
            Pass(records: 0, allocated: MemoryAtRest.RestBytes);

        Assert.Equal(0, _collections);
    }

    [Fact]
    public void Look_LittleAllocatedSinceTheLast_WaitsUntilItIsWorthIt()
    {
        Pass(records: 0, allocated: MemoryAtRest.WorthIt);
        Pass(records: 0);
        Pass(records: 0);
        Assert.Equal(1, _collections);

        Rest(MemoryAtRest.WorthIt - 1);
        Assert.Equal(1, _collections);
        Rest(1);

        Assert.Equal(2, _collections);
    }

    [Fact]
    public void Look_LessAllocatedThanIsAlive_Waits()
    {
        _alive = 3 * MemoryAtRest.WorthIt;
        Rest(MemoryAtRest.WorthIt);
        Assert.Equal(1, _collections);

        Rest(MemoryAtRest.WorthIt);
        Rest(MemoryAtRest.WorthIt);
        Assert.Equal(1, _collections);
        Rest(MemoryAtRest.WorthIt);

        Assert.Equal(2, _collections);
    }

    [Fact]
    public void Look_CollectedJustNow_WaitsHalfAMinute()
    {
        for (var i = 0; i < 2; i++)
        {
            Pass(records: 0, allocated: MemoryAtRest.WorthIt);
            Pass(records: 0);
            Pass(records: 0);
        }

        Assert.Equal(1, _collections);
        for (var i = 0; i < 2; i++)
            Pass(records: 0);
        Assert.Equal(1, _collections);
        Pass(records: 0);

        Assert.Equal(2, _collections);
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>A minute and more in which so much is allocated, once.</summary>
    private void Rest(long allocated)
    {
        Pass(records: 0, allocated);
        for (var i = 0; i < 14; i++)
            Pass(records: 0);
    }

    private void Pass(long records, long allocated = 0)
    {
        _records += records;
        _allocated += allocated;
        _clock.Advance(MemoryAtRest.Between);
    }
}
