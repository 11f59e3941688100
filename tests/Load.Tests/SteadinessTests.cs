using Headgate.Load.Figures;

namespace Headgate.Load.Tests;

public sealed class SteadinessTests
{
    private static readonly WarmUp Bounds = new(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(20));

    [Theory]
    [InlineData("100 100 100 100 100 100", 4)]
    [InlineData("100 90 80 70 60 60 60 60 60", 8)]
    [InlineData("100 99 98 97 96 95", 4)]
    [InlineData("100 200 90 150 120 100 100", 6)]
    [InlineData("1 2 3 4 5", 4)]
    public void Reached_CostsBySecond_EndsOnceTheyNoLongerFall(string costs, int expected) => Assert.Equal(expected, Seconds(Bounds, costs.Split(' ').Select(double.Parse)));

    [Fact]
    public void Reached_CostsThatAlwaysFall_EndsAtTheMost() =>
        Assert.Equal(20, Seconds(Bounds, Enumerable.Range(0, 100).Select(second => Math.Pow(0.9, second))));

    [Fact]
    public void Reached_AlreadySteady_WaitsForTheLeast() =>
        Assert.Equal(7, Seconds(Bounds with { AtLeast = TimeSpan.FromSeconds(7) }, Enumerable.Repeat(5.0, 100)));

    private static int Seconds(WarmUp bounds, IEnumerable<double> costs)
    {
        var steadiness = bounds.Begin();
        var second = 0;
        return costs.Any(cost => steadiness.Reached(cost, TimeSpan.FromSeconds(++second))) ? second : throw new InvalidOperationException("It did not end.");
    }
}
