using Headgate.Functions.Options;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Headgate.Functions.Tests.Options;

public sealed class OptionsRulesTests
{
    [Fact]
    public void Read_NothingSet_Defaults()
    {
        var options = OptionsRules.Read(Settings());

        Assert.Equal(new HeadgateOptions(), options);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Leases.Duration);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Heartbeat.Interval);
    }

    [Fact]
    public void Read_EverythingSet_Taken()
    {
        var options = OptionsRules.Read(Settings(
            ("Headgate:Leases:Seconds", "60"),
            ("Headgate:heartbeat:seconds", "30"),
            ("Headgate:Claims:MaxWaitSeconds", "30"),
            ("Headgate:Admission:ConflictRetries", "0"),
            ("Headgate:Admission:IdempotencyHours", "1"),
            ("Headgate:Repair:PatienceSeconds", "5"),
            ("Headgate:Admission:UpgradeUrl", "https://example.org/plans"),
            ("Headgate:Retention:RunDays", "7"),
            ("Headgate:Retention:DeadLetterDays", "7"),
            ("Headgate:Retention:AuditDays", "90"),
            ("LeaseSweep", "*/15 * * * * *"),
            ("ScheduleSweep", "*/15 * * * * *"),
            ("Maintenance", "0 * * * *")));

        Assert.Equal(
            new HeadgateOptions
            {
                Leases = new(60),
                Heartbeat = new(30),
                Claims = new(30),
                Repair = new(5),
                Admission = new(0, 1, "https://example.org/plans"),
                Retention = new(7, 7, 90),
            },
            options);
    }

    [Fact]
    public void Read_EverythingWrong_EveryProblemAtOnce()
    {
        var failure = Assert.Throws<InvalidSettingsException>(() => OptionsRules.Read(Settings(
            ("Headgate:Leases:Seconds", "15"),
            ("Headgate:Leases:Second", "15"),
            ("Headgate:Claims:MaxWaitSeconds", "-1"),
            ("Headgate:Admission:ConflictRetries", "99999999999"),
            ("Headgate:Admission:UpgradeUrl", ""),
            ("Headgate:Retention:RunDays", "7"),
            ("Headgate:Retention:AuditDays", "ever"),
            ("Headgate:Colour", "red"),
            ("LeaseSweep", "every second"))));

        Assert.Equal(
            """
            The settings cannot be used:
            Headgate:Claims:MaxWaitSeconds: must be a whole number between 0 and 30, not '-1'
            Headgate:Admission:ConflictRetries: must be a whole number between 0 and 50, not '99999999999'
            Headgate:Admission:UpgradeUrl: must be 1..200 characters, not 0
            Headgate:Retention:AuditDays: must be a whole number between 1 and 3650, not 'ever'
            Headgate:Colour: is unknown
            Headgate:Leases:Second: is unknown; did you mean 'Headgate:Leases:Seconds'?
            Headgate:Heartbeat:Seconds: must be at most half of Leases:Seconds (15), not 10
            Headgate:Retention:DeadLetterDays: must be at most Retention:RunDays (7), not 30
            LeaseSweep: must be an NCRONTAB expression of 6 fields such as '*/15 * * * * *', not 'every second'
            """,
            failure.Message);
        Assert.Equal(9, failure.Problems.Count);
    }

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => (string?)pair.Value)).Build();
}
