using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Agents;

namespace Headgate.Core.Tests.Agents;

public sealed class SmoothingTests
{
    [Fact]
    public void Next_FirstReport_IsTaken() => Assert.Equal(70, Smoothing.Next(null, 70, TimeSpan.Zero));

    [Fact]
    public void Next_NoValueReported_IsUnknown() => Assert.Null(Smoothing.Next(70, null, TimeSpan.FromSeconds(10)));

    [Fact]
    public void Next_AfterATimeConstant_HasComeTwoThirdsOfTheWay() =>
        Assert.Equal(100 * (1 - Math.Exp(-1)), Smoothing.Next(0, 100, Smoothing.TimeConstant)!.Value, 9);

    [Theory]
    [InlineData(0)]
    [InlineData(-3600)]
    public void Next_NoTimePassed_StaysAsItWas(double seconds) => Assert.Equal(20, Smoothing.Next(20, 100, TimeSpan.FromSeconds(seconds)));

    /// <summary>A constant report leads to the same mean at any rate of heartbeats, and the mean stays between the old mean and the report.</summary>
    [Fact]
    public void Next_AnyPace_LeadsToTheSame() =>
        Prop.ForAll(
            Gen.Choose(0, 60_000).NonEmptyListOf().ToArbitrary(),
            Gen.Choose(0, 100).Two().ToArbitrary(),
            (pauses, values) =>
            {
                double? mean = values.Item1;
                foreach (var pause in pauses)
                    mean = Smoothing.Next(mean, values.Item2, TimeSpan.FromMilliseconds(pause));
                var atOnce = Smoothing.Next(values.Item1, values.Item2, TimeSpan.FromMilliseconds(pauses.Sum(pause => (double)pause)));
                return Math.Abs(mean!.Value - atOnce!.Value) < 1e-6
                    && mean >= Math.Min(values.Item1, values.Item2) - 1e-9 && mean <= Math.Max(values.Item1, values.Item2) + 1e-9;
            }).QuickCheckThrowOnFailure();
}
