using Headgate.Core.Resources;
using Headgate.Core.Validation;

namespace Headgate.Core.Tests.Resources;

public sealed class ResourceRulesTests
{
    [Fact]
    public void Default_Always_IsAsDocumentedAndValid()
    {
        Assert.Equal((null, 5, 60), (ResourceRules.Default.MaxConcurrent, ResourceRules.Default.FailuresToOpen, ResourceRules.Default.OpenSeconds));
        Assert.Equal("", Found(ResourceRules.Default));
    }

    [Fact]
    public void Check_EverythingWrong_FindsEverything() =>
        Assert.Equal(
            """
            maxConcurrent: must be between 1 and 200, or null for no limit
            typeLimits.backup: must be between 0 and 200
            failuresToOpen: must be between 1 and 100
            openSeconds: must be between 1 and 3600
            """,
            Found(new ResourceRules(0, Types(("backup", -1)), 0, 3601)));

    [Fact]
    public void Check_TypeOverTheTotal_NamesTheRelation() =>
        Assert.Equal("typeLimits.prune: must not exceed maxConcurrent (2)", Found(new ResourceRules(2, Types(("prune", 3), ("backup", 2)))));

    [Theory]
    [InlineData(50, "")]
    [InlineData(51, "typeLimits: must have at most 50 types, not 51")]
    public void Check_ManyTypes_MoreThan50AreAProblem(int types, string expected) =>
        Assert.Equal(expected, Found(new ResourceRules(null, Types([.. Enumerable.Range(0, types).Select(i => ($"t{i}", 1))]))));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(200, 100, 3600)]
    public void Check_Edges_AreAllowed(int cap, int failures, int seconds) =>
        Assert.Equal("", Found(new ResourceRules(cap, Types(("backup", cap), ("prune", 0)), failures, seconds)));

    [Fact]
    public void IsSameAs_OtherOrderOfTypes_IsTheSame()
    {
        var rules = new ResourceRules(5, Types(("a", 1), ("b", 2)));

        Assert.True(rules.IsSameAs(new ResourceRules(5, Types(("b", 2), ("a", 1)))));
        Assert.False(rules.IsSameAs(new ResourceRules(5, Types(("b", 2), ("a", 2)))));
        Assert.False(rules.IsSameAs(rules with { OpenSeconds = 61 }));
    }

    private static Dictionary<string, int> Types(params (string Type, int Limit)[] types) => types.ToDictionary(type => type.Type, type => type.Limit, StringComparer.Ordinal);

    private static string Found(ResourceRules rules)
    {
        var problems = new Problems();
        rules.Check(problems);
        return problems.ToString();
    }
}
