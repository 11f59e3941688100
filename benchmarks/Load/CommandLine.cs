using System.CommandLine;
using System.Globalization;
using System.Reflection;
using Headgate.Load.Measures;

namespace Headgate.Load;

/// <summary>Reads what to measure.</summary>
internal sealed class CommandLine
{
    private static readonly LoadOptions Defaults = new();

    private readonly Argument<string[]> _measures = new("measure")
    {
        Arity = ArgumentArity.OneOrMore,
        HelpName = "measure",
        Description = string.Join("\n", MeasureList.Measures.Select(measure => $"{measure.Name}: {measure.Summary}").Append($"{MeasureList.All}: all of these")),
    };

    private readonly Option<double> _seconds = Number("--seconds", "length of a round", Defaults.Round.TotalSeconds);
    private readonly Option<double> _warmUp = Number("--warm-up", "seconds of load before the first round, at least; counted nowhere", Defaults.WarmUp.AtLeast.TotalSeconds);
    private readonly Option<double> _warmUpMost = Number("--warm-up-most", "at most; in between it ends when an answer costs no less than before", Defaults.WarmUp.AtMost.TotalSeconds);
    private readonly Option<int> _rounds = Whole("--rounds", "rounds, of which the median is given", Defaults.Rounds);
    private readonly Option<string> _clients = List("--clients", "clients of admit, refuse and limit", Defaults.Clients);
    private readonly Option<string> _tenants = List("--tenants", "tenants of admit", Defaults.Tenants);
    private readonly Option<int> _agents = Whole("--agents", "agents that work, each on one connection", Defaults.Agents);
    private readonly Option<int> _claim = Whole("--claim", "tasks an agent claims at once, 1..100", Defaults.Claim, atMost: 100);
    private readonly Option<int> _runs = Whole("--runs", "runs of an end-to-end round", Defaults.Runs);
    private readonly Option<int> _idleRuns = Whole("--idle-runs", "runs submitted one at a time", Defaults.IdleRuns);
    private readonly Option<int> _backoffTasks = Whole("--backoff-tasks", "tasks that wait in backoff", Defaults.BackoffTasks);
    private readonly Option<double> _watch = Number("--watch", "seconds that a service at rest is watched", Defaults.Watch.TotalSeconds);
    private readonly Option<int> _finishedRuns = Whole("--finished-runs", "finished runs in the file that a start is timed on", Defaults.FinishedRuns);
    private readonly Option<int> _rows = Whole("--rows", "rows in the file that growth is measured on", Defaults.Rows);
    private readonly Option<string> _data = new("--data") { HelpName = "DIR", Description = "where data folders are made; on the disk that is meant", DefaultValueFactory = _ => Defaults.Data };
    private readonly Option<string?> _filled = new("--filled") { HelpName = "DIR", Description = "a folder of finished runs for start and growth, to be gone on with and kept (default: a new one that goes away)" };
    private readonly Option<string> _service = new("--service") { HelpName = "FILE", Description = "another build's Headgate.LocalHost.dll (default: the one built with this program)" };
    private readonly Option<bool> _noLimit = new("--no-limit") { Description = "leave the limits out: no figure is then given as a share" };
    private readonly Option<bool> _quick = new("--quick") { Description = "everything short: shows that the rig works, not how fast the service is" };
    private readonly Option<string?> _json = new("--json") { HelpName = "FILE", Description = "write the report as JSON" };
    private readonly Option<string?> _markdown = new("--markdown") { HelpName = "FILE", Description = "write the report as Markdown" };

    public Task<int> InvokeAsync(string[] arguments)
    {
        _measures.AcceptOnlyFromAmong([.. MeasureList.Measures.Select(measure => measure.Name), MeasureList.All]);
        var root = new RootCommand("Headgate load rig: measures the service over real HTTP with authentication on, against what this machine can do at all.")
        {
            _measures, _seconds, _warmUp, _warmUpMost, _rounds, _clients, _tenants, _agents, _claim, _runs, _idleRuns,
            _backoffTasks, _watch, _finishedRuns, _rows, _data, _filled, _service, _noLimit, _quick, _json, _markdown,
        };
        root.SetAction(parsed => Run(parsed, arguments));
        return root.Parse(arguments).InvokeAsync();
    }

    private int Run(ParseResult parsed, string[] arguments)
    {
        if (typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration != "Release" && !parsed.GetValue(_quick))
        {
            Console.Error.WriteLine("This is no Release build; its figures would say nothing. Run it with -c Release, or with --quick to see that it works.");
            return 2;
        }

        var options = Read(parsed);
        var names = parsed.GetValue(_measures)!;
        var all = names.Contains(MeasureList.All, StringComparer.Ordinal);
        var chosen = MeasureList.Measures
            .Where(measure => all || names.Contains(measure.Name, StringComparer.Ordinal) || (measure is LimitMeasure && !parsed.GetValue(_noLimit)))
            .ToList();
        var report = RigRun.Of(chosen, options, $"dotnet run -c Release --project benchmarks/Load -- {string.Join(' ', arguments)}");
        if (parsed.GetValue(_json) is { } json)
            report.WriteJson(json);
        if (parsed.GetValue(_markdown) is { } markdown)
            report.WriteMarkdown(markdown);
        return report.Failures.Count == 0 ? 0 : 1;
    }

    private LoadOptions Read(ParseResult parsed)
    {
        var options = new LoadOptions
        {
            Round = TimeSpan.FromSeconds(parsed.GetValue(_seconds)),
            WarmUp = new(TimeSpan.FromSeconds(parsed.GetValue(_warmUp)), TimeSpan.FromSeconds(parsed.GetValue(_warmUpMost))),
            Rounds = parsed.GetValue(_rounds),
            Clients = Numbers(parsed.GetValue(_clients)!),
            Tenants = Numbers(parsed.GetValue(_tenants)!),
            Agents = parsed.GetValue(_agents),
            Claim = parsed.GetValue(_claim),
            Runs = parsed.GetValue(_runs),
            IdleRuns = parsed.GetValue(_idleRuns),
            BackoffTasks = parsed.GetValue(_backoffTasks),
            Watch = TimeSpan.FromSeconds(parsed.GetValue(_watch)),
            FinishedRuns = parsed.GetValue(_finishedRuns),
            Rows = parsed.GetValue(_rows),
            Data = parsed.GetValue(_data)!,
            Filled = parsed.GetValue(_filled),
            Service = parsed.GetValue(_service) ?? Defaults.Service,
        };
        return parsed.GetValue(_quick) ? options.Quick() : options;
    }

    private static Option<double> Number(string name, string description, double standard)
    {
        var option = new Option<double>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<double>() is not (> 0 and <= 3600))
                result.AddError($"{name} must be above 0 and at most 3600");
        });
        return option;
    }

    private static Option<int> Whole(string name, string description, int standard, int atMost = int.MaxValue)
    {
        var option = new Option<int>(name) { HelpName = "N", Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (result.GetValueOrDefault<int>() is var number) && (number < 1 || number > atMost))
                result.AddError($"{name} must be at least 1" + (atMost < int.MaxValue ? $" and at most {atMost}" : ""));
        });
        return option;
    }

    private static Option<string> List(string name, string description, IReadOnlyList<int> standard)
    {
        var option = new Option<string>(name) { HelpName = "N,N", Description = description, DefaultValueFactory = _ => string.Join(',', standard) };
        option.Validators.Add(result =>
        {
            if (!result.GetValueOrDefault<string>()!.Split(',').All(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
                result.AddError($"{name} must be whole numbers with commas between");
        });
        return option;
    }

    private static int[] Numbers(string list) => [.. list.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
}
