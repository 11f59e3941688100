using Headgate.Core.Access;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit;
using Xunit;

namespace Headgate.Functions.Tests.Security;

public sealed class KeyExpiryTests
{
    private readonly MemoryTables _tables = new();
    private readonly WallClock _clock = new();

    [Fact]
    public async Task Verify_ClockSetOverTheExpiryAndBack_GoesByTheTimeThatWasNamed()
    {
        var (id, key, hash) = ApiKey.Generate(new SequenceRandom());
        var expires = _clock.GetUtcNow().AddDays(1);
        _tables.Put(Table.Keys, new KeyRecord(id, new MemberCaller(id, "acme", Role.Viewer), hash, id, _clock.GetUtcNow(), expires).ToRow());
        var verifier = new ApiKeyVerifier(new KeyStore(_tables, _clock), new KeyUses(_tables, _clock), _clock, []);

        foreach (var (days, isValid) in new[] { (0, true), (1, false), (0, true), (-1, true), (2, false) })
        {
            _clock.Offset = TimeSpan.FromDays(days);
            Assert.Equal(isValid, await verifier.VerifyAsync(key, CancellationToken.None) is not null);
        }

        _clock.Offset = TimeSpan.Zero;
        _clock.Ticking.Advance(TimeSpan.FromDays(1));
        Assert.Null(await verifier.VerifyAsync(key, CancellationToken.None));
    }
}
