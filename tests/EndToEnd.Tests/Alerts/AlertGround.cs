using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Support;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Alerts;

/// <summary>A service whose time stands still until a test moves it, and a webhook that it tells of alerts.</summary>
internal sealed class AlertGround : IAsyncDisposable
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(15);

    private readonly ManualClock _clock = new();
    private Ground _ground = null!;

    public WebhookReceiver Hook { get; private set; } = null!;

    public HttpClient Client => _ground.Client;

    public ManualClock Clock => _clock;

    /// <summary>The types and ids of what the webhook was sent.</summary>
    public IEnumerable<string> Told => Hook.Received.Select(call => JsonNode.Parse(call.Body)!).Select(body => $"{body["type"]} {body["data"]!["id"]}");

    public static async Task<AlertGround> StartAsync()
    {
        var ground = new AlertGround { Hook = await WebhookReceiver.StartAsync() };
        ground._ground = await Ground.StartAsync(ground._clock, "enterprise", settings: Receiver(ground.Hook));
        return ground;
    }

    public static Dictionary<string, string?> Receiver(WebhookReceiver hook) => new(StringComparer.Ordinal)
    {
        ["Headgate:Notifications:oncall:Url"] = hook.Address.ToString(),
        ["Headgate:Notifications:oncall:Secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ["Headgate:Notifications:oncall:AllowPrivate"] = "true",
    };

    public Task<Agent> AgentAsync() => _ground.AgentAsync();

    /// <summary>Moves the clock from round to round, and waits for each.</summary>
    public async Task PassAsync(double minutes)
    {
        for (var end = _clock.GetUtcNow().AddMinutes(minutes); _clock.GetUtcNow() < end;)
        {
            _clock.Advance(s_round);
            await EvaluatedAsync();
        }
    }

    public async Task<JsonNode> AlertsAsync() => (await Client.ReadAsync("/alerts")).Done;

    public async Task<JsonNode> AlertAsync(string id) => (await AlertsAsync())["rules"]!.AsArray().Single(rule => (string)rule!["id"]! == id)!;

    public async Task<string> StateAsync(string id) => (string)(await AlertAsync(id))["state"]!;

    public async ValueTask DisposeAsync()
    {
        await _ground.DisposeAsync();
        await Hook.DisposeAsync();
    }

    private async Task EvaluatedAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        // Timers that were due before they were set fire meanwhile.
        while ((DateTimeOffset?)(await AlertsAsync())["evaluatedAt"] is not { } at || at < _clock.GetUtcNow())
        {
            Assert.False(limit.IsCancellationRequested, "The rules were not evaluated.");
            _clock.Advance(TimeSpan.Zero);
        }
    }
}
