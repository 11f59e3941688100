using Headgate.Core.Validation;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.Configuration;

namespace Headgate.Functions.Options;

/// <summary>Settings to options: ranges, relations between settings, and names that mean nothing.</summary>
public static class OptionsRules
{
    /// <summary>The app's timers, named by <c>%…%</c> in triggers; the host reads them at the top level.</summary>
    public static readonly IReadOnlyList<string> Timers = ["LeaseSweep", "Maintenance", "ScheduleSweep"];

    /// <exception cref="InvalidSettingsException">Lists every problem.</exception>
    public static HeadgateOptions Read(IConfiguration configuration)
    {
        var problems = new Problems();
        var options = Read(configuration, problems);
        return problems.Any ? throw new InvalidSettingsException(problems) : options;
    }

    public static HeadgateOptions Read(IConfiguration configuration, Problems problems)
    {
        var settings = new SettingsReader(configuration.GetSection(HeadgateOptions.Section), problems);
        var options = new HeadgateOptions
        {
            Leases = new(settings.Int("Leases:Seconds", new LeaseOptions().Seconds, 5, 3600)),
            Heartbeat = new(settings.Int("Heartbeat:Seconds", new HeartbeatOptions().Seconds, 1, 300)),
            Claims = new(settings.Int("Claims:MaxWaitSeconds", new ClaimOptions().MaxWaitSeconds, 0, 30)),
            Admission = Admission(settings, new AdmissionOptions()),
            Repair = new(settings.Int("Repair:PatienceSeconds", new RepairOptions().PatienceSeconds, 1, 3600)),
            Retention = Retention(settings, new RetentionOptions()),
            Agents = new(settings.Bool("Agents:SelfQuarantine", new AgentOptions().SelfQuarantine)),
            Alerts = AlertSettings.Read(settings),
            Rate = new(
                settings.Int("Rate:MemberRequests", 0, 0, RateOptions.Ceiling),
                settings.Int("Rate:AgentRequests", 0, 0, RateOptions.Ceiling),
                settings.Int("Rate:OperatorRequests", 0, 0, RateOptions.Ceiling)),
            Mcp = new(settings.Bool("Mcp:Write", new McpOptions().Write), settings.Text("Mcp:Hosts", new McpOptions().Hosts, 500)),
            Oidc = OidcOptions.Read(settings, problems),
        };
        settings.End();

        if (options.Heartbeat.Seconds * 2 > options.Leases.Seconds)
            settings.Problem("Heartbeat:Seconds", $"must be at most half of Leases:Seconds ({options.Leases.Seconds}), not {options.Heartbeat.Seconds}");
        if (options.Retention.DeadLetterDays > options.Retention.RunDays)
            settings.Problem("Retention:DeadLetterDays", $"must be at most Retention:RunDays ({options.Retention.RunDays}), not {options.Retention.DeadLetterDays}");
        foreach (var timer in Timers)
            CheckTimer(configuration, timer, problems);
        TelemetryExport.Check(configuration, problems);
        return options;
    }

    private static AdmissionOptions Admission(SettingsReader settings, AdmissionOptions defaults) => new(
        settings.Int("Admission:ConflictRetries", defaults.ConflictRetries, 0, 50),
        settings.Int("Admission:IdempotencyHours", defaults.IdempotencyHours, 1, 168),
        settings.Text("Admission:UpgradeUrl", defaults.UpgradeUrl, 200),
        settings.Int("Admission:MaxHeldCalls", defaults.MaxHeldCalls, 0, 10_000));

    private static RetentionOptions Retention(SettingsReader settings, RetentionOptions defaults) => new(
        settings.Int("Retention:RunDays", defaults.RunDays, 1, 3650),
        settings.Int("Retention:DeadLetterDays", defaults.DeadLetterDays, 1, 3650),
        settings.Int("Retention:AuditDays", defaults.AuditDays, 1, 3650),
        settings.Int("Retention:DeletedTenantDays", defaults.DeletedTenantDays, 0, 365));

    // What the fields may hold is the host's to say; a wrong number of them is the common mistake.
    private static void CheckTimer(IConfiguration configuration, string name, Problems problems)
    {
        if (configuration[name] is { } text && text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length is not (5 or 6))
            problems.Add(name, $"must be an NCRONTAB expression of 6 fields such as '*/15 * * * * *', not '{text}'");
    }
}
