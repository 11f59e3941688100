using System.Text.Json;
using Headgate.Simulation;
using Headgate.Simulation.Observed;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests;

/// <summary>Two hours of twenty tenants, with trouble enough for everything to happen.</summary>
public sealed class SimulationTests(SimulatedHours hours) : IClassFixture<SimulatedHours>
{
    [Fact]
    public void Run_SameSeedTwice_GivesTheSameReportToTheLastByte()
    {
        Assert.Equal(hours.First, hours.Again);
        Assert.NotEqual(Read(hours.First).Transcript, Read(hours.Other).Transcript);
        Assert.NotEqual(Read(hours.First).Submissions, Read(hours.Other).Submissions);
    }

    [Fact]
    public void Run_FailuresOutagesAndPauses_EverySumHolds()
    {
        var report = Read(hours.First);

        var submissions = report.Submissions;
        Assert.Equal(submissions.Admitted, report.Runs.Values.Sum());
        Assert.Equal(submissions.Made, submissions.Admitted + submissions.GivenUp);
        Assert.Equal(report.DeadLetters.Tasks, report.DeadLetters.Letters);
        Assert.Equal(report.DeadLetters.Tasks, report.Tasks.GetValueOrDefault("failed") + report.Tasks.GetValueOrDefault("exhausted"));
        Assert.Equal(report.Attempts.Outcomes["failure"], report.Attempts.Failures.Values.Sum());
        Assert.All(report.Plans, plan => Assert.InRange(plan.HighestInFlight, 0, plan.Cap));
        Assert.All(report.Checks, check => Assert.True(check is { Looked: > 0, Broken: 0 }, $"{check.Rule}: {string.Join(", ", check.Cases)}"));
    }

    [Fact]
    public void Run_FailuresOutagesAndPauses_AllHappened()
    {
        var report = Read(hours.First);

        Assert.All(
            [report.Runs["completed"], report.Runs["failed"], report.Runs["cancelled"], report.Refusals["concurrency-limit"], report.Refusals["tenant-paused"],
                report.Attempts.Retries["network"], report.Attempts.Retries["lost-agent"], report.Tasks["exhausted"], report.Agents.LeasesLost,
                report.Agents.Outages["died"], report.Agents.Outages["cut off"], report.Agents.ResultsTooLate["stale-attempt"], report.Submissions.Repeated],
            count => Assert.NotEqual(0, count));
    }

    private static Report Read(string json) => JsonSerializer.Deserialize(json, SimulationJson.Default.Report)!;
}

/// <summary>Three simulations, two of one seed, each the simulation's own process.</summary>
public sealed class SimulatedHours : IAsyncLifetime
{
    /// <summary>Only an end to a process that hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    private readonly TempFolder _folder = new();

    public string First { get; private set; } = "";

    public string Again { get; private set; } = "";

    public string Other { get; private set; } = "";

    public async Task InitializeAsync()
    {
        var reports = await Task.WhenAll(RunAsync(seed: 9, "first"), RunAsync(seed: 9, "again"), RunAsync(seed: 10, "other"));
        (First, Again, Other) = (reports[0], reports[1], reports[2]);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private async Task<string> RunAsync(int seed, string name)
    {
        string[] arguments =
        [
            typeof(SimulationRun).Assembly.Location, "--seed", $"{seed}", "--tenants", "20", "--hours", "2", "--agents", "3", "--failure-rate", "0.3", "--trouble", "20",
            "--json", _folder[name], "--data", _folder[$"{name}-data"], "--quiet",
        ];
        await using var process = ChildProcess.Start("dotnet", arguments);
        Assert.True(await process.EndedAsync(s_patience) == 0, string.Join('\n', process.Output.Concat(process.Errors)));
        return await File.ReadAllTextAsync(_folder[name]);
    }
}
