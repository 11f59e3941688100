using System.CommandLine;
using System.Text.Json;
using Headgate.Simulation.Clockwork;
using Headgate.Simulation.Observed;

namespace Headgate.Simulation;

/// <summary>Reads what to simulate, and prints what it showed.</summary>
internal sealed class CommandLine
{
    private static readonly SimulationOptions Defaults = new();

    private readonly Option<long> _seed = new("--seed") { HelpName = "N", Description = "decides everything that happens", DefaultValueFactory = _ => Defaults.Seed };
    private readonly Option<int> _tenants = Number("--tenants", "tenants", 1, 9999, _ => Defaults.Tenants);
    private readonly Option<double> _hours = Number("--hours", "virtual hours in which runs are submitted", 0.01, 672, _ => Defaults.Hours);
    private readonly Option<int?> _agents = Number<int?>("--agents", "agents of eight slots (default: one for 50 tenants, at least two)", 1, 999, null);
    private readonly Option<double> _failureRate = Number("--failure-rate", "share of attempts that fail by themselves", 0, 1, _ => Defaults.FailureRate);
    private readonly Option<double> _trouble = Number("--trouble", "how often agents fall silent and operators stop tenants, times the usual", 0.001, 1000, _ => Defaults.Trouble);
    private readonly Option<string> _maintenance = new("--maintenance") { HelpName = "CRON", Description = "when the service repairs and removes", DefaultValueFactory = _ => Defaults.Maintenance };
    private readonly Option<string?> _data = new("--data") { HelpName = "DIR", Description = "an empty or new data folder, which is kept (default: a temporary one)" };
    private readonly Option<string?> _json = new("--json") { HelpName = "FILE", Description = "write the report as JSON" };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "no line for each virtual hour" };

    public Task<int> InvokeAsync(string[] arguments)
    {
        var root = new RootCommand("Headgate simulation: the whole service on a virtual clock, with tenants, agents and operators around it. One seed, one course of things.")
        {
            _seed, _tenants, _hours, _agents, _failureRate, _trouble, _maintenance, _data, _json, _quiet,
        };
        root.SetAction((parsed, _) => RunAsync(parsed));
        return root.Parse(arguments).InvokeAsync();
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        if (!OneThread.Holds)
        {
            await Console.Error.WriteLineAsync("The pool has more than one thread, so nothing could be repeated. Run the built program with its runtimeconfig.json beside it.");
            return 2;
        }

        if (parsed.GetValue(_data) is { } data && Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
        {
            await Console.Error.WriteLineAsync($"'{data}' is not empty: what it holds would change the course of things.");
            return 2;
        }

        var tenants = parsed.GetValue(_tenants);
        var options = new SimulationOptions
        {
            Seed = parsed.GetValue(_seed),
            Tenants = tenants,
            Hours = parsed.GetValue(_hours),
            Agents = parsed.GetValue(_agents) ?? SimulationOptions.AgentsFor(tenants),
            FailureRate = parsed.GetValue(_failureRate),
            Trouble = parsed.GetValue(_trouble),
            Maintenance = parsed.GetValue(_maintenance)!,
        };
        return await RunAsync(options, parsed.GetValue(_data), parsed.GetValue(_json), parsed.GetValue(_quiet));
    }

    private static async Task<int> RunAsync(SimulationOptions options, string? data, string? json, bool quiet)
    {
        var folder = data ?? Directory.CreateTempSubdirectory("headgate-simulation-").FullName;
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            using var run = new SimulationRun(options, folder, quiet ? _ => { } : Console.Error.WriteLine);
            var report = await run.RunAsync();
            var took = TimeProvider.System.GetElapsedTime(began);
            Console.Write(ReportText.Of(report));
            Console.WriteLine($"wall time           {took.TotalSeconds:0.0} s, {report.VirtualHours * 3600 / took.TotalSeconds:N0} times as fast as the clock; processor {Environment.CpuUsage.TotalTime.TotalSeconds:0.0} s, memory {Environment.WorkingSet >> 20:N0} MiB");
            if (json is not null)
                await File.WriteAllBytesAsync(json, JsonSerializer.SerializeToUtf8Bytes(report, SimulationJson.Default.Report));
            return report.Checks.All(check => check.Broken == 0) && report.Service.Errors.Count == 0 ? 0 : 1;
        }
        finally
        {
            if (data is null)
                Directory.Delete(folder, recursive: true);
        }
    }

    private static Option<T> Number<T>(string name, string description, double least, double most, Func<System.CommandLine.Parsing.ArgumentResult, T>? standard)
    {
        var option = new Option<T>(name) { HelpName = "N", Description = description, DefaultValueFactory = standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<T>() is IConvertible given && (given.ToDouble(null) < least || given.ToDouble(null) > most))
                result.AddError($"{name} must be from {least} to {most}");
        });
        return option;
    }
}
