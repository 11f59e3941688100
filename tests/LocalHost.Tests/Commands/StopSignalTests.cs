using System.Diagnostics;
using System.Runtime.InteropServices;
using Headgate.LocalHost.Commands;
using Headgate.TestKit;
using Xunit;

namespace Headgate.LocalHost.Tests.Commands;

public sealed class StopSignalTests
{
    /// <summary>Where nobody hears it, the signal ends the process of these tests.</summary>
    [Fact]
    public async Task Wait_AskedBeforeIt_EndsAtOnce()
    {
        using var stop = new StopSignal();

        using var kill = Process.Start("kill", ["-TERM", $"{Environment.ProcessId}"]);
        await kill.WaitForExitAsync();

        await stop.WaitAsync(CancellationToken.None).WaitAsync(Patience.Limit);
    }

    [Fact]
    public void Wanted_OfTheTerminal_IsItsEndTooUnlessThatIsIgnored()
    {
        Assert.Equal([PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP], StopSignal.Wanted(isHangupIgnored: false));
        Assert.Equal([PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT], StopSignal.Wanted(isHangupIgnored: true));
    }

    [Fact]
    public void Ask_ASecondTime_LeavesItToTheSystem()
    {
        using var stop = new StopSignal();
        var (first, second) = (new PosixSignalContext(PosixSignal.SIGINT), new PosixSignalContext(PosixSignal.SIGTERM));

        stop.Ask(first);
        stop.Ask(second);

        Assert.Equal((true, false), (first.Cancel, second.Cancel));
    }

    [Fact]
    public async Task Wait_RequestedFromWithin_Ends()
    {
        using var stop = new StopSignal();
        using var requested = new CancellationTokenSource();
        var wait = stop.WaitAsync(requested.Token);
        Assert.False(wait.IsCompleted);

        await requested.CancelAsync();

        await wait.WaitAsync(Patience.Limit);
    }
}
