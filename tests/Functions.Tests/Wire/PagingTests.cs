using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Wire;

public sealed class PagingTests
{
    [Fact]
    public void Read_NothingGiven_FirstTwentyFive()
    {
        var paging = Read("/runs", out var refusal)!;

        Assert.Null(refusal);
        Assert.Equal((25, null), (paging.Limit, paging.After));
        Assert.Null(paging.Next(null));
    }

    [Fact]
    public void Next_Position_ComesBackInTheSameListOnly()
    {
        var next = Read("/runs", out _)!.Next("abc-1.2:3~")!;

        Assert.Equal("abc-1.2:3~", Read($"/runs?after={next}&limit=100", out _)!.After);
        Assert.Null(Read($"/runs?after={next}", out var refusal, list: "runs:other"));
        Assert.Equal("after: must be the 'next' of an earlier page of this list", Assert.Single(refusal!.Details!).ToString());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1e1", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("after=", "after")]
    [InlineData("after=abc", "after")]
    [InlineData("after=%00%00", "after")]
    [InlineData("after=%C3%A9", "after")]
    public void Read_BadQuery_Refused(string query, string path)
    {
        Assert.Null(Read($"/runs?{query}", out var refusal));
        Assert.Equal((400, "invalid-request"), (refusal!.Status, refusal.Code));
        Assert.Equal(path, Assert.Single(refusal.Details!).Path);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a\u0001")]
    [InlineData("é")]
    [InlineData("")]
    public void Read_ForgedPosition_Refused(string position)
    {
        var forged = Read("/runs", out _)!.Next(position);

        Assert.Null(Read($"/runs?after={forged}", out var refusal));
        Assert.NotNull(refusal);
    }

    [Fact]
    public void Read_VeryLongPosition_Refused() => Assert.Null(Read($"/runs?after={new string('A', 5000)}", out _));

    private static Paging? Read(string path, out Refusal? refusal, string list = "runs:acme") =>
        Paging.Read(new Exchange("GET", path).Http.Request, list, out refusal);
}
