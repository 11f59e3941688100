using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Retry;
using Headgate.Core.Validation;

namespace Headgate.Core.Tests.Retry;

public sealed class RetryPolicyTests
{
    [Fact]
    public void Default_Always_IsAsDocumented() =>
        Assert.Equal(new RetryPolicy(MaxRetries: 3, BaseSeconds: 5, MaxSeconds: 300, Jitter: 0.5, Factor: 2), RetryPolicy.Default);

    [Fact]
    public void Check_ValidPolicies_FindsNothing() =>
        Prop.ForAll(Policies.Valid.ToArbitrary(), policy => Found(policy).Length == 0).QuickCheckThrowOnFailure();

    [Fact]
    public void Check_EverythingWrong_FindsEverything() =>
        Assert.Equal(
            """
            maxRetries: must be between 0 and 20
            baseSeconds: must be between 0.05 and 3600
            maxSeconds: must be between 0.05 and 86400
            jitter: must be between 0 and 1
            factor: must be between 1 and 10
            """,
            Found(new RetryPolicy(-1, 0.01, 100_000, 1.5, 0.5)));

    [Fact]
    public void Check_CapBelowBase_NamesTheRelation() =>
        Assert.Equal("maxSeconds: must be at least baseSeconds (10)", Found(RetryPolicy.Default with { BaseSeconds = 10, MaxSeconds = 9 }));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Check_NumbersThatAreNone_AreRefusedEverywhere(double number) =>
        Assert.Equal(4, Found(new RetryPolicy(0, number, number, number, number)).Split('\n').Length);

    private static string Found(RetryPolicy policy)
    {
        var problems = new Problems();
        policy.Check(problems);
        return problems.ToString();
    }
}
