using System.Globalization;
using Headgate.Contracts;

namespace Headgate.LocalHost.Drill;

/// <summary>
/// Brings every alert about for real, in a service and a data folder of its own whose clock is moved: it must fire, tell a receiver, be over and tell that.
/// </summary>
public static class AlertDrill
{
    private const string Firing = "firing";
    private const string Resolved = "resolved";
    private const string Well = "ok";
    private const string DeadLettered = "start-dead-lettered";

    /// <summary>Of the machine's clock.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Dead letters are kept for 14 days.</summary>
    private static readonly TimeSpan s_untilDeadLettersExpire = TimeSpan.FromDays(14) + TimeSpan.FromHours(2);

    /// <summary>Over when its short window of six hours is.</summary>
    private const string LongBurn = "slo-burn-slow";

    private static readonly string[] s_starts = ["start-queue-deep", "start-queue-flooded", "start-message-old", "orchestrations-stuck", DeadLettered];
    private static readonly string[] s_ready = ["ready-tasks-many", "ready-tasks-flooded", "ready-task-old"];

    /// <param name="output">Receives a line for each step, and the table.</param>
    /// <param name="start">Where the drill's clock begins.</param>
    /// <param name="stopping">Ends it before it is done.</param>
    /// <returns>Whether every rule that the app evaluates fired, was told, was over and was told that.</returns>
    public static async Task<bool> RunAsync(TextWriter output, DateTimeOffset start, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(s_patience);
        try
        {
            await using var service = await DrillGround.StartAsync(start, deadline.Token);
            using var outages = new DrillOutages(service);
            return await RunAsync(service, outages, new DrillLog(service, outages, output));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            await output.WriteLineAsync(stopping.IsCancellationRequested ? "the drill was stopped" : $"NOT done within {s_patience.TotalMinutes:0} minutes");
            return false;
        }
    }

    private static async Task<bool> RunAsync(DrillGround service, DrillOutages outages, DrillLog log)
    {
        await log.SayAsync("all is well");
        await outages.PrepareAsync();
        var rules = await log.MinuteAsync();
        await log.SayAsync("answers are slow, then errors: the tables are away");
        await outages.DisturbAsync();
        await log.PassAsync(2, () => log.Fired("slow-responses") && log.Fired("server-errors"));
        await log.SayAsync("starts are refused, then hang; agents fail, quarrel and go silent; a tenant runs into its cap; a counter is wrong");
        await outages.BeginAsync();
        await log.PassAsync(30, () => s_starts.All(log.Fired));
        await log.SayAsync("orchestrations start again, and their tasks wait for agents that never come");
        service.Starts.Recover();
        await log.PassAsync(30, () => s_ready.All(log.Fired));
        await log.SayAsync("everything is put right");
        await outages.EndAsync();
        await log.PassAsync(40, () => rules.Rules.All(rule => rule.NotMeasured is not null || rule.Id is DeadLettered or LongBurn || log.IsOver(rule.Id)));
        await log.SayAsync("two weeks later the dead letters are gone, and the error budgets have recovered");
        service.Skip(s_untilDeadLettersExpire);
        await log.PassAsync(10, () => log.IsOver(DeadLettered) && log.IsOver(LongBurn));
        return await log.ConcludeAsync(rules);
    }

    /// <summary>What was seen of each rule, by the drill's clock.</summary>
    private sealed class DrillLog(DrillGround service, DrillOutages outages, TextWriter output)
    {
        private readonly DateTimeOffset _start = service.Now;
        private readonly Dictionary<string, DateTimeOffset> _fired = new(StringComparer.Ordinal);
        private readonly Dictionary<string, DateTimeOffset> _over = new(StringComparer.Ordinal);

        public bool Fired(string rule) => _fired.ContainsKey(rule) && service.Webhook.WasTold(rule, Firing);

        public bool IsOver(string rule) => _over.ContainsKey(rule) && service.Webhook.WasTold(rule, Resolved);

        public Task SayAsync(string what) => output.WriteLineAsync($"{Time(service.Now)}  {what}");

        public async Task<AlertsView> MinuteAsync()
        {
            await outages.GoOnAsync();
            var alerts = await service.MinuteAsync();
            foreach (var rule in alerts.Rules)
            {
                if (rule.State == Firing && _fired.TryAdd(rule.Id, service.Now))
                    await SayAsync($"  {rule.Id} fires: {Number(rule.Value)} against {Number(rule.Threshold)}");
                else if (rule.State is Resolved or Well && _fired.ContainsKey(rule.Id) && _over.TryAdd(rule.Id, service.Now))
                    await SayAsync($"  {rule.Id} is over");
            }

            return alerts;
        }

        public async Task PassAsync(int minutes, Func<bool> until)
        {
            for (var left = minutes; left > 0 && !until(); left--)
                await MinuteAsync();
        }

        public async Task<bool> ConcludeAsync(AlertsView rules)
        {
            var isWhole = true;
            await output.WriteLineAsync();
            await output.WriteLineAsync($"{"rule",-22} {"fired",9} {"told",5} {"over",9} {"told",5}");
            foreach (var rule in rules.Rules)
            {
                if (rule.NotMeasured is { } reason)
                {
                    await output.WriteLineAsync($"{rule.Id,-22} not measured here: {reason}");
                    continue;
                }

                var isSound = Fired(rule.Id) && IsOver(rule.Id);
                isWhole &= isSound;
                await output.WriteLineAsync(
                    $"{rule.Id,-22} {Time(_fired, rule.Id),9} {YesNo(service.Webhook.WasTold(rule.Id, Firing)),5} {Time(_over, rule.Id),9} {YesNo(service.Webhook.WasTold(rule.Id, Resolved)),5}{(isSound ? "" : "  FAILED")}");
            }

            await output.WriteLineAsync(isWhole ? "every rule fired and was over" : "NOT every rule fired and was over");
            return isWhole;
        }

        private string Time(Dictionary<string, DateTimeOffset> times, string rule) => times.TryGetValue(rule, out var time) ? Time(time) : "never";

        private string Time(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"{(long)(time - _start).TotalMinutes,5} min");

        private static string Number(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "-";

        private static string YesNo(bool value) => value ? "yes" : "no";
    }
}
