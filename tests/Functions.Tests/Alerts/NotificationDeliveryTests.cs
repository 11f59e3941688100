using System.Diagnostics.Metrics;
using Headgate.Core.Alerts;
using Headgate.Functions.Alerts;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Alerts;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Tests.Support;
using Headgate.Ports;
using Headgate.TestKit.Wire;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Headgate.Functions.Tests.Alerts;

public sealed class NotificationDeliveryTests : IAsyncLifetime
{
    private const string Hook = "hook";

    private WebhookReceiver _hook = null!;
    private RunRig _rig = null!;

    public async Task InitializeAsync()
    {
        _hook = await WebhookReceiver.StartAsync();
        _rig = new RunRig(Options(_hook.Address));
    }

    public async Task DisposeAsync()
    {
        _rig.Dispose();
        await _hook.DisposeAsync();
    }

    [Fact]
    public async Task Run_ReceiverThatIsSlow_EndsAfterTenSeconds()
    {
        Put(6);
        _hook.Answer = _ =>
        {
            _rig.Clock.Advance(TimeSpan.FromSeconds(4));
            return Task.CompletedTask;
        };

        await RunAsync();
        Assert.Equal(3, _hook.Received.Count);
        await RunAsync();
        Assert.Equal(6, _hook.Received.Count);
    }

    [Fact]
    public async Task Run_MessageOfTheDayBefore_IsNotSentAndThoseAfterItAre()
    {
        Put(1, age: NotificationDelivery.MaxAge);
        Put(1);

        await RunAsync();

        Assert.Equal("msg_0", Assert.Single(_hook.Received).Headers["webhook-id"]);
        var board = await BoardAsync();
        Assert.Empty(board.Pending);
        Assert.Equal(1, board.Receiver(Hook).Dropped);
    }

    [Fact]
    public async Task Run_ReceiverThatIsAwayForADay_IsTriedToTheEndOfIt()
    {
        Put(1);
        _hook.Answer = Answers(500);
        var began = _rig.Clock.GetUtcNow();
        DateTimeOffset last = default;
        while ((await BoardAsync()).Pending.Count > 0)
        {
            _rig.Clock.Advance(TimeSpan.FromMinutes(1));
            var tries = _hook.Received.Count;
            await RunAsync();
            if (_hook.Received.Count > tries)
                last = _rig.Clock.GetUtcNow();
        }

        Assert.InRange(last - began, NotificationDelivery.MaxAge - TimeSpan.FromMinutes(31), NotificationDelivery.MaxAge);
        Assert.InRange(_hook.Received.Count, 40, NotificationDelivery.MaxAttempts - 1);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public async Task Run_MessageThatIsRefused_IsGivenUpAndThoseAfterItAreSent(int status)
    {
        Put(3);
        _hook.Answer = http =>
        {
            http.Response.StatusCode = http.Request.Headers["webhook-id"] == "msg_0" ? status : 200;
            return Task.CompletedTask;
        };

        await RunAsync();

        Assert.Equal(["msg_0", "msg_1", "msg_2"], _hook.Received.Select(call => call.Headers["webhook-id"]));
        var board = await BoardAsync();
        Assert.Empty(board.Pending);
        var record = board.Receiver(Hook);
        Assert.Equal((1, 0, 0), (record.DeadLettered, record.Failures, record.Dropped));
        Assert.Equal(("rule", $"answered {status}"), (record.LastDeadLetter!.RuleId, record.LastDeadLetter.Problem));
    }

    [Fact]
    public async Task Run_ReceiverThatIsGone_IsToldNothingMoreUntilItsSettingsChange()
    {
        Put(3);
        _hook.Answer = Answers(410);
        await RunAsync();
        await RunAsync();

        Assert.Single(_hook.Received);
        var board = await BoardAsync();
        Assert.Empty(board.Pending);
        Assert.Equal((1, 2), (board.Receiver(Hook).DeadLettered, board.Receiver(Hook).Dropped));

        _hook.Answer = _ => Task.CompletedTask;
        await FireAsync(_rig);
        Assert.Empty((await BoardAsync()).Pending);
        Assert.Single(_hook.Received);

        using var next = _rig.NextProcess(Options(new Uri(_hook.Address, "elsewhere")));
        Put(1);
        await next.Get<NotificationDelivery>().RunAsync(CancellationToken.None);
        Assert.Equal(2, _hook.Received.Count);
        Assert.Null((await BoardAsync()).Receiver(Hook).GoneAt);
    }

    private static async Task FireAsync(RunRig rig)
    {
        for (var i = 0; i < 6; i++)
        {
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
            rig.Get<Gauges>().Set(Instruments.ResourcesHeld, new Measurement<double>(1));
            await rig.Get<AlertRounds>().RunAsync(CancellationToken.None);
        }

        Assert.Equal(AlertState.Firing, (await AlertBoard.ReadAsync(rig.Tables, CancellationToken.None)).Alert("resource-held").Status.State);
    }

    private static HeadgateOptions Options(Uri url) => new()
    {
        Alerts = AlertOptions.Default with { Receivers = [new(Hook, url, new byte[24], AllowPrivate: true)] },
    };

    private static Func<HttpContext, Task> Answers(int status) => http =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>So many messages that wait, in order.</summary>
    private void Put(int count, TimeSpan age = default)
    {
        var at = _rig.Clock.GetUtcNow() - age;
        for (var i = 0; i < count; i++)
            _rig.Tables.Put(Table.Tenants, new PendingNotification(Hook, age > TimeSpan.Zero ? "msg_old" : $"msg_{i}", "rule", "{}", at.AddMilliseconds(i), 0, at).Row());
    }

    private Task RunAsync() => _rig.Get<NotificationDelivery>().RunAsync(CancellationToken.None);

    private ValueTask<AlertBoard> BoardAsync() => AlertBoard.ReadAsync(_rig.Tables, CancellationToken.None);
}
