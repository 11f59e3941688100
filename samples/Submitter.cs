using Headgate.Client;
using Headgate.Client.Calls;
using Headgate.Contracts.Runs;

namespace Headgate.Samples;

/// <summary>Submits a run and waits for its end.</summary>
public static class Submitter
{
    /// <returns>How it ended: <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</returns>
    public static async Task<string> RunAsync(HeadgateClient client, string tenant, SubmitRunRequest run, TextWriter output, CancellationToken cancellationToken)
    {
        Submission accepted;
        try
        {
            // It has an idempotency key, made by the client: a call that is repeated on the way is done once.
            accepted = await client.Runs.SubmitAsync(tenant, run, cancellationToken: cancellationToken);
        }
        catch (HeadgateException refusal) when (refusal.Code is "concurrency-limit" or "queue-full" or "tenant-paused")
        {
            await output.WriteLineAsync($"Not now: {refusal.Message} Again in {refusal.RetryAfter}.");
            throw;
        }

        // The stream ends with the run.
        await foreach (var told in client.Runs.WatchAsync(tenant, accepted.RunId, cancellationToken))
        {
            if (told.Task is { } task)
                await output.WriteLineAsync($"{task.Name}: {task.Status} {task.WaitingFor}".TrimEnd());
        }

        return (await client.Runs.GetAsync(tenant, accepted.RunId, cancellationToken)).Status;
    }
}
