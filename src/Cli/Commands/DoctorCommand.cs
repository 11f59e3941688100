using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Headgate.Client;
using Headgate.Contracts.Tenants;

namespace Headgate.Cli.Commands;

/// <summary>Looks at everything between this program and work that gets done, and says for each thing what would cure it.</summary>
internal static class DoctorCommand
{
    private const double LargestDifference = 5;
    private const double LongestWait = 300;

    public static void AddTo(CommandLine line) => line.Add(null, new Command("doctor", "Look at the service, the key, the queues, the alerts and the agents, and say what to do"), async (call, cancellationToken) =>
    {
        var failed = false;
        await foreach (var check in ChecksAsync(call, cancellationToken))
        {
            failed |= check.State == "fail";
            call.Terminal.Tell(check, CliJson.Default.CheckView, $"{check.State,-4}  {check.Check}: {check.Message}");
            if (check.Cure is { } cure && !call.Terminal.AsJson)
                call.Terminal.Line("      try: " + Terminal.Plain(cure));
        }

        return failed ? ExitCode.Refused : ExitCode.Done;
    });

    private static async IAsyncEnumerable<CheckView> ChecksAsync(Call call, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var operations = call.Client.Operations;
        var began = call.Time.GetUtcNow();
        var (health, away) = await TryAsync(async () => new Told(await operations.HealthAsync(cancellationToken)));
        if (health is null)
        {
            yield return new("service", "fail", away!, $"start it (headgate up), or name its address with --service or {Settings.Url}");
            yield break;
        }

        yield return new("service", "ok", $"answers at {Settings.Shown(call.Service)}", null);
        yield return Clock(health.At, began, call.Time.GetUtcNow());
        yield return Version((await TryAsync(() => operations.VersionAsync(cancellationToken))).Answer);
        var (me, refused) = await TryAsync(() => operations.WhoAmIAsync(cancellationToken));
        yield return me is null ? new("key", "fail", refused!, $"headgate login, or set {Settings.Key}") : Key(me, call.Time.GetUtcNow());
        yield return await operations.IsReadyAsync(cancellationToken)
            ? new("stores", "ok", "the service reaches them", null)
            : new("stores", "fail", "the service does not reach its stores", "look into the service's log, and at the disk or the storage account");
        if (me is null)
            yield break;

        if (me.Kind == "operator")
        {
            yield return await CheckAsync("queues", "docs/runbooks tells what a long wait means", async () => Queues(await operations.QueuesAsync(cancellationToken)));
            yield return await CheckAsync("alerts", "headgate alerts names them", async () => Alerts(await operations.AlertsAsync(cancellationToken)));
        }

        if (me.Kind == "operator" || me.Permissions.Contains("agent:read", StringComparer.Ordinal))
            yield return await CheckAsync("agents", "look whether an agent may be seen with this key", () => AgentsAsync(call, call.Given ?? me.TenantId, cancellationToken));
    }

    private static CheckView Clock(DateTimeOffset? service, DateTimeOffset before, DateTimeOffset after)
    {
        if (service is not { } at)
            return new("clock", "warn", "the service does not tell its time", null);
        // Told to the second, and at some moment between the two.
        var difference = at > after ? at - after : at.AddSeconds(1) < before ? before - at.AddSeconds(1) : TimeSpan.Zero;
        var seconds = difference.TotalSeconds;
        return seconds <= LargestDifference
            ? new("clock", "ok", "this machine's and the service's agree", null)
            : new("clock", "warn", string.Create(CultureInfo.InvariantCulture, $"this machine's and the service's differ by {seconds:0} s"), "set both by a time server: tokens and waits go wrong by that much");
    }

    private static CheckView Version(string? service)
    {
        var own = typeof(DoctorCommand).Assembly.GetName().Version!.ToString(2);
        return service switch
        {
            null => new("version", "warn", "the service does not tell its version", "look whether a proxy answers instead"),
            _ when service == own || service.StartsWith(own + ".", StringComparison.Ordinal) => new("version", "ok", $"{service} here and there", null),
            _ => new("version", "warn", $"the service has {service}, this program {own}", "take the program of the service's version"),
        };
    }

    private static CheckView Key(MeView me, DateTimeOffset now)
    {
        var who = $"{me.Kind} {me.Subject}{(me.Role is { } role ? $", {role} of {me.TenantId}" : "")}";
        if (me.Permissions.Count == 0 && me.Kind != "agent")
            return new("key", "warn", $"{who}: may do nothing", "ask for a key with a role or with scopes");
        return me.ExpiresAt is { } end && end - now < TimeSpan.FromDays(7)
            ? new("key", "warn", $"{who}: ends at {Terminal.Time(end)}", "headgate keys rotate KEY")
            : new("key", "ok", me.Kind == "operator" ? $"{who}: may do everything" : $"{who}: {string.Join(", ", me.Permissions)}", null);
    }

    private static CheckView Queues(Contracts.QueuesView queues)
    {
        var oldest = Math.Max(queues.Runs.OldestAgeSeconds, queues.Tasks.OldestAgeSeconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"{queues.Runs.Depth} runs and {queues.Tasks.Depth} tasks wait, the oldest for {oldest:0} s; {queues.Runs.DeadLettered} starts given up");
        return oldest > LongestWait || queues.Runs.DeadLettered > 0
            ? new("queues", "warn", text, "headgate tasks explain TASK tells what one waits for; docs/runbooks what to do")
            : new("queues", "ok", text, null);
    }

    private static CheckView Alerts(Contracts.AlertsView alerts)
    {
        var firing = alerts.Rules.Where(rule => rule.IsFiring).ToList();
        return firing.Count == 0
            ? new("alerts", "ok", "none fires", null)
            : new("alerts", "warn", $"firing: {string.Join(", ", firing.Select(rule => rule.Id))}", string.Join(", ", firing.Select(rule => rule.Runbook).Distinct(StringComparer.Ordinal)));
    }

    private static async Task<CheckView> AgentsAsync(Call call, string? tenant, CancellationToken cancellationToken)
    {
        var (all, able) = (0, 0);
        await foreach (var agent in call.Client.Agents.ListAsync(tenant, cancellationToken))
        {
            all++;
            if (agent is { Status: "online", State: "active" })
                able++;
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{able} of {all} online and taking work");
        return able > 0 ? new("agents", "ok", text, null) : new("agents", "warn", text, all == 0 ? "register one: POST /agents, docs/agents.md" : "headgate agents list shows what state they are in");
    }

    private static async Task<CheckView> CheckAsync(string name, string cure, Func<Task<CheckView>> check)
    {
        var (found, problem) = await TryAsync(check);
        return found ?? new(name, "fail", problem!, cure);
    }

    private static async Task<(T? Answer, string? Problem)> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return (await call(), null);
        }
        catch (Exception problem) when (problem is HeadgateException or HttpRequestException or IOException)
        {
            return (default, problem.Message);
        }
    }

    /// <param name="At">The service's time.</param>
    private sealed record Told(DateTimeOffset? At);
}
