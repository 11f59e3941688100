using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Dispatch;

namespace Headgate.Core.Tests.Dispatch;

public sealed class TenantRotationTests
{
    [Fact]
    public void Next_NobodyWaits_NobodyIsChosen() => Assert.Null(new TenantRotation().Next([]));

    [Fact]
    public void Next_WeightsFourToOneToOne_AreServedInThatShareAndSpread()
    {
        var rotation = new TenantRotation();

        var turns = string.Concat(Enumerable.Range(0, 12).Select(_ => rotation.Next([("a", 4), ("b", 1), ("c", 1)])));

        Assert.Equal("aabacaaabaca".Length, turns.Length);
        Assert.Equal((8, 2, 2), (turns.Count(c => c == 'a'), turns.Count(c => c == 'b'), turns.Count(c => c == 'c')));
        Assert.DoesNotContain("aaaaa", turns, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_OrderOfCandidates_DoesNotMatter()
    {
        var one = new TenantRotation();
        var other = new TenantRotation();

        for (var i = 0; i < 20; i++)
            Assert.Equal(one.Next([("a", 1), ("b", 2)]), other.Next([("b", 2), ("a", 1)]));
    }

    [Fact]
    public void Next_TenantThatWasAway_DoesNotCatchUpWithABurst()
    {
        var rotation = new TenantRotation();
        for (var i = 0; i < 100; i++)
            rotation.Next([("a", 1)]);

        var turns = string.Concat(Enumerable.Range(0, 10).Select(_ => rotation.Next([("a", 1), ("b", 1)])));

        Assert.Equal(5, turns.Count(c => c == 'b'));
        Assert.DoesNotContain("bb", turns, StringComparison.Ordinal);
    }

    [Fact]
    public void Forget_Tenant_StartsItFromNothing()
    {
        var rotation = new TenantRotation();
        Assert.Equal("a", rotation.Next([("a", 1), ("b", 1)]));

        rotation.Forget("a");
        rotation.Forget("b");

        Assert.Equal("a", rotation.Next([("a", 1), ("b", 1)]));
    }

    [Fact]
    public void Next_AnyWeights_ServesEachWithinOneTurnOfItsShare() =>
        Prop.ForAll(Gen.Choose(1, 8).ArrayOf().Where(weights => weights.Length is > 0 and <= 6).ToArbitrary(), weights =>
        {
            var rotation = new TenantRotation();
            var candidates = weights.Select((weight, i) => ($"t{i}", weight)).ToArray();
            var total = weights.Sum();
            var turns = Enumerable.Range(0, total * 3).Select(_ => rotation.Next(candidates)!).ToList();
            return candidates.All(candidate => turns.Count(turn => turn == candidate.Item1) == candidate.weight * 3);
        }).QuickCheckThrowOnFailure();
}
