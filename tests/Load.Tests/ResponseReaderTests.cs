using System.Text;
using Headgate.Load.Wire;

namespace Headgate.Load.Tests;

public sealed class ResponseReaderTests
{
    private const string Accepted = "HTTP/1.1 202 Accepted\r\nDate: today\r\nContent-Length: 11\r\nX-Request-Id: a\r\n\r\n{\"a\":\"b\\n\"}";

    [Fact]
    public void TryRead_WholeAnswer_FindsStatusAndBody()
    {
        Assert.True(Read(Accepted, out var response));

        Assert.Equal(202, response.Status);
        Assert.Equal("{\"a\":\"b\\n\"}", Accepted.Substring(response.Body, response.Length));
        Assert.Equal(Accepted.Length, response.Total);
    }

    [Fact]
    public void TryRead_EveryCutShorter_WaitsForMore()
    {
        for (var length = 0; length < Accepted.Length; length++)
            Assert.False(Read(Accepted[..length], out _), $"{length} bytes were taken for an answer");
    }

    [Fact]
    public void TryRead_MoreThanOneAnswer_EndsWithTheFirst()
    {
        Assert.True(Read(Accepted + Accepted, out var response));

        Assert.Equal(Accepted.Length, response.Total);
    }

    [Theory]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\ncontent-length:0\r\n\r\n", 429, 0)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Content-Length: 7\r\nCONTENT-LENGTH:  2 \r\n\r\n{}", 200, 2)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, 0)]
    public void TryRead_LengthHoweverWritten_IsFound(string answer, int status, int length)
    {
        Assert.True(Read(answer, out var response));

        Assert.Equal((status, length), (response.Status, response.Length));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    public void TryRead_AnswerOfAnotherKind_Throws(string answer) => Assert.Throws<UnexpectedAnswerException>(() => Read(answer, out _));

    private static bool Read(string text, out Response response) => ResponseReader.TryRead(Encoding.ASCII.GetBytes(text), out response);
}
