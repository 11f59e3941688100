using Headgate.Functions.Tests.Support;
using Headgate.Functions.Wire;
using Xunit;

namespace Headgate.Functions.Tests.Wire;

public sealed class WaitPreferenceTests
{
    [Theory]
    [InlineData("wait=10", 10)]
    [InlineData("respond-async, wait=1", 1)]
    [InlineData("WAIT = 30 ; x=y", 30)]
    [InlineData("wait=\"7\"", 7)]
    [InlineData("a=\"x, wait=3\", wait=4", 4)]
    [InlineData("wait=5, wait=6", 5)]
    [InlineData("wait=0", null)]
    [InlineData("wait=31", null)]
    [InlineData("wait=-1", null)]
    [InlineData("wait=1.5", null)]
    [InlineData("wait", null)]
    [InlineData("wait=99999999999", null)]
    [InlineData("waiting=5", null)]
    [InlineData("", null)]
    [InlineData("a=\"unended, wait=3", null)]
    public void Read_Header_SecondsOrNothing(string header, int? expected)
    {
        var exchange = new Exchange("POST");
        exchange.Http.Request.Headers["Prefer"] = header;

        Assert.Equal(expected, WaitPreference.Read(exchange.Http.Request)?.Seconds);
    }

    [Fact]
    public void Read_NoHeaderOrSeveral_NothingOrTheFirst()
    {
        var exchange = new Exchange("POST");
        Assert.Null(WaitPreference.Read(exchange.Http.Request));

        exchange.Http.Request.Headers["Prefer"] = new(["return=minimal", "wait=2", "wait=3"]);
        Assert.Equal("wait=2", WaitPreference.Read(exchange.Http.Request)?.Applied);
    }
}
