using System.Runtime.ExceptionServices;
using Headgate.Conformance.Durable;
using Headgate.TestKit;

namespace Headgate.Durable.Tests.Conformance;

/// <summary>The suite of our engine, run on Microsoft's: exactly the listed cases may differ.</summary>
public sealed class PublishedConformanceTests
{
    public static TheoryData<string> Cases => [.. SuiteCase.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_OnThePublishedEngine_HoldsUnlessItIsListed(string name)
    {
        var isListed = Differences.OfThePublishedEngine.ContainsKey(name);
        await using var suite = new PublishedConformance(patience: isListed ? TimeSpan.FromSeconds(1) : Patience.Limit);
        await suite.StartAsync();

        var failure = await SuiteCase.All[name].RunAsync(suite);

        if (isListed)
            Assert.True(failure is not null, $"{name} is no longer a difference: take it out of {nameof(Differences)}.");
        else if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    [Fact]
    public void Differences_Each_NameACaseOfTheSuite() => Assert.Empty(Differences.OfThePublishedEngine.Keys.Except(SuiteCase.All.Keys));
}
