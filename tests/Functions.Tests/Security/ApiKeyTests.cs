using Headgate.Functions.Security.Keys;
using Headgate.Functions.Tests.Support;
using Xunit;

namespace Headgate.Functions.Tests.Security;

public sealed class ApiKeyTests
{
    [Fact]
    public void Generate_Key_ParsesAndMatchesItsHashOnly()
    {
        var (id, key, hash) = ApiKey.Generate(new SequenceRandom());

        Assert.True(ApiKey.TryParse(key, out var parsedId, out var secret));
        Assert.Equal(id, parsedId.ToString());
        Assert.Equal(43, secret.Length);
        Assert.True(ApiKey.Matches(secret, hash));
        Assert.False(ApiKey.Matches(secret[..^1], hash));
        Assert.DoesNotContain(secret.ToString(), Convert.ToHexString(hash), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Generate_Keys_AllDifferentAndGoodEnoughForAnOperator()
    {
        var random = new SequenceRandom();
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKey.Generate(random).Key).ToList();

        Assert.Equal(100, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.NotNull(OperatorKey.Read(key, out _)));
    }

    [Theory]
    [InlineData("hg_a_0123456789abcdef", true)]
    [InlineData("hg_a_0123456789abcde_", true)]
    [InlineData("hg_a_0123456789abcde", false)]
    [InlineData("hg__0123456789abcdef", false)]
    [InlineData("hg_a0123456789abcdef", false)]
    [InlineData("HG_a_0123456789abcdef", false)]
    [InlineData("hg_a/b_0123456789abcdef", false)]
    [InlineData("hg_!all_0123456789abcdef", false)]
    [InlineData("hg_a_0123456789abcdé", false)]
    [InlineData("hg_a_0123456789abcdef ", false)]
    [InlineData("", false)]
    public void TryParse_Text_AsExpected(string text, bool expected) => Assert.Equal(expected, ApiKey.TryParse(text, out _, out _));

    [Fact]
    public void TryParse_TooLong_Refused()
    {
        Assert.True(ApiKey.TryParse($"hg_{new string('a', 64)}_{new string('b', 128)}", out _, out _));
        Assert.False(ApiKey.TryParse($"hg_{new string('a', 65)}_{new string('b', 128)}", out _, out _));
        Assert.False(ApiKey.TryParse($"hg_{new string('a', 64)}_{new string('b', 129)}", out _, out _));
    }

    [Theory]
    [InlineData("secret", "must have the form hg_<id>_<secret>, the id of letters, digits and dashes, the secret of these and underscores")]
    [InlineData("hg_ops_0123456789abcdef0123456789abcde", "must have a secret of at least 32 characters")]
    [InlineData("hg_ops_0123456789abcde0123456789abcde012345", "must have a secret with at least 16 different characters")]
    [InlineData("hg_ops_0123456789abcdef0123456789abcdef", null)]
    public void Read_OperatorKey_WeakOnesRefused(string text, string? expected)
    {
        var key = OperatorKey.Read(text, out var problem);

        Assert.Equal(expected, problem);
        Assert.Equal(expected is null ? "ops" : null, key?.Id);
    }
}
