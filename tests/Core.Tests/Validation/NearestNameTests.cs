using Headgate.Core.Validation;
using Xunit;

namespace Headgate.Core.Tests.Validation;

public sealed class NearestNameTests
{
    private static readonly string[] Fields = ["name", "type", "needs", "timeoutSeconds", "maxRetries"];

    [Theory]
    [InlineData("nmae", "name")]
    [InlineData("Name", "name")]
    [InlineData("timeoutSecond", "timeoutSeconds")]
    [InlineData("max_retries", "maxRetries")]
    [InlineData("timeout", null)]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void Of_Name_NearestOrNull(string name, string? expected) => Assert.Equal(expected, NearestName.Of(name, Fields));

    [Fact]
    public void Of_EquallyNear_FirstWins() => Assert.Equal("bat", NearestName.Of("cat", ["bat", "hat"]));

    [Theory]
    [InlineData("x", "")]
    [InlineData("x", "y")]
    [InlineData("xy", "")]
    public void Of_NothingInCommon_SuggestsNothing(string name, string candidate) => Assert.Null(NearestName.Of(name, [candidate]));

    [Fact]
    public void Of_VeryLongName_NotCompared() => Assert.Null(NearestName.Of(new string('a', 65), [new string('a', 64)]));
}
