using Headgate.LocalHost.Commands;
using Headgate.TestKit;
using Xunit;

namespace Headgate.LocalHost.Tests.Commands;

public sealed class MemoryAtRestTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly MemoryAtRest _memory;
    private long _records;
    private int _collections;

    public MemoryAtRestTests() => _memory = new(() => _records, _clock, () => _collections++);

    [Fact]
    public void Look_RestAfterLoad_CollectsOnce()
    {
        Pass(records: 5000);
        Assert.Equal(0, _collections);

        Pass(records: 99);
        Pass(records: 0);

        Assert.Equal(1, _collections);
    }

    [Fact]
    public void Look_UnderUnbrokenLoad_Never()
    {
        for (var i = 0; i < 10; i++)
            Pass(records: 100);

        Assert.Equal(0, _collections);
    }

    [Fact]
    public void Look_LittleDoneSinceTheLast_WaitsUntilItIsWorthIt()
    {
        Pass(records: 0);
        for (var i = 0; i < 20; i++)
            Pass(records: 99);
        Assert.Equal(0, _collections);

        Pass(records: 99);

        Assert.Equal(1, _collections);
    }

    public void Dispose() => _memory.Dispose();

    private void Pass(long records)
    {
        _records += records;
        _clock.Advance(MemoryAtRest.Between);
    }
}
