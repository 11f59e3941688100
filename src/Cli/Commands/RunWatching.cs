using Headgate.Client.Calls;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Headgate.Cli.Commands;

/// <summary>A run as it goes on: a tree that changes in place before a person, a line for each change elsewhere, JSON if asked.</summary>
internal static class RunWatching
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    /// <returns>Whether the run completed, as an exit code.</returns>
    public static async Task<int> UntilEndAsync(Call call, string tenant, string runId, CancellationToken cancellationToken)
    {
        var seen = new Seen();
        var events = call.Client.Runs.WatchAsync(tenant, runId, cancellationToken);
        if (call.Terminal.IsLive)
            await call.Terminal.Console.Live(new Text("")).StartAsync(live => DrawAsync(live, seen, events, call.Time, cancellationToken));
        else
            await TellAsync(call.Terminal, seen, events);

        // The stream may end before it has told the run's end: then the run itself says how it stands.
        if (!seen.HasEnded)
        {
            seen.Take(new(await call.Client.Runs.GetAsync(tenant, runId, cancellationToken), null, null));
            Tell(call.Terminal, seen.Run!);
        }

        return seen.Run?.Status == "completed" ? ExitCode.Done : ExitCode.RunNotCompleted;
    }

    // Drawn anew each second too: the wait for a retry counts down.
    private static async Task DrawAsync(LiveDisplayContext live, Seen seen, IAsyncEnumerable<HeadgateEvent> events, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var each = events.GetAsyncEnumerator(cancellationToken);
        var next = each.MoveNextAsync().AsTask();
        while (true)
        {
            if (!next.IsCompleted && !cancellationToken.IsCancellationRequested)
                await Task.WhenAny(next, Task.Delay(s_second, time, cancellationToken));
            if (next.IsCompleted || cancellationToken.IsCancellationRequested)
            {
                if (!await next)
                    return;
                seen.Take(each.Current);
                next = each.MoveNextAsync().AsTask();
            }

            live.UpdateTarget(TreeOf(seen, time.GetUtcNow()));
        }
    }

    private static async Task TellAsync(Terminal terminal, Seen seen, IAsyncEnumerable<HeadgateEvent> events)
    {
        await foreach (var change in events)
        {
            seen.Take(change);
            if (change.Run is { } run)
                Tell(terminal, run);
            else if (change.Task is { } task)
                terminal.Tell(task, ContractJson.Default.TaskView, "  " + TaskLine.Of(task));
        }
    }

    private static void Tell(Terminal terminal, RunView run) =>
        terminal.Tell(run, ContractJson.Default.RunView, $"run {run.RunId} {run.Status}{(run.Failure is { } failure ? $": {failure.Message}" : "")}");

    /// <summary>Each task stands under the first that it needs.</summary>
    private static Tree TreeOf(Seen seen, DateTimeOffset now)
    {
        var tree = new Tree(new Text(Terminal.Plain($"{seen.Run?.Name} {seen.Run?.Status}")));
        var nodes = new Dictionary<string, TreeNode>(StringComparer.Ordinal);
        var left = seen.Tasks.Values.ToList();
        while (left.FirstOrDefault(task => task.Needs.All(need => nodes.ContainsKey(need) || !seen.Tasks.ContainsKey(need))) is { } next)
        {
            left.Remove(next);
            IRenderable line = new Text(TaskLine.Of(next, now));
            nodes[next.Name] = next.Needs.FirstOrDefault(nodes.ContainsKey) is { } above ? nodes[above].AddNode(line) : tree.AddNode(line);
        }

        return tree;
    }

    private sealed class Seen
    {
        public RunView? Run { get; private set; }

        public bool HasEnded => Run?.Status is "completed" or "failed" or "cancelled";

        public Dictionary<string, TaskView> Tasks { get; } = new(StringComparer.Ordinal);

        public void Take(HeadgateEvent change)
        {
            Run = change.Run ?? Run;
            if (change.Task is { } task)
                Tasks[task.Name] = task;
        }
    }
}
