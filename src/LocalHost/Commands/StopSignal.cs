using System.Runtime.InteropServices;

namespace Headgate.LocalHost.Commands;

/// <summary>
/// Hears, from when it is made, that the system or the terminal asks the process to end. Made before the service starts: a request that
/// comes while it starts, or just as it says that it listens, is an orderly stop too.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;

    public StopSignal()
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
    }

    /// <param name="requested">Ends the wait as well.</param>
    public async Task WaitAsync(CancellationToken requested)
    {
        await using var other = requested.Register(() => _asked.TrySetResult());
        await _asked.Task;
    }

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    /// <summary>The first is heard. Whoever asks again does not want to wait: the system ends the process, as it does by itself.</summary>
    internal void Ask(PosixSignalContext signal) => signal.Cancel = _asked.TrySetResult();
}
