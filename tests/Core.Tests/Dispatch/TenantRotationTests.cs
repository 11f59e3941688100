using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Dispatch;

namespace Headgate.Core.Tests.Dispatch;

public sealed class TenantRotationTests
{
    [Fact]
    public void Next_NobodyWaits_NobodyIsChosen() => Assert.Null(TenantRotation.Next([]));

    [Fact]
    public void Next_WeightsFourToOneToOne_AreServedInThatShareAndSpread()
    {
        TenantTurns[] tenants = [new("a") { Weight = 4 }, new("b"), new("c")];

        var turns = Turns(12, tenants);

        Assert.Equal("aabacaaabaca".Length, turns.Length);
        Assert.Equal((8, 2, 2), (turns.Count(c => c == 'a'), turns.Count(c => c == 'b'), turns.Count(c => c == 'c')));
        Assert.DoesNotContain("aaaaa", turns, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_OrderOfCandidates_DoesNotMatter() =>
        Assert.Equal(Turns(20, new TenantTurns("a"), new TenantTurns("b") { Weight = 2 }), Turns(20, new TenantTurns("b") { Weight = 2 }, new TenantTurns("a")));

    [Fact]
    public void Next_EqualClaims_GoByName()
    {
        Assert.Equal("abab", Turns(4, new TenantTurns("a"), new TenantTurns("b")));
        Assert.Equal("abab", Turns(4, new TenantTurns("b"), new TenantTurns("a")));
    }

    [Fact]
    public void Next_TenantThatWasAway_DoesNotCatchUpWithABurst()
    {
        var (stayed, away) = (new TenantTurns("a"), new TenantTurns("b"));
        Turns(100, stayed);

        var turns = Turns(10, stayed, away);

        Assert.Equal(5, turns.Count(c => c == 'b'));
        Assert.DoesNotContain("bb", turns, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_AnyWeights_ServesEachWithinOneTurnOfItsShare() =>
        Prop.ForAll(Gen.Choose(1, 8).ArrayOf().Where(weights => weights.Length is > 0 and <= 6).ToArbitrary(), weights =>
        {
            var tenants = weights.Select((weight, i) => new TenantTurns($"t{i}") { Weight = weight }).ToArray();
            var turns = Enumerable.Range(0, weights.Sum() * 3).Select(_ => TenantRotation.Next(tenants)).ToList();
            return tenants.All(tenant => turns.Count(turn => turn == tenant) == tenant.Weight * 3);
        }).QuickCheckThrowOnFailure();

    private static string Turns(int count, params TenantTurns[] tenants) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => TenantRotation.Next(tenants)!.TenantId));
}
