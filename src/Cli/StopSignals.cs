using System.Runtime.InteropServices;

namespace Headgate.Cli;

/// <summary>Hears that the terminal or the system asks the program to end. Whoever asks again does not want to wait: the system ends it.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _asked = new();
    private readonly PosixSignalRegistration[] _heard;

    public StopSignals() => _heard = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask)];

    public CancellationToken Asked => _asked.Token;

    public void Dispose()
    {
        foreach (var registration in _heard)
            registration.Dispose();
        _asked.Dispose();
    }

    private void Ask(PosixSignalContext signal)
    {
        signal.Cancel = !_asked.IsCancellationRequested;
        _asked.Cancel();
    }
}
