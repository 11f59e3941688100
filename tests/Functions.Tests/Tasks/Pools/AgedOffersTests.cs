using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Dispatch;
using Headgate.Core.Runs;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Tasks.Pools;

namespace Headgate.Functions.Tests.Tasks.Pools;

public sealed class AgedOffersTests
{
    [Fact]
    public void AddRemove_AnyOrderUntilEmpty_HoldsWhatASortedSetHolds() =>
        Prop.ForAll(Gen.Choose(-60, 60).ArrayOf(200).ToArbitrary(), steps =>
        {
            var offers = new AgedOffers();
            var expected = new SortedSet<int>();
            // So many steps leave about half of the ages; then all of them go.
            foreach (var step in steps.Concat(Enumerable.Range(0, 61).Select(age => -age)))
            {
                var age = Math.Abs(step);
                var changed = step > 0 ? offers.Add(Aged(age)) : offers.Remove(Aged(age));
                if (changed != (step > 0 ? expected.Add(age) : expected.Remove(age)) || !Ages(offers).SequenceEqual(expected))
                    return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Add_SameAge_GoesById()
    {
        var offers = new AgedOffers();
        foreach (var id in (string[])["b", "c", "a"])
            offers.Add(Aged(1, id));

        Assert.Equal(["a", "b", "c"], Enumerable.Range(0, offers.Count).Select(i => offers[i].TaskId));
    }

    [Fact]
    public void Remove_OtherOfTheSameAge_LeavesIt()
    {
        var offers = new AgedOffers();
        offers.Add(Aged(1, "a"));

        Assert.False(offers.Remove(Aged(1, "b")));
        Assert.Equal(1, offers.Count);
    }

    private static IEnumerable<int> Ages(AgedOffers offers) => Enumerable.Range(0, offers.Count).Select(i => (int)offers[i].Since.Ticks);

    private static TaskOffer Aged(int age, string id = "task") =>
        new(id, "tenant", 1, "noop", TaskPriority.Normal, null, TaskRecord.NoLabels, new DateTimeOffset(age, TimeSpan.Zero));
}
