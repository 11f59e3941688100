using Headgate.Core.Validation;
using Headgate.LocalHost.Options;

namespace Headgate.LocalHost.Chaos;

/// <summary>
/// Runs the service on a copy of a data folder, kills it, takes its store away, sets its clock, has agents fall silent, and looks whether it keeps what it
/// promises.
/// </summary>
internal static class ChaosRun
{
    /// <summary>Agents work on undisturbed when chaos is over. Retries wait a second at most, and leases last five.</summary>
    private static readonly TimeSpan s_untilSettled = TimeSpan.FromMinutes(3);

    /// <param name="output">Receives a line for each step, and the table.</param>
    /// <param name="data">Is copied first.</param>
    /// <returns>Whether every promise held.</returns>
    public static async Task<bool> RunAsync(TextWriter output, string data, TimeSpan time, int seed, CancellationToken stopping)
    {
        using var folder = ChaosFolder.CopyOf(data);
        var (dice, promises) = (new ChaosDice(seed), new Promises());
        await using var service = new ChaosVictim(folder.Path, seed);
        var (work, inspection) = (new ChaosWork(service, dice, promises), new ChaosInspection(service, promises));
        try
        {
            await CalmAsync(service);
            await inspection.RememberAsync(stopping);
            await work.PrepareAsync(stopping);
            await output.WriteLineAsync($"chaos with seed {seed} for {time.TotalMinutes:0.#} min");
            await DisturbAsync(service, dice, work, time, stopping);
            await output.WriteLineAsync($"over: killed {service.Kills} times, {work.Accepted.Count} runs accepted, {work.Refused} submissions refused");

            await service.KillAsync();
            await CalmAsync(service);
            using var late = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            late.CancelAfter(s_untilSettled);
            var isSettled = await work.SettleAsync(late.Token);
            stopping.ThrowIfCancellationRequested();
            await inspection.LookAsync(work, isSettled, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await output.WriteLineAsync("chaos was stopped");
            return false;
        }

        await promises.WriteAsync(output);
        await output.WriteLineAsync(promises.Hold ? "every promise held" : $"NOT every promise held; again: chaos --data {data} --minutes {time.TotalMinutes:0.#} --seed {seed}");
        return promises.Hold;
    }

    private static async Task CalmAsync(ChaosVictim service)
    {
        if (!await service.StartAsync(isCalm: true))
            throw new StartRefusedException([new Problem("data", "the service does not start on a copy of this folder")]);
    }

    private static async Task DisturbAsync(ChaosVictim service, ChaosDice dice, ChaosWork work, TimeSpan time, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var until = TimeProvider.System.GetUtcNow() + time;
        var everybody = work.GoOnAsync(over.Token);
        while (TimeProvider.System.GetUtcNow() is var now && now < until && !stopping.IsCancellationRequested)
        {
            await service.KillAsync();
            // Some die while they start.
            while (dice.OneIn(4))
                await service.StartAsync(isCalm: false, killedAfter: TimeSpan.FromMilliseconds(dice.Between(50, 1500)));
            while (!await service.StartAsync(isCalm: false) && !stopping.IsCancellationRequested)
            {
                // Its store was away while it started.
            }

            var life = TimeSpan.FromMilliseconds(dice.Between(1500, 12_000));
            await Task.Delay(life < until - now ? life : TimeSpan.FromMilliseconds(Math.Max(1, (until - now).TotalMilliseconds)), TimeProvider.System, CancellationToken.None);
        }

        await over.CancelAsync();
        await everybody;
        stopping.ThrowIfCancellationRequested();
    }
}
