using System.CommandLine;
using System.Globalization;
using Headgate.Cli.Files;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Cli.Commands;

internal static class ScheduleCommands
{
    public static void AddTo(CommandLine line)
    {
        var schedules = line.Group("schedules", "Runs that a tenant submits again and again");
        var name = Given.Id("name", "The schedule's name");
        line.Add(schedules, new Command("list", "All schedules"), async (call, cancellationToken) => await call.Terminal.ShowAsync(
            call.Client.Schedules.ListAsync(await call.TenantAsync(cancellationToken), cancellationToken),
            int.MaxValue,
            ContractJson.Default.ScheduleView,
            ["SCHEDULE", "WHEN", "NEXT", "LAST"],
            schedule => [schedule.Name, When(schedule), Next(schedule), Last(schedule)]));
        line.Add(schedules, new Command("show", "One schedule with its run") { name }, async (call, cancellationToken) =>
            Show(call, await call.Client.Schedules.GetAsync(await call.TenantAsync(cancellationToken), call.Value(name), cancellationToken)));

        var file = new Option<string>("--file", "-f") { Description = "The schedule with its run, in YAML or JSON; - reads standard input", HelpName = "FILE", Required = true };
        Given.NotEmpty(file);
        line.Add(schedules, new Command("set", "Make a schedule, or put another in its place") { name, file }, async (call, cancellationToken) =>
        {
            call.File = await YamlFile.ReadAsync(call.Value(file)!, cancellationToken);
            Show(call, await call.Client.Schedules.PutAsync(await call.TenantAsync(cancellationToken), call.Value(name), call.File.ToJson(), cancellationToken));
        });
        line.Add(schedules, new Command("trigger", "Submit its run now, through the gate") { name }, async (call, cancellationToken) =>
            RunCommands.Show(call, await call.Client.Schedules.TriggerAsync(await call.TenantAsync(cancellationToken), call.Value(name), cancellationToken)));
        line.Add(schedules, new Command("remove", "End a schedule; its runs go on") { name }, async (call, cancellationToken) =>
            await call.Client.Schedules.DeleteAsync(await call.TenantAsync(cancellationToken), call.Value(name), cancellationToken));
    }

    private static void Show(Call call, ScheduleView schedule) => call.Terminal.Show(
        schedule,
        ContractJson.Default.ScheduleView,
        ("schedule", schedule.Name),
        ("when", When(schedule)),
        ("overlap", schedule.Overlap),
        ("catch up", schedule.CatchUp),
        ("next", Next(schedule)),
        ("last", Last(schedule)),
        ("run", schedule.Run?.Name));

    private static string When(ScheduleView schedule) => schedule.Cron is { } cron
        ? $"{cron} ({schedule.TimeZone})"
        : string.Create(CultureInfo.InvariantCulture, $"every {schedule.EverySeconds} s");

    private static string Next(ScheduleView schedule) => schedule.Enabled ? Terminal.Time(schedule.NextFireAt) : "disabled";

    private static string Last(ScheduleView schedule) => schedule.LastFire is { } last ? $"{Terminal.Time(last.At)} {last.Outcome} {last.RunId ?? last.Code}".TrimEnd() : "";
}
