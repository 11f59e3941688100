using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Security;

public sealed class KeyStoreTests
{
    private readonly MemoryTables _tables = new();
    private readonly ManualClock _clock = new();
    private readonly KeyStore _keys;

    public KeyStoreTests() => _keys = new KeyStore(_tables, _clock);

    [Fact]
    public async Task FindAsync_Again_AsksTheStoreOnceInFiveSeconds()
    {
        await StoreAsync("k1");

        Assert.Equal("k1", (await _keys.FindAsync("k1", default))!.KeyId);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        var second = _keys.FindAsync("k1", default);
        Assert.True(second.IsCompletedSuccessfully);
        Assert.Equal("k1", (await second)!.KeyId);
        Assert.Equal(1, _tables.Gets);

        _clock.Advance(TimeSpan.FromSeconds(0.2));
        await _keys.FindAsync("k1", default);
        Assert.Equal(2, _tables.Gets);
    }

    [Fact]
    public async Task FindAsync_Miss_RememberedUntilItExpiresOrIsForgotten()
    {
        Assert.Null(await _keys.FindAsync("k1", default));
        await StoreAsync("k1");
        Assert.Null(await _keys.FindAsync("k1", default));
        Assert.Equal(1, _tables.Gets);

        _keys.Forget("k1");

        Assert.NotNull(await _keys.FindAsync("k1", default));
    }

    [Fact]
    public async Task FindAsync_RevokedElsewhere_RefusedAfterFiveSeconds()
    {
        await StoreAsync("k1");
        await _keys.FindAsync("k1", default);
        await _tables.SubmitAsync(new TableChange(new TableBatch(Table.Keys, TableWrite.DeleteIfExists("k1", KeyRecord.RowKey))));

        Assert.NotNull(await _keys.FindAsync("k1", default));
        _clock.Advance(KeyCache.Lifetime);
        Assert.Null(await _keys.FindAsync("k1", default));
    }

    [Fact]
    public void Remember_ForgottenDuringTheRead_NotKept()
    {
        var cache = new KeyCache(_clock);
        var before = cache.Moment;
        cache.Forget("k1");

        cache.Remember("k1", null, before);

        Assert.False(cache.TryGet("k1", out _));
    }

    [Fact]
    public void Remember_ManyStrangers_Bounded()
    {
        var cache = new KeyCache(_clock);
        for (var i = 0; i < KeyCache.MaxPerGeneration * 3; i++)
            cache.Remember($"k{i}", null, cache.Moment);

        var kept = Enumerable.Range(0, KeyCache.MaxPerGeneration * 3).Count(i => cache.TryGet($"k{i}", out _));
        Assert.InRange(kept, 1, KeyCache.MaxPerGeneration * 2);
        Assert.True(cache.TryGet($"k{(KeyCache.MaxPerGeneration * 3) - 1}", out _));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public void FromRow_WrittenRow_SameRecord(Caller caller)
    {
        var record = new KeyRecord("k1", caller, new byte[32], "CI", _clock.GetUtcNow(), _clock.GetUtcNow().AddDays(1));

        var read = KeyRecord.FromRow(record.ToRow());

        Assert.Equal(record with { Hash = read.Hash }, read);
        Assert.Equal(record.Hash, read.Hash);
    }

    public static TheoryData<Caller> Callers() =>
        [new OperatorCaller("k1"), new MemberCaller("k1", "acme", Role.Admin), new AgentCaller("a1", "acme"), new AgentCaller("a1", null)];

    [Fact]
    public void FromRow_UnknownOwnerOrRole_Refused()
    {
        var row = new KeyRecord("k1", new MemberCaller("k1", "acme", Role.Admin), new byte[32], "CI", _clock.GetUtcNow(), null).ToRow();

        Assert.Throws<InvalidDataException>(() => KeyRecord.FromRow(row.With(new Columns(row.Columns) { ["role"] = "god" })));
        Assert.Throws<InvalidDataException>(() => KeyRecord.FromRow(row.With(new Columns(row.Columns) { ["owner"] = null })));
        Assert.Throws<InvalidDataException>(() => KeyRecord.FromRow(row.With(new Columns(row.Columns) { ["hash"] = null })));
    }

    private async Task StoreAsync(string id) => await _tables.SubmitAsync(new TableChange(new TableBatch(
        Table.Keys,
        TableWrite.Insert(new KeyRecord(id, new MemberCaller(id, "acme", Role.Viewer), new byte[32], "", _clock.GetUtcNow(), null).ToRow()))));
}
