using System.Globalization;
using System.Runtime.InteropServices;

namespace Headgate.Agent.Running;

/// <summary>
/// Hears, while it lives, that the system or the terminal asks the process to end. The first time the agent stops in order; the second
/// time running tasks get no more grace. The process never ends with tasks still running.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _hurry = new();
    private readonly List<PosixSignalRegistration> _heard;

    public StopSignals() => _heard = [.. Wanted().Select(signal => PosixSignalRegistration.Create(signal, Hear))];

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Hurry => _hurry.Token;

    internal void Hear(PosixSignalContext signal)
    {
        signal.Cancel = true;
        (_stop.IsCancellationRequested ? _hurry : _stop).Cancel();
    }

    public void Dispose()
    {
        _heard.ForEach(registration => registration.Dispose());
        _stop.Dispose();
        _hurry.Dispose();
    }

    private static IEnumerable<PosixSignal> Wanted() =>
        IsHangupIgnored() ? [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT] : [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    /// <summary>Started under <c>nohup</c>: the end of the terminal is to be outlived.</summary>
    private static bool IsHangupIgnored() =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && ulong.TryParse(line["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ignored)
        && (ignored & 1) != 0;
}
