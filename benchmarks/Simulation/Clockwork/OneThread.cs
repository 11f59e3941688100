using System.Runtime.CompilerServices;
using Headgate.Storage.Log;

namespace Headgate.Simulation.Clockwork;

/// <summary>
/// The pool's only thread, on which the service and all who use it run. Work that waits for it is done in the order in which it was
/// posted, so a simulation takes the same course each time. Everything is quiet when no work waits and the log has nothing to write.
/// </summary>
internal sealed class OneThread(WriteLog log)
{
    /// <summary>Whether the process was started with one pool thread, as its runtime configuration says.</summary>
    public static bool Holds
    {
        get
        {
            ThreadPool.GetMaxThreads(out var workers, out _);
            return workers == 1;
        }
    }

    /// <summary>How many groups the log has written here.</summary>
    public long Writes { get; private set; }

    /// <summary>Goes on when nothing can happen any more but by the clock.</summary>
    public async Task QuietAsync()
    {
        while (true)
        {
            await default(Drained);
            if (!log.WriteWaiting())
                return;
            Writes++;
        }
    }

    /// <summary>Lets everything at this time happen until a task has ended that needs no clock.</summary>
    public async Task<T> EndAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            await default(Drained);
            if (!log.WriteWaiting() && !task.IsCompleted)
                throw new InvalidOperationException("What was begun waits for something that never comes.");
        }

        return await task;
    }

    /// <summary>Goes on when no other work waits for the pool; on its thread, also where it was awaited on another.</summary>
    public readonly struct Drained : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Drained GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => Post(new Look(continuation));

        public void UnsafeOnCompleted(Action continuation) => Post(new Look(continuation));

        private static void Post(Look look) => ThreadPool.UnsafeQueueUserWorkItem(look, preferLocal: false);

        private sealed class Look(Action continuation) : IThreadPoolWorkItem
        {
            // This runs on the only thread: what is pending is all there is.
            public void Execute()
            {
                if (ThreadPool.PendingWorkItemCount > 0)
                    Post(this);
                else
                    continuation();
            }
        }
    }
}
