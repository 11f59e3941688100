using System.Threading.Channels;
using Headgate.LocalHost.Timers;
using Headgate.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.LocalHost.Tests.Timers;

public sealed class TimerPumpTests : IAsyncDisposable
{
    private readonly WallClock _wall = new();
    private readonly ManualClock _clock;
    private readonly Channel<TimerInfo> _runs = Channel.CreateUnbounded<TimerInfo>();
    private readonly CancellationTokenSource _stopping = new();
    private Task _pump = Task.CompletedTask;

    public TimerPumpTests() => _clock = _wall.Ticking;

    [Fact]
    public async Task Run_ClockSetBack_GoesOnByTheNewTime()
    {
        Start("* * * * * *");
        _wall.Offset = TimeSpan.FromHours(-1);

        for (var second = 0; second < 3; second++)
        {
            await WaitForTimerAsync();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True((await NextRunAsync()).ScheduleStatus!.Next < new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    [Fact]
    public async Task Run_ClockSetForward_ComesDueWithinAMinute()
    {
        Start("0 0 12 * * *");
        _wall.Offset = TimeSpan.FromHours(13);

        _clock.Advance(TimeSpan.FromMinutes(1));

        await NextRunAsync();
    }

    [Fact]
    public async Task Run_ScheduleComesDue_RunsEachTimeWithItsStatus()
    {
        Start("0 * * * * *");

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(_runs.Reader.TryRead(out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var first = await NextRunAsync();
        await WaitForTimerAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        var second = await NextRunAsync();

        Assert.False(first.IsPastDue);
        Assert.Equal(default, first.ScheduleStatus!.Last);
        Assert.Equal(new DateTime(2030, 1, 1, 0, 2, 0, DateTimeKind.Utc), first.ScheduleStatus.Next);
        Assert.Equal(new DateTime(2030, 1, 1, 0, 1, 0, DateTimeKind.Utc), second.ScheduleStatus!.Last);
    }

    [Fact]
    public async Task Run_OnStartup_RunsAtOnceAndSaysThatItIsLate()
    {
        Start("0 0 0 1 1 *", runOnStartup: true);

        Assert.True((await NextRunAsync()).IsPastDue);
    }

    [Fact]
    public async Task Run_WaitLongerThanARuntimeTimer_StillComesDue()
    {
        Start("0 0 0 1 7 *");

        for (var day = 0; day < 181; day++)
        {
            await WaitForTimerAsync();
            Assert.False(_runs.Reader.TryRead(out _));
            _clock.Advance(TimeSpan.FromDays(1));
        }

        await NextRunAsync();
    }

    [Fact]
    public async Task Run_FunctionOutlastsItsPeriod_NeverOverlapsAndMakesUpForItOnce()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start("* * * * * *", run: _ => release.Task);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await NextRunAsync();

        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_runs.Reader.TryRead(out _));
        release.SetResult();
        var late = await NextRunAsync();
        await WaitForTimerAsync();
        Assert.False(_runs.Reader.TryRead(out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var next = await NextRunAsync();

        Assert.True(late.IsPastDue);
        Assert.Equal(new DateTime(2030, 1, 1, 0, 0, 1, DateTimeKind.Utc), late.ScheduleStatus!.Last);
        Assert.Equal(new DateTime(2030, 1, 1, 0, 0, 7, DateTimeKind.Utc), late.ScheduleStatus.Next);
        Assert.False(next.IsPastDue);
        Assert.False(_runs.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Run_FunctionThrows_GoesOn()
    {
        Start("* * * * * *", run: _ => throw new InvalidOperationException("a bug"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await NextRunAsync();
        await WaitForTimerAsync();

        _clock.Advance(TimeSpan.FromSeconds(1));

        await NextRunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _pump.WaitAsync(Patience.Limit);
        _stopping.Dispose();
    }

    private void Start(string schedule, bool runOnStartup = false, Func<TimerInfo, Task>? run = null) => _pump = new TimerPump(
        "Sample",
        CronSchedule.TryParse(schedule)!,
        runOnStartup,
        (timer, _) =>
        {
            _runs.Writer.TryWrite(timer);
            return run?.Invoke(timer) ?? Task.CompletedTask;
        },
        _wall,
        NullLogger.Instance).RunAsync(_stopping.Token);

    private Task<TimerInfo> NextRunAsync() => _runs.Reader.ReadAsync().AsTask().WaitAsync(Patience.Limit);

    /// <summary>Until the pump waits for its next time again.</summary>
    private async Task WaitForTimerAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (_clock.NextTimer is null)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
