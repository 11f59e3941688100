using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Retry;

namespace Headgate.Core.Tests.Retry;

public sealed class BackoffProperties
{
    private const double Tick = 1e-7;

    private static readonly Gen<int> AnyRetry = Gen.OneOf(
        Gen.Choose(1, 40), Gen.Choose(int.MinValue, int.MaxValue), Gen.Elements(int.MinValue, -1, 0, 1, 31, 32, 33, 63, 64, 1024, int.MaxValue - 1, int.MaxValue));

    [Fact]
    public void Delay_AnyPolicyAndRetry_StaysBetweenFloorAndCap() =>
        ForAll((policy, retry, chance) =>
        {
            var seconds = Backoff.Delay(policy, retry, chance).TotalSeconds;
            return seconds >= Backoff.FloorSeconds - Tick && seconds <= policy.MaxSeconds + Tick;
        });

    [Fact]
    public void Delay_AnyChance_JittersAroundTheNominalInsideTheCap() =>
        ForAll((policy, retry, chance) =>
        {
            var nominal = Backoff.Delay(policy with { Jitter = 0 }, retry, chance).TotalSeconds;
            var seconds = Backoff.Delay(policy, retry, chance).TotalSeconds;
            return seconds >= Math.Max(nominal * (1 - policy.Jitter), Backoff.FloorSeconds) - (2 * Tick)
                && seconds <= Math.Min(nominal * (1 + policy.Jitter), policy.MaxSeconds) + (2 * Tick);
        });

    [Fact]
    public void Delay_WithoutJitter_NeverShrinks() =>
        ForAll((policy, retry, chance) =>
        {
            var calm = policy with { Jitter = 0 };
            return retry == int.MaxValue || Backoff.Delay(calm, retry, chance) <= Backoff.Delay(calm, retry + 1, chance);
        });

    [Fact]
    public void Delay_MoreChance_NeverShortens() =>
        ForAll((policy, retry, chance) => Backoff.Delay(policy, retry, chance / 2) <= Backoff.Delay(policy, retry, chance));

    private static void ForAll(Func<RetryPolicy, int, double, bool> holds) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(Policies.Valid.ToArbitrary(), AnyRetry.ToArbitrary(), Policies.Chance.ToArbitrary(), (policy, retry, chance) => holds(policy, retry, chance)));
}
