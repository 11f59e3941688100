using Headgate.Core.Dispatch;
using Headgate.Core.Resources;
using Headgate.Core.Runs;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Xunit;

namespace Headgate.Functions.Tests.Stores;

public sealed class ResourceRowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, 7, TimeSpan.Zero);

    [Fact]
    public void Read_OfWhatWasWritten_LosesNothing()
    {
        var rules = new ResourceRules(5, new Dictionary<string, int>(StringComparer.Ordinal) { ["prune"] = 1 }, 2, 30);
        var resource = new Resource(rules, ResourcePhase.HalfOpen, Now, Now.AddSeconds(1), new("r.a", 2), "why", "who", 3, 4, new("r.b", 1))
        {
            Users = [new(new("r.a", 2), "backup", Now), new(new("r.c-1_x", 12), "prune", Now.AddMilliseconds(1))],
            Failures = [new("r.d", 1), new("r.e", 3)],
        };

        var read = ResourceRow.Read(ResourceRow.Write("acme", "main", resource, Now, "etag"));

        Assert.Equal(("acme", "main", Now, "etag"), (read.TenantId, read.Name, read.WrittenAt, read.ETag));
        Assert.True(read.Resource.Own!.IsSameAs(rules));
        Assert.Equal(resource.Users, read.Resource.Users);
        Assert.Equal(resource.Failures, read.Resource.Failures);
        Assert.Equal(resource with { Own = null, Users = [], Failures = [] }, read.Resource with { Own = null, Users = [], Failures = [] });
    }

    [Fact]
    public void Read_NothingKnown_IsNothingKnown() => Assert.True(ResourceRow.Read(ResourceRow.Write("acme", "main", Resource.Unknown, Now, null)).Resource.IsUnknown);

    [Fact]
    public void Write_MostAndLongestUsersAndFailures_FitTheirColumns()
    {
        var task = $"fe628d0a3c7f00000000000000ab.{new string('t', 64)}";
        var resource = Resource.Unknown with
        {
            Users = [.. Enumerable.Repeat(new ResourceUser(new(task, 9999), new string('y', 32), Now), ResourceRules.MaxConcurrentCeiling)],
            Failures = [.. Enumerable.Repeat(new ResourceAttempt(task, 9999), ResourceRules.FailuresToOpenCeiling)],
        };

        var columns = ResourceRow.Write("acme", "main", resource, Now, null).Columns;

        // A text property of Table storage holds 32 Ki characters.
        Assert.InRange(columns.String("users")!.Length, 1, 32 * 1024);
        Assert.InRange(columns.String("failures")!.Length, 1, 32 * 1024);
    }

    [Fact]
    public async Task Retention_ResourceWithoutRules_GoesAfterTheDaysOfRunsUnlessAPersonHoldsIt()
    {
        using var rig = new RunRig();
        var book = rig.Get<ResourceBook>();
        await book.ChangeAsync(new(RunRig.Tenant, "failed"), resource => resource.Settle(new("r.a", 1), new(ResourceEvidence.Failed), book.Now));
        await book.ChangeAsync(new(RunRig.Tenant, "held"), resource => resource.Hold("why", "who", book.Now));
        await book.ChangeAsync(new(RunRig.Tenant, "refused"), resource => resource.Settle(new("r.a", 1), new(ResourceEvidence.Refused), book.Now));
        await book.ChangeAsync(new(RunRig.Tenant, "ruled"), resource => resource.With(ResourceRules.Default));
        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);
        Assert.Equal(["failed", "held", "refused", "ruled"], await NamesAsync(rig));

        rig.Clock.Advance(TimeSpan.FromDays(3650));
        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);

        Assert.Equal(["held", "ruled"], await NamesAsync(rig));
        Assert.Equal(1, await rig.Get<HeldResources>().CountAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Retention_ResourceThatRefusedCredentials_StaysWhileAReadyTaskNamesIt()
    {
        using var rig = new RunRig();
        var (book, tables) = (rig.Get<ResourceBook>(), rig.Get<ITableStore>());
        await book.ChangeAsync(new(RunRig.Tenant, "refused"), resource => resource.Settle(new("r.a", 1), new(ResourceEvidence.Refused), book.Now));
        var waiting = ReadyRow.Write(new TaskOffer("r.b", RunRig.Tenant, 1, "backup", TaskPriority.Normal, null, TaskRecord.NoLabels, rig.Clock.GetUtcNow()) { Resources = ["other", "refused"] });
        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Ready, TableWrite.Insert(waiting))), CancellationToken.None);
        rig.Clock.Advance(TimeSpan.FromDays(3650));

        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);
        Assert.Equal(["refused"], await NamesAsync(rig));

        await tables.SubmitAsync(new TableChange(new TableBatch(Table.Ready, TableWrite.DeleteIfExists(waiting.PartitionKey, waiting.RowKey))), CancellationToken.None);
        await rig.Get<Retention>().RunAsync(null!, CancellationToken.None);
        Assert.Empty(await NamesAsync(rig));
    }

    private static async Task<List<string>> NamesAsync(RunRig rig) =>
        (await rig.Get<ResourceReader>().PageAsync(RunRig.Tenant, null, 100)).Resources.ConvertAll(resource => resource.Name);
}
