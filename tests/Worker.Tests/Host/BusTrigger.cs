using Headgate.ServiceBusPeer.Queues;
using Headgate.Worker.Tests.Protocol;

namespace Headgate.Worker.Tests.Host;

/// <summary>
/// What the Service Bus extension does for one function: takes the messages of the queue it names and invokes it with each; a message is
/// done when the function has succeeded, else it comes again.
/// </summary>
internal sealed class BusTrigger(string function, BusQueue queue, Func<string, TypedData, Task<InvocationResponse>> invoke) : IAsyncDisposable
{
    /// <summary>As the app's <c>host.json</c> has it.</summary>
    private const int ConcurrentCalls = 64;

    private readonly CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;

    public void Start() => _listening = ListenAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        using var calls = new SemaphoreSlim(ConcurrentCalls);
        while (true)
        {
            await calls.WaitAsync(_stopping.Token);
            var message = await queue.ReceiveAsync(_stopping.Token);
            _ = CallAsync(message, calls);
        }
    }

    private async Task CallAsync(QueuedMessage message, SemaphoreSlim calls)
    {
        if (await HasSucceededAsync(message))
            queue.Complete(message.Lock!.Value);
        else
            queue.Abandon(message.Lock!.Value);
        if (!_stopping.IsCancellationRequested)
            calls.Release();
    }

    private async Task<bool> HasSucceededAsync(QueuedMessage message)
    {
        try
        {
            return (await invoke(function, new TypedData { String = message.Sent.Text })).Result.Status == StatusResult.Types.Status.Success;
        }
        catch (WorkerGoneException)
        {
            return false;
        }
    }
}
