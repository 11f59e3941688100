using Headgate.Core.Access;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
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
    public async Task FindAsync_KeyUsedEachMinute_CostsItsCallersNoRead()
    {
        await StoreAsync("k1");
        await _keys.FindAsync("k1", default);
        _clock.Advance(KeyStore.Pace);
        await _keys.FindAsync("k1", default);

        for (var minute = 0; minute < 10; minute++)
        {
            _clock.Advance(TimeSpan.FromSeconds(59));
            var found = _keys.FindAsync("k1", default);
            Assert.True(found.IsCompletedSuccessfully);
            Assert.Equal("k1", (await found)!.KeyId);
        }

        Assert.InRange(_tables.GetsOf(KeyRecord.RowKey), 2, 13);
    }

    [Fact]
    public async Task FindAsync_Alone_LooksForNoChanges()
    {
        await StoreAsync("k1");
        using var keys = new KeyStore(_tables, _clock, Arrangement.Alone);

        for (var second = 0; second < 60; second++)
        {
            await keys.FindAsync("k1", default);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _tables.GetsOf(KeyRecord.RowKey));
        Assert.Equal(0, _tables.GetsOf(RowKeys.KeyChanges));
    }

    [Fact]
    public async Task FindAsync_NobodyCalls_TheLooksEnd()
    {
        await StoreAsync("k1");
        await _keys.FindAsync("k1", default);
        _clock.Advance(TimeSpan.FromMinutes(3));
        var looks = _tables.GetsOf(RowKeys.KeyChanges);

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(looks, _tables.GetsOf(RowKeys.KeyChanges));
        await _keys.FindAsync("k1", default);
        _clock.Advance(KeyStore.Pace);
        Assert.InRange(_tables.GetsOf(RowKeys.KeyChanges), looks + 1, looks + 2);
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

    [Theory]
    [InlineData(0)]
    [InlineData(1.9)]
    [InlineData(4)]
    [InlineData(61)]
    [InlineData(125)]
    public async Task FindAsync_RevokedElsewhereWhileInUse_RefusedWithinFiveSeconds(double after)
    {
        await StoreAsync("k1");
        await UseForAsync(after);
        await RevokeAsync("k1");

        await UseForAsync(4.999);
        _clock.Advance(TimeSpan.FromSeconds(0.001));

        Assert.Null(await _keys.FindAsync("k1", default));
    }

    [Fact]
    public async Task FindAsync_LooksFail_MemoryCountsForFiveSecondsOnly()
    {
        await StoreAsync("k1");
        await UseForAsync(10);
        _tables.Failure = new StoreUnavailableException("away");

        _clock.Advance(TimeSpan.FromSeconds(2.5));
        Assert.NotNull(await _keys.FindAsync("k1", default));
        _clock.Advance(TimeSpan.FromSeconds(2.6));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _keys.FindAsync("k1", default));
    }

    [Fact]
    public async Task FindAsync_RevokedDuringItsRead_IsNotRememberedAsGood()
    {
        await StoreAsync("k1");
        await UseForAsync(10);
        await RevokeAsync("k1");
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Null(await _keys.FindAsync("k1", default));
    }

    [Fact]
    public void Remember_ForgottenDuringTheRead_NotKept()
    {
        var cache = new LookupCache<KeyRecord>(_clock, TimeSpan.FromMinutes(1));
        var before = cache.Moment;
        cache.Forget("k1");

        cache.Remember("k1", null, before);
        var all = cache.Moment;
        cache.ForgetAll();
        cache.Remember("k2", null, all);

        Assert.False(cache.TryGet("k1", out _, out _));
        Assert.False(cache.TryGet("k2", out _, out _));
    }

    [Fact]
    public void TryGet_AskedForInEachGeneration_StaysAndKeepsItsAge()
    {
        var cache = new LookupCache<KeyRecord>(_clock, TimeSpan.FromMinutes(1));
        cache.Remember("k1", null, cache.Moment);
        cache.Remember("k2", null, cache.Moment);
        for (var i = 0; i < 5; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            cache.Remember($"other{i}", null, cache.Moment);
            Assert.True(cache.TryGet("k1", out _, out var age));
            Assert.Equal(TimeSpan.FromMinutes(i + 1), age);
        }

        Assert.False(cache.TryGet("k2", out _, out _));
    }

    [Fact]
    public void Remember_ManyStrangers_Bounded()
    {
        const int Max = LookupCache<KeyRecord>.MaxPerGeneration;
        var cache = new LookupCache<KeyRecord>(_clock, TimeSpan.FromMinutes(1));
        for (var i = 0; i < Max * 3; i++)
            cache.Remember($"k{i}", null, cache.Moment);

        Assert.True(cache.TryGet($"k{(Max * 3) - 1}", out _, out _));
        Assert.False(cache.TryGet("k0", out _, out _));
        Assert.False(cache.TryGet($"k{Max - 1}", out _, out _));
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
        [new OperatorCaller("k1"), new MemberCaller("k1", "acme", Role.Admin), new MemberCaller("k1", "acme", Role.Admin) { Scopes = PermissionSet.Of([Permission.RunCreate, Permission.KeyRotate]) }, new AgentCaller("a1", "acme"), new AgentCaller("a1", null)];

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

    private async Task UseForAsync(double seconds)
    {
        await _keys.FindAsync("k1", default);
        for (; seconds > 0; seconds--)
        {
            _clock.Advance(TimeSpan.FromSeconds(Math.Min(1, seconds)));
            await _keys.FindAsync("k1", default);
        }
    }

    private async Task RevokeAsync(string id) => await _tables.SubmitAsync(new TableChange(
        new TableBatch(Table.Keys, TableWrite.DeleteIfExists(id, KeyRecord.RowKey)), KeyStore.Change(_clock.GetUtcNow())));
}
