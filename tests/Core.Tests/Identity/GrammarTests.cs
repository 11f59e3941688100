using Headgate.Core.Identity;
using Xunit;

namespace Headgate.Core.Tests.Identity;

public sealed class GrammarTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("0-a-", true)]
    [InlineData("acme-corp", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("Acme", false)]
    [InlineData("a/b", false)]
    [InlineData("a.b", false)]
    [InlineData("..", false)]
    [InlineData("a\n", false)]
    [InlineData("é", false)]
    [InlineData("!ledger", false)]
    public void IsTenantId_Text_AsExpected(string text, bool expected) => Assert.Equal(expected, Grammar.IsTenantId(text));

    [Theory]
    [InlineData("backup", true)]
    [InlineData("A_b-9", true)]
    [InlineData("_a", false)]
    [InlineData("-a", false)]
    [InlineData("a b", false)]
    [InlineData("a:b", false)]
    [InlineData("a\0", false)]
    [InlineData("", false)]
    public void IsTaskName_Text_AsExpected(string text, bool expected)
    {
        Assert.Equal(expected, Grammar.IsTaskName(text));
        Assert.Equal(expected, Grammar.IsPolicyName(text));
    }

    [Theory]
    [InlineData("command", true)]
    [InlineData("a9-", true)]
    [InlineData("9a", false)]
    [InlineData("Archive", false)]
    [InlineData("", false)]
    public void IsTaskType_Text_AsExpected(string text, bool expected) => Assert.Equal(expected, Grammar.IsTaskType(text));

    [Theory]
    [InlineData("Nightly backup, größer 😀", true)]
    [InlineData("tab\t", false)]
    [InlineData("del\u007f", false)]
    [InlineData("c1\u0085", false)]
    [InlineData("", false)]
    public void IsDisplayName_Text_AsExpected(string text, bool expected) => Assert.Equal(expected, Grammar.IsDisplayName(text));

    [Fact]
    public void IsDisplayName_HalfASurrogatePair_Refused()
    {
        Assert.False(Grammar.IsDisplayName("a\ud83d"));
        Assert.False(Grammar.IsDisplayName("\ude00a"));
    }

    [Fact]
    public void Lengths_AtAndOverTheLimit_AcceptedAndRefused()
    {
        Check(63, text => Grammar.IsTenantId(text));
        Check(64, text => Grammar.IsTaskName(text));
        Check(32, text => Grammar.IsTaskType(text));
        Check(100, text => Grammar.IsDisplayName(text));
        Check(63, text => Grammar.IsLabelKey(text));
        Check(128, text => Grammar.IsLabelValue(text));
        Check(255, text => Grammar.IsIdempotencyKey(text));

        static void Check(int limit, Func<string, bool> rule)
        {
            Assert.True(rule(new string('a', limit)));
            Assert.False(rule(new string('a', limit + 1)));
        }
    }

    [Fact]
    public void Labels_EmptyText_ValueOnly()
    {
        Assert.False(Grammar.IsLabelKey(""));
        Assert.True(Grammar.IsLabelValue(""));
    }

    [Theory]
    [InlineData("a b~!", true)]
    [InlineData("", false)]
    [InlineData("a\u007f", false)]
    [InlineData("é", false)]
    public void IsIdempotencyKey_Text_AsExpected(string text, bool expected) => Assert.Equal(expected, Grammar.IsIdempotencyKey(text));
}
