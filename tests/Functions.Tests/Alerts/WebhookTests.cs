using System.Net;
using System.Text;
using Headgate.Functions.Alerts;
using Headgate.Functions.Options;
using Headgate.TestKit.Wire;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Headgate.Functions.Tests.Alerts;

public sealed class WebhookTests
{
    private static readonly byte[] s_key = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static readonly DateTimeOffset s_at = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    /// <summary>The example that the specification's own libraries test.</summary>
    [Fact]
    public void Of_TheSpecificationsExample_IsItsSignature() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSignature.Of(s_key, "msg_p5jXN8AQM9LWM0D4loKWxJek", s_at, """{"test": 2432232314}"""));

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    public void Is_AnAddress_OfTheInternetOrNot(string address, bool expected) => Assert.Equal(expected, PublicAddress.Is(IPAddress.Parse(address)));

    [Fact]
    public async Task Send_ReceiverAnswers_GetsBodyAndSignedHeaders()
    {
        await using var hook = await WebhookReceiver.StartAsync();
        using var sender = new WebhookSender();

        Assert.Equal(WebhookAnswer.Taken, await sender.SendAsync(Receiver(hook.Address), "msg_1", "{\"a\":\"ä\"}", s_at, CancellationToken.None));

        var got = Assert.Single(hook.Received);
        Assert.Equal(("msg_1", "1614265330", "{\"a\":\"ä\"}", "application/json"), (got.Headers["webhook-id"], got.Headers["webhook-timestamp"], got.Body, got.Headers["Content-Type"]));
        Assert.Equal(WebhookSignature.Of(s_key, "msg_1", s_at, got.Body), got.Headers["webhook-signature"]);
    }

    [Theory]
    [InlineData(500, "answered 500", WebhookOutcome.Failed)]
    [InlineData(503, "answered 503", WebhookOutcome.Failed)]
    [InlineData(302, "answered 302; redirects are not followed", WebhookOutcome.Failed)]
    [InlineData(408, "answered 408", WebhookOutcome.Failed)]
    [InlineData(425, "answered 425", WebhookOutcome.Failed)]
    [InlineData(429, "answered 429", WebhookOutcome.Failed)]
    [InlineData(400, "answered 400", WebhookOutcome.Refused)]
    [InlineData(404, "answered 404", WebhookOutcome.Refused)]
    [InlineData(499, "answered 499", WebhookOutcome.Refused)]
    [InlineData(410, "answered 410: it wants nothing more", WebhookOutcome.Gone)]
    public async Task Send_ReceiverDoesNotTakeIt_SaysHowAndNothingIsFollowed(int status, string expected, WebhookOutcome outcome)
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        await using var hook = await WebhookReceiver.StartAsync();
        hook.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = elsewhere.Address.ToString();
            return Task.CompletedTask;
        };
        using var sender = new WebhookSender();

        Assert.Equal(new WebhookAnswer(outcome, expected), await sender.SendAsync(Receiver(hook.Address), "msg_1", "{}", s_at, CancellationToken.None));
        Assert.Empty(elsewhere.Received);
    }

    [Fact]
    public async Task Send_ReceiverHangs_IsGivenUp()
    {
        await using var hook = await WebhookReceiver.StartAsync();
        hook.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        using var sender = new WebhookSender();

        Assert.Equal(WebhookAnswer.Failed("did not answer within 5 s"), await sender.SendAsync(Receiver(hook.Address), "msg_1", "{}", s_at, CancellationToken.None));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/", "127.0.0.1")]
    [InlineData("http://[::1]:{0}/", "::1")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "169.254.169.254")]
    [InlineData("http://localhost:{0}/", null)]
    public async Task Send_PrivateAddress_IsNotConnectedTo(string url, string? address)
    {
        await using var hook = await WebhookReceiver.StartAsync();
        using var sender = new WebhookSender();
        var target = new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, hook.Address.Port));

        var (outcome, problem) = await sender.SendAsync(Receiver(target, allowPrivate: false), "msg_1", "{}", s_at, CancellationToken.None);

        Assert.Contains(address is null ? "which is not one of the internet's" : $"has the address {address}, which is not one of the internet's", problem!, StringComparison.Ordinal);
        Assert.Equal(WebhookOutcome.Failed, outcome);
        Assert.Empty(hook.Received);
    }

    [Fact]
    public async Task Send_NameThatAnswersOtherwiseTheSecondTime_IsCheckedWhenItConnects()
    {
        await using var hook = await WebhookReceiver.StartAsync();
        var asked = 0;
        using var sender = new WebhookSender((_, _) => Task.FromResult(new[] { IPAddress.Parse(asked++ == 0 ? "10.0.0.1" : "127.0.0.1") }));
        var target = new Uri($"http://rebinding.example:{hook.Address.Port}/");

        for (var i = 0; i < 3; i++)
            Assert.NotNull((await sender.SendAsync(Receiver(target, allowPrivate: false), "msg_1", "{}", s_at, CancellationToken.None)).Problem);

        // Asked once a try: what is checked is what is connected to.
        Assert.Equal(3, asked);
        Assert.Empty(hook.Received);
    }

    private static NotificationReceiver Receiver(Uri url, bool allowPrivate = true) => new("hook", url, s_key, allowPrivate);
}
