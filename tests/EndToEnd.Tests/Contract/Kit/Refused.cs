using System.Net;

namespace Headgate.EndToEnd.Tests.Contract.Kit;

/// <summary>What every refusal must look like.</summary>
internal static class Refused
{
    /// <summary>The status, the code, and the fields every refusal has.</summary>
    public static void With(int status, string code, Reply reply)
    {
        Assert.True(status == (int)reply.Status && reply.Code == code, $"{reply.Message.RequestMessage!.Method} {reply.Message.RequestMessage.RequestUri}: wanted {status} {code}, got {(int)reply.Status} {reply.Body?.ToJsonString()}");
        Assert.False(string.IsNullOrEmpty((string?)reply.Body!["error"]));
        Assert.Equal(reply.Header("X-Request-Id"), (string?)reply.Body["requestId"]);
        if (reply.Body["retryAfter"] is { } seconds)
            Assert.Equal($"{seconds}", reply.Header("Retry-After"));
    }

    /// <summary>The refusal's body, but for its request id, is this and nothing else.</summary>
    public static void Exactly(int status, string body, Reply reply)
    {
        Assert.Equal(status, (int)reply.Status);
        Assert.Equal(reply.Header("X-Request-Id"), (string?)reply.Body!["requestId"]);
        var copy = reply.Body.DeepClone().AsObject();
        copy.Remove("requestId");
        Assert.Equal(body, copy.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        if (copy["retryAfter"] is { } seconds)
            Assert.Equal($"{seconds}", reply.Header("Retry-After"));
    }

    /// <summary>400 <c>invalid-request</c> with a problem at each of these paths and at no other.</summary>
    public static void At(Reply reply, params string[] paths)
    {
        With(400, "invalid-request", reply);
        Assert.Equal(paths.Order(StringComparer.Ordinal), Paths(reply));
    }

    public static string[] Paths(Reply reply) => [.. reply.Body!["details"]!.AsArray().Select(detail => (string)detail!["path"]!).Order(StringComparer.Ordinal)];

    public static string Message(Reply reply, string path) =>
        (string)reply.Body!["details"]!.AsArray().First(detail => (string)detail!["path"]! == path)!["message"]!;

    /// <summary>Succeeded, or the body says why not.</summary>
    public static void Not(HttpStatusCode status, Reply reply) =>
        Assert.True(status == reply.Status, $"Wanted {status}, got {reply.Status}: {reply.Body?.ToJsonString()}");
}
