using System.Globalization;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Spectre.Console;

namespace Headgate.Cli.Commands;

/// <summary>How far a replay of many dead letters has come: a bar before a person, a line for each change elsewhere, JSON if asked.</summary>
internal static class ReplayWatching
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public static async Task<int> UntilEndAsync(Call call, string tenant, ReplayAccepted accepted, CancellationToken cancellationToken)
    {
        call.Terminal.Note($"replay {accepted.ReplayId}: {Count(accepted.Matching)}. It goes on if this command ends.");
        ReplayView? last = null;
        var changes = ChangesAsync(call, tenant, accepted.ReplayId, cancellationToken);
        if (call.Terminal.IsLive)
            last = await call.Terminal.Console.Progress().StartAsync(progress => DrawAsync(progress.AddTask("replayed", maxValue: Math.Max(1, accepted.Matching)), changes));
        await foreach (var view in call.Terminal.IsLive ? AsyncEnumerable.Empty<ReplayView>() : changes)
            call.Terminal.Tell(last = view, ContractJson.Default.ReplayView, Line(view));
        if (call.Terminal.IsLive && last is not null)
            call.Terminal.Line(Terminal.Plain(Line(last)));
        return last?.State == "completed" ? ExitCode.Done : ExitCode.RunNotCompleted;
    }

    private static async Task<ReplayView?> DrawAsync(ProgressTask bar, IAsyncEnumerable<ReplayView> changes)
    {
        ReplayView? last = null;
        await foreach (var view in changes)
        {
            bar.Value = view.Replayed + view.Skipped;
            bar.Description = Markup.Escape(Terminal.Plain(view.WaitsFor is { } code ? $"waits: {code}" : view.State));
            last = view;
        }

        return last;
    }

    private static async IAsyncEnumerable<ReplayView> ChangesAsync(
        Call call, string tenant, string replayId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? told = null;
        while (true)
        {
            var view = await call.Client.DeadLetters.GetReplayAsync(tenant, replayId, cancellationToken);
            if (Line(view) is var line && line != told)
                yield return view;
            told = line;
            if (view.State is "completed" or "expired")
                yield break;
            await Task.Delay(s_pause, call.Time, cancellationToken);
        }
    }

    private static string Line(ReplayView view)
    {
        var refusals = string.Concat(view.Refusals.Select(refusal => string.Create(CultureInfo.InvariantCulture, $", {refusal.Value} times {refusal.Key}")));
        return string.Create(
            CultureInfo.InvariantCulture, $"{view.State}{(view.WaitsFor is { } code ? $" for {code}" : "")}: {view.Replayed} of {Count(view.Matching)} in {view.Runs} runs, {view.Skipped} skipped{refusals}");
    }

    private static string Count(int letters) => string.Create(CultureInfo.InvariantCulture, $"{letters} dead letters");
}
