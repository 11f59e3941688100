using System.Text;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests;

/// <summary>Messages that the queue gave up are seen and sent again.</summary>
public sealed class QueueDeadLetterTests : IAsyncLifetime
{
    private const string Letters = "/queues/runs/dead-letters";

    private Ground _ground = null!;

    public async Task InitializeAsync() => _ground = await Ground.StartAsync();

    public async Task DisposeAsync() => await _ground.DisposeAsync();

    [Fact]
    public async Task Letters_OfPoisonAndOfOurs_AreListedPageByPage()
    {
        await PoisonAsync("not json", "{\"tenantId\":\"gone\"", "{\"tenantId\":null,\"runId\":null}");

        var (seen, after) = (new List<JsonNode>(), "");
        do
        {
            var page = (await _ground.Client.ReadAsync($"{Letters}?limit=2{after}")).Done;
            Assert.InRange(page["items"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["items"]!.AsArray().Select(item => item!));
            after = (string?)page["next"] is { } next ? $"&after={next}" : "";
        }
        while (after.Length > 0);

        Assert.Equal(["p0", "p1", "p2"], seen.Select(item => (string)item["messageId"]!).Order(StringComparer.Ordinal));
        Assert.All(seen, item => Assert.Equal((10, "MaxDeliveryCountExceeded", null), ((int)item["deliveries"]!, (string)item["reason"]!, (string?)item["runId"])));
    }

    [Fact]
    public async Task Resend_Some_GoThroughTheQueueAgain()
    {
        await PoisonAsync("one", "two", "three");
        var first = await NumbersAsync();

        var answer = (await _ground.Client.CallAsync("POST", $"{Letters}/resend", """{"limit":2}""")).Done;

        Assert.Equal(2, (int)answer["resent"]!);
        // They are poison still, and come back as other letters.
        await UntilDeadAsync(3);
        var second = await NumbersAsync();
        Assert.Equal(first.Max(), second.Min());
        Assert.Equal(3, (int)(await _ground.Client.CallAsync("POST", $"{Letters}/resend", "{}")).Done["resent"]!);
    }

    [Fact]
    public async Task Letters_OfAQueueThatIsNone_AreNotFound()
    {
        Refused.With(404, "queue-not-found", await _ground.Client.ReadAsync("/queues/tasks/dead-letters"));
        Refused.With(404, "queue-not-found", await _ground.Client.CallAsync("POST", "/queues/tasks/dead-letters/resend", "{}"));
        Refused.With(400, "invalid-request", await _ground.Client.CallAsync("POST", $"{Letters}/resend", """{"limit":101}"""));
        Assert.Empty((await _ground.Client.ReadAsync(Letters)).Done["items"]!.AsArray());
    }

    [Fact]
    public async Task Letters_ForOthersThanOperators_AreForbidden()
    {
        var key = (string)(await _ground.Client.CallAsync("POST", $"/tenants/{Ground.Tenant}/keys", """{"name":"k","role":"owner"}""")).Done["key"]!;
        using var owner = _ground.Service.NewClient(key);

        Refused.With(403, "insufficient-permission", await owner.ReadAsync(Letters));
        Refused.With(403, "insufficient-permission", await owner.CallAsync("POST", $"{Letters}/resend", "{}"));
    }

    private async Task PoisonAsync(params string[] bodies)
    {
        for (var i = 0; i < bodies.Length; i++)
            await _ground.Service.Server.Storage.Queue.SendAsync(new OutgoingMessage("runs", $"p{i}", Encoding.UTF8.GetBytes(bodies[i])));
        await UntilDeadAsync(bodies.Length);
    }

    private async Task UntilDeadAsync(int letters)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while ((int)(await _ground.Client.ReadAsync("/queues")).Done["runs"]!["deadLettered"]! < letters)
            limit.Token.ThrowIfCancellationRequested();
    }

    private async Task<List<long>> NumbersAsync() =>
        [.. (await _ground.Client.ReadAsync(Letters)).Done["items"]!.AsArray().Select(item => (long)item!["sequenceNumber"]!)];
}
