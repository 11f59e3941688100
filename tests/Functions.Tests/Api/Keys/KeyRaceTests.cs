using System.Text.Json;
using Headgate.Core.Access;
using Headgate.Core.Admission;
using Headgate.Core.Plans;
using Headgate.Functions.Admission;
using Headgate.Functions.Api.Idempotency;
using Headgate.Functions.Api.Keys;
using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Api.Keys;

/// <summary>Keys that are made and rotated while something else happens.</summary>
public sealed class KeyRaceTests
{
    private const int Week = RotateKey.MaxOverlapSeconds;

    [Fact]
    public async Task Rotate_RotatedForAWeekAndAtOnce_TheOldKeyDiesAtOnce()
    {
        using var rig = WithKey(out var now);
        using var other = rig.OtherProcess();
        rig.BeforeWriteTo(Table.Keys, async () => Assert.Equal(201, (await RotateAsync(other, 0)).Status));

        var (status, body) = await RotateAsync(rig, Week);

        Assert.Equal((409, "key-rotated"), (status, body.GetProperty("code").GetString()));
        Assert.Equal(now, await EndAsync(rig));
    }

    [Fact]
    public async Task Rotate_AfterOneThatWasCutShort_LengthensNoLife()
    {
        using var rig = WithKey(out var now);
        var row = await rig.Tables.GetAsync(Table.Keys, "old", RowKeys.ApiKey);
        rig.Tables.Put(Table.Keys, row!.With(new Columns(row.Columns) { ["expiresAt"] = now.AddSeconds(60) }));

        Assert.Equal(201, (await RotateAsync(rig, Week)).Status);

        Assert.Equal(now.AddSeconds(60), await EndAsync(rig));
    }

    [Fact]
    public async Task Rotate_SuccessorThatIsNotThere_IsReplacedByAnother()
    {
        using var rig = WithKey(out _);
        var first = (await RotateAsync(rig, Week)).Body.GetProperty("keyId").GetString()!;
        Assert.Equal(409, (await RotateAsync(rig, Week)).Status);

        await rig.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Keys, TableWrite.DeleteIfExists(first, RowKeys.ApiKey))));

        var (status, body) = await RotateAsync(rig, Week);

        Assert.Equal(201, status);
        Assert.Null((await rig.Tables.GetAsync(Table.Keys, body.GetProperty("keyId").GetString()!, RowKeys.ApiKey))!.Columns.Time("expiresAt"));
    }

    [Fact]
    public async Task Rotate_KeyThatLivesToTheEndOfTime_GivesOneThatDoes()
    {
        using var rig = WithKey(out _, new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero));
        rig.Clock.Advance(TimeSpan.FromDays(30));

        var (status, body) = await RotateAsync(rig, Week);

        Assert.Equal((201, 9999), (status, body.GetProperty("expiresAt").GetDateTimeOffset().Year));
    }

    [Fact]
    public async Task Rotate_AtTheLimit_NeedsAnExpiredKey()
    {
        using var rig = WithKey(out var now);
        for (var i = 1; i < KeyListing.MaxKeys; i++)
            rig.Tables.Put(Table.Tenants, new TableRow(RunRig.Tenant, RowKeys.KeyOfTenant($"k{i:D2}"), []));

        Assert.Equal("key-limit", (await RotateAsync(rig, 0)).Body.GetProperty("code").GetString());
        Assert.Null(await EndAsync(rig));
        rig.Tables.Put(Table.Tenants, new TableRow(RunRig.Tenant, RowKeys.KeyOfTenant("k01"), new Columns { { "expiresAt", now } }));
        Assert.Equal(201, (await RotateAsync(rig, 0)).Status);

        Assert.Null(await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, RowKeys.KeyOfTenant("k01")));
    }

    /// <summary>A limit that is lowered takes nothing away; what has expired counts no more.</summary>
    [Fact]
    public async Task CreateAndRotate_LimitWasLowered_OnlyAnotherKeyIsRefused()
    {
        using var rig = WithKey(out var now);
        rig.Tables.Put(Table.Tenants, LedgerRow.Write(RunRig.Tenant, Ledger.Open("enterprise", new LimitOverrides(MaxKeys: 2), now), null));
        foreach (var id in new[] { "k1", "k2" })
            rig.Tables.Put(Table.Tenants, new TableRow(RunRig.Tenant, RowKeys.KeyOfTenant(id), []));

        var refused = (await CallAsync(rig, "CreateKey", """{"name":"k","role":"viewer"}""")).Body;
        Assert.Equal(("key-limit", 3, 2), (refused.GetProperty("code").GetString(), refused.GetProperty("currentUsage").GetInt32(), refused.GetProperty("limit").GetInt32()));
        Assert.Equal(201, (await RotateAsync(rig, 0)).Status);

        // The old one has ended at once, and k1 has expired: there are k2 and the successor.
        rig.Tables.Put(Table.Tenants, new TableRow(RunRig.Tenant, RowKeys.KeyOfTenant("k1"), new Columns { { "expiresAt", now } }));
        Assert.Equal("key-limit", (await CallAsync(rig, "CreateKey", """{"name":"k","role":"viewer"}""")).Body.GetProperty("code").GetString());
        rig.Tables.Put(Table.Tenants, new TableRow(RunRig.Tenant, RowKeys.KeyOfTenant("k2"), new Columns { { "expiresAt", now } }));
        Assert.Equal(201, (await CallAsync(rig, "CreateKey", """{"name":"k","role":"viewer"}""")).Status);
    }

    [Fact]
    public async Task CreateAndRotate_TenantWhoseRemovalHasBegun_AreRefused()
    {
        using var rig = WithKey(out var now);
        // It begins after the call has found the tenant as it was.
        rig.Tables.Queried = query =>
        {
            if (query.From == RowKeys.KeyPrefix)
                return Task.CompletedTask;
            rig.Tables.Queried = null;
            rig.Tables.Put(Table.Tenants, ProfileRow.Write(RunRig.Tenant, new TenantProfile("Acme", now, DeletedAt: now, RemovingAt: now)));
            return Task.CompletedTask;
        };

        var created = await CallAsync(rig, "CreateKey", """{"name":"k","role":"viewer"}""");
        var rotated = await RotateAsync(rig, 0);

        Assert.Equal("being-removed", created.Body.GetProperty("code").GetString());
        Assert.Equal("being-removed", rotated.Body.GetProperty("code").GetString());
        Assert.Equal("key:old", Assert.Single((await rig.Tables.QueryAsync(TableQuery.Prefix(Table.Tenants, RunRig.Tenant, RowKeys.KeyPrefix))).Rows).RowKey);
    }

    /// <summary>A tenant with the key <c>old</c>.</summary>
    private static RunRig WithKey(out DateTimeOffset now, DateTimeOffset? expiresAt = null)
    {
        var rig = new RunRig();
        now = rig.Clock.GetUtcNow();
        var holder = new MemberCaller("old", RunRig.Tenant, Role.Viewer);
        var record = new KeyRecord("old", holder, [1], "old", now, expiresAt);
        rig.Tables.Put(Table.Keys, record.ToRow());
        rig.Tables.Put(Table.Tenants, TenantKeyRow.Write(RunRig.Tenant, record, holder));
        return rig;
    }

    private static async Task<DateTimeOffset?> EndAsync(RunRig rig) => (await rig.Tables.GetAsync(Table.Keys, "old", RowKeys.ApiKey))!.Columns.Time("expiresAt");

    private static Task<(int Status, JsonElement Body)> RotateAsync(RunRig rig, int overlap) => CallAsync(rig, "RotateKey", $$"""{"overlapSeconds":{{overlap}}}""");

    private static async Task<(int Status, JsonElement Body)> CallAsync(RunRig rig, string function, string body)
    {
        var exchange = new Exchange("POST", "/", body);
        exchange.Http.Admit(new OperatorCaller("ops"));
        var context = new FakeInvocation(function, exchange.Http);
        var (tables, gate, keys, ids, random) = (rig.Tables, rig.Get<TenantGate>(), rig.Get<KeyStore>(), rig.Get<NewestFirstIds>(), rig.Get<IRandomSource>());
        var answers = new RememberedAnswers(tables, random, rig.Get<BelievedClock>(), new HeadgateOptions());
        var shown = new KeyAnswers(tables, answers);
        var reply = function == "RotateKey"
            ? await new RotateKey(tables, gate, keys, answers, shown, random, ids, rig.Clock).RunAsync(exchange.Http.Request, RunRig.Tenant, "old", context, CancellationToken.None)
            : await new CreateKey(tables, rig.Get<TenantReader>(), gate, keys, answers, shown, random, ids, rig.Clock).RunAsync(exchange.Http.Request, RunRig.Tenant, context, CancellationToken.None);
        var text = await exchange.AnswerAsync(Assert.IsAssignableFrom<Reply>(reply));
        return (exchange.Status, JsonElement.Parse(text));
    }
}
