using System.Globalization;
using System.Runtime.InteropServices;

namespace Headgate.LocalHost.Commands;

/// <summary>
/// Hears, from when it is made, that the system or the terminal asks the process to end. Made before the service starts: a request that
/// comes while it starts, or just as it says that it listens, is an orderly stop too.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _heard;

    public StopSignal() => _heard = [.. Wanted(IsHangupIgnored()).Select(signal => PosixSignalRegistration.Create(signal, Ask))];

    /// <param name="requested">Ends the wait as well.</param>
    public async Task WaitAsync(CancellationToken requested)
    {
        await using var other = requested.Register(() => _asked.TrySetResult());
        await _asked.Task;
    }

    public void Dispose() => _heard.ForEach(registration => registration.Dispose());

    /// <summary>The first is heard. Whoever asks again does not want to wait: the system ends the process, as it does by itself.</summary>
    internal void Ask(PosixSignalContext signal) => signal.Cancel = _asked.TrySetResult();

    internal static IReadOnlyList<PosixSignal> Wanted(bool isHangupIgnored) =>
        isHangupIgnored ? [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT] : [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    /// <summary>Started under <c>nohup</c>: the end of the terminal is to be outlived.</summary>
    private static bool IsHangupIgnored() =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && ulong.TryParse(line["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ignored)
        && (ignored & 1) != 0;
}
