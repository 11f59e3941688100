using Headgate.Functions.Maintenance;
using Headgate.Functions.Ports;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Runs;

public sealed class RetentionTests
{
    [Fact]
    public async Task Run_OldKeyUsedAnewMeanwhile_TheNewAnswerIsKept()
    {
        using var rig = new RunRig();
        var key = IdempotencyRow.Key("runs", "key");
        var answered = rig.Clock.GetUtcNow();
        TableRow Answer(string runId, DateTimeOffset at) => IdempotencyRow.Write(RunRig.Tenant, key, new RememberedAnswer("hash", runId, [], at));
        rig.Tables.Put(Table.Tenants, Answer("old", answered));
        rig.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        rig.BeforeWriteTo(Table.Tenants, () =>
        {
            rig.Tables.Put(Table.Tenants, Answer("new", rig.Clock.GetUtcNow()));
            return Task.CompletedTask;
        });
        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);

        var kept = await rig.Tables.GetAsync(Table.Tenants, RunRig.Tenant, key);
        Assert.Equal("new", IdempotencyRow.Read(kept!).RunId);
    }
}
