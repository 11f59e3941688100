using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Headgate.Cli.Files;
using Headgate.Client.Calls;
using Headgate.Contracts;
using Headgate.Contracts.Runs;

namespace Headgate.Cli.Commands;

internal static class RunCommands
{
    private const int LongestWait = 30;
    private const int LongestKey = 255;
    private const int LargestPage = 100;

    public static void AddTo(CommandLine line)
    {
        var runs = line.Group("runs", "Runs of a tenant");
        var id = Given.Id("run", "The run's id");
        AddSubmit(line, runs);

        var status = new Option<string>("--status") { Description = "Only runs with this status" };
        var most = Given.Limit(25);
        line.Add(runs, new Command("list", "Runs, newest first") { status, most }, async (call, cancellationToken) => await call.Terminal.ShowAsync(
            call.Client.Runs.ListAsync(await call.TenantAsync(cancellationToken), call.Value(status), Math.Min(call.Value(most), LargestPage), cancellationToken),
            call.Value(most),
            ContractJson.Default.RunView,
            ["RUN", "STATUS", "CREATED", "NAME"],
            run => [run.RunId, run.Status, Terminal.Time(run.CreatedAt), run.Name]));

        line.Add(runs, new Command("show", "One run with its tasks") { id }, async (call, cancellationToken) =>
            Show(call, await call.Client.Runs.GetAsync(await call.TenantAsync(cancellationToken), call.Value(id), cancellationToken)));

        line.Add(runs, new Command("watch", "Show a run as it goes on, until it ends") { id }, async (call, cancellationToken) =>
            await RunWatching.UntilEndAsync(call, await call.TenantAsync(cancellationToken), call.Value(id), cancellationToken));

        line.Add(runs, new Command("cancel", "End a run") { id }, async (call, cancellationToken) =>
        {
            var run = await call.Client.Runs.CancelAsync(await call.TenantAsync(cancellationToken), call.Value(id), cancellationToken);
            call.Terminal.Show(run, ContractJson.Default.RunView, ("run", run.RunId), ("status", run.Status));
        });

        line.Add(runs, new Command("explain", "What holds a run, and what would cure it") { id }, async (call, cancellationToken) =>
            Explanation.Show(call, await call.Client.Runs.ExplainAsync(await call.TenantAsync(cancellationToken), call.Value(id), cancellationToken)));
    }

    private static void AddSubmit(CommandLine line, Command runs)
    {
        var file = new Option<string>("--file", "-f") { Description = "The run, in YAML or JSON; - reads standard input", HelpName = "FILE", Required = true };
        Given.NotEmpty(file);
        var key = new Option<string>("--idempotency-key") { Description = "The same key again gives the same run (default: a new one)", HelpName = "KEY" };
        key.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && (text.Length is 0 or > LongestKey || text.Any(c => c is < ' ' or > '~')))
                result.AddError($"--idempotency-key is 1 to {LongestKey} printable ASCII characters.");
        });
        var wait = new Option<int?>("--wait") { Description = $"If the tenant is full, wait so many seconds for a slot: 1..{LongestWait}", HelpName = "SECONDS" };
        Given.Within(wait, 1, LongestWait);
        var watch = new Option<bool>("--watch") { Description = "Watch the run until it ends" };
        line.Add(runs, new Command("submit", "Submit a run") { file, key, wait, watch }, async (call, cancellationToken) =>
        {
            call.File = await YamlFile.ReadAsync(call.Value(file)!, cancellationToken);
            var tenant = await call.TenantAsync(cancellationToken);
            TimeSpan? longest = call.Value(wait) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            call.IdempotencyKey = call.Value(key) ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
            var accepted = await call.Client.Runs.SubmitAsync(tenant, call.File.ToJson(), call.IdempotencyKey, longest, cancellationToken);
            // It was taken: from here on nothing is in doubt.
            call.IdempotencyKey = null;
            if (call.Value(watch))
            {
                call.Terminal.Note($"run {accepted.RunId}");
                return await RunWatching.UntilEndAsync(call, tenant, accepted.RunId, cancellationToken);
            }

            Show(call, accepted);
            return ExitCode.Done;
        });
    }

    public static void Show(Call call, Submission taken) => call.Terminal.Show(
        taken,
        CliJson.Default.Submission,
        ("run", taken.RunId),
        ("status", taken.IsReplayed ? $"{taken.Status}, submitted before" : taken.Status),
        ("place in line", taken.Position?.ToString(CultureInfo.InvariantCulture)),
        ("expected start", Terminal.Time(taken.EstimatedStartAt)),
        ("in flight", string.Create(CultureInfo.InvariantCulture, $"{taken.InFlight} of {taken.Limit}")),
        ("a shadow limit", taken.ShadowRefusal is { } code ? $"would have refused it: {code}" : null));

    private static void Show(Call call, RunView run)
    {
        call.Terminal.Show(
            run,
            ContractJson.Default.RunView,
            ("run", run.RunId),
            ("name", run.Name),
            ("status", run.Status),
            ("place in line", run.Position?.ToString(CultureInfo.InvariantCulture)),
            ("expected start", Terminal.Time(run.EstimatedStartAt)),
            ("created", Terminal.Time(run.CreatedAt)),
            ("started", Terminal.Time(run.StartedAt)),
            ("finished", Terminal.Time(run.FinishedAt)),
            ("failure", run.Failure?.Message));
        if (call.Terminal.AsJson)
            return;
        foreach (var task in run.Tasks ?? [])
            call.Terminal.Line("  " + TaskLine.Of(task));
    }
}
