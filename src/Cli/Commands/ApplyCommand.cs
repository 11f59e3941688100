using System.CommandLine;
using System.Globalization;
using Headgate.Cli.Files;

namespace Headgate.Cli.Commands;

/// <summary>Makes tenants be as a file says, and tells each change.</summary>
internal static class ApplyCommand
{
    public static void AddTo(CommandLine line)
    {
        var file = new Option<string>("--file", "-f") { Description = "Tenants, in YAML or JSON; - reads standard input", HelpName = "FILE", Required = true };
        Given.NotEmpty(file);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell what would change; exits with 2 if something would" };
        var prune = new Option<bool>("--prune") { Description = "Remove policies and members that the file's lists leave out" };
        line.Add(null, new Command("apply", "Make tenants, limits, policies and members be as a file says") { file, dryRun, prune }, async (call, cancellationToken) =>
        {
            call.File = await YamlFile.ReadAsync(call.Value(file)!, cancellationToken);
            var wanted = new TenantsFile(call.File).Read();
            var changes = 0;
            foreach (var tenant in wanted)
            {
                await foreach (var change in new TenantChanges(call, tenant, call.Value(prune)).FindAsync(cancellationToken))
                {
                    changes++;
                    call.FilePath = change.Path;
                    if (!call.Value(dryRun))
                        await change.MakeAsync(cancellationToken);
                    call.Terminal.Tell(change.View, CliJson.Default.ChangeView, Text(change.View));
                }
            }

            call.FilePath = "";
            call.Terminal.Note(changes == 0 ? "nothing to change" : string.Create(CultureInfo.InvariantCulture, $"{changes} changes{(call.Value(dryRun) ? ", none made" : "")}"));
            return changes > 0 && call.Value(dryRun) ? ExitCode.WouldChange : ExitCode.Done;
        });
    }

    private static string Text(ChangeView change)
    {
        var sign = change.Action switch
        {
            "create" => "+",
            "update" => "~",
            _ => "-",
        };
        var fields = change.Fields.Select(field => field.From is null ? $"{field.Field} {field.To}" : $"{field.Field} {field.From} -> {field.To}");
        return $"{sign} {change.Kind} {change.Tenant}{(change.Name is null ? "" : "/" + change.Name)}{(change.Fields.Count == 0 ? "" : ": " + string.Join(", ", fields))}";
    }
}
