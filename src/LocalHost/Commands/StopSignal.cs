using System.Runtime.InteropServices;

namespace Headgate.LocalHost.Commands;

/// <summary>Waits until the system or the terminal asks the process to end.</summary>
internal static class StopSignal
{
    /// <param name="requested">Ends the wait as well.</param>
    public static async Task WaitAsync(CancellationToken requested)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Ask(PosixSignalContext signal)
        {
            signal.Cancel = true;
            asked.TrySetResult();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        await using var other = requested.Register(() => asked.TrySetResult());
        await asked.Task;
    }
}
