using System.CommandLine;
using System.Globalization;
using Headgate.Client.Calls;
using Headgate.Contracts;
using Headgate.Contracts.Runs;

namespace Headgate.Cli.Commands;

internal static class DeadLetterCommands
{
    private static readonly Option<string> s_category = new("--category") { Description = "Only those of this failure class" };
    private static readonly Option<string> s_type = new("--type") { Description = "Only those of this task type" };
    private static readonly Option<string> s_since = Given.Moment("--since", "Only those that ended then or later");
    private static readonly Option<string> s_until = Given.Moment("--until", "Only those that ended before then");

    public static void AddTo(CommandLine line)
    {
        var letters = line.Group("dead-letters", "Tasks that failed for good");
        var most = Given.Limit(100);
        line.Add(letters, new Command("list", "Newest first") { most, s_category, s_type, s_since, s_until }, async (call, cancellationToken) => await call.Terminal.ShowAsync(
            call.Client.DeadLetters.ListAsync(await call.TenantAsync(cancellationToken), Filter(call), cancellationToken),
            call.Value(most),
            ContractJson.Default.DeadLetterView,
            ["DEAD LETTER", "AT", "TYPE", "CATEGORY", "MESSAGE"],
            letter => [letter.Id, Terminal.Time(letter.At), letter.Type, letter.ErrorCategory, letter.ErrorMessage]));

        var id = Given.Id("id", "The dead letter's id");
        line.Add(letters, new Command("replay", "Run one again, through the gate") { id }, async (call, cancellationToken) =>
            RunCommands.Show(call, await call.Client.DeadLetters.ReplayAsync(await call.TenantAsync(cancellationToken), call.Value(id), cancellationToken)));
        AddReplayAll(line, letters);

        var reason = new Option<string>("--reason") { Description = "For the audit" };
        line.Add(letters, new Command("dismiss", "Forget one") { id, reason }, async (call, cancellationToken) =>
            await call.Client.DeadLetters.DismissAsync(await call.TenantAsync(cancellationToken), call.Value(id), call.Value(reason), cancellationToken));
    }

    private static void AddReplayAll(CommandLine line, Command letters)
    {
        var most = Given.Limit(100);
        Given.Within(most, 1, 1000);
        var rate = new Option<double?>("--rate") { Description = "Runs a second: 0.1..100 (default: 10)", HelpName = "N" };
        var from = new Option<string>("--from") { Description = "failed-task (default): what completed is kept; start: all tasks run again" };
        from.AcceptOnlyFromAmong("failed-task", "start");
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell what matches; exits with 2 if something does" };
        var detach = new Option<bool>("--detach") { Description = "Don't wait for its end" };
        var command = new Command("replay-all", "Run all that match again, never over a cap") { s_category, s_type, s_since, s_until, most, rate, from, dryRun, detach };
        line.Add(letters, command, async (call, cancellationToken) =>
        {
            var tenant = await call.TenantAsync(cancellationToken);
            var filter = Filter(call);
            var which = new ReplayRequest(filter.Category, filter.Type, filter.Since, filter.Until, call.Value(most), call.Value(from), call.Value(rate));
            if (call.Value(dryRun))
                return Show(call, await call.Client.DeadLetters.PreviewReplayAsync(tenant, which, cancellationToken));
            var accepted = await call.Client.DeadLetters.ReplayAllAsync(tenant, which, cancellationToken);
            if (!call.Value(detach))
                return await ReplayWatching.UntilEndAsync(call, tenant, accepted, cancellationToken);
            call.Terminal.Show(accepted, ContractJson.Default.ReplayAccepted, ("replay", accepted.ReplayId), ("matching", Text(accepted.Matching)));
            return ExitCode.Done;
        });
    }

    private static int Show(Call call, ReplayPreview preview)
    {
        call.Terminal.Show(preview, ContractJson.Default.ReplayPreview, ("matching", Text(preview.Matching)));
        if (!call.Terminal.AsJson)
        {
            foreach (var letter in preview.Sample)
                call.Terminal.Line(Terminal.Plain($"  {letter.Id}  {letter.Type}  {letter.ErrorCategory}: {letter.ErrorMessage}"));
        }

        return preview.Matching > 0 ? ExitCode.WouldChange : ExitCode.Done;
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static DeadLetterFilter Filter(Call call)
    {
        var now = call.Time.GetUtcNow();
        return new(call.Value(s_category), call.Value(s_type), Given.MomentOf(call.Value(s_since), now), Given.MomentOf(call.Value(s_until), now));
    }
}
