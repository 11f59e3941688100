using System.CommandLine;
using Headgate.Agent.Options;
using Headgate.Agent.Running;
using Headgate.Core.Validation;

namespace Headgate.Agent;

/// <summary>The commands <c>run</c>, <c>check</c> and <c>register</c>; each takes every setting as a flag.</summary>
internal sealed class CommandLine(IReadOnlyDictionary<string, string> environment, TextWriter output, TextWriter error, TimeProvider time)
{
    /// <summary>What the last lines of the log get to be written.</summary>
    private static readonly TimeSpan LastLines = TimeSpan.FromSeconds(2);

    private readonly TextWriter _output = TolerantWriter.Over(output);
    private readonly TextWriter _error = TolerantWriter.Over(error);

    private readonly Option<string> _config = new("--config") { Recursive = true, HelpName = "FILE", Description = $"configuration file ({OptionSources.ConfigVariable})" };
    private readonly Option<string> _operatorKeyFile = new("--operator-key-file") { HelpName = "FILE", Description = $"file with the key of an operator or tenant admin ({OptionSources.OperatorKeyVariable} holds the key itself)" };

    private readonly Dictionary<Setting, Option<string>> _flags = Settings.All.ToDictionary(
        s => s, s => new Option<string>(s.Flag) { Recursive = true, HelpName = s.Kind.ToString().ToUpperInvariant(), Description = $"{s.Help} ({s.Variable})" });

    private readonly AgentLog _log = new(error, time, AgentLog.IsJournal(environment.GetValueOrDefault(AgentLog.JournalVariable), StandardError()));

    public async Task<int> InvokeAsync(string[] arguments)
    {
        var run = new Command("run", "Run the agent until it is told to stop.");
        run.SetAction((parsed, _) => RunAsync(parsed));
        var check = new Command("check", "Only check the configuration: exit code 0 when it is right, 2 and every problem when not.");
        check.SetAction(Check);
        var register = new Command("register", "Make this agent known to the service, and keep its id and key.") { _operatorKeyFile };
        register.SetAction(RegisterAsync);

        var root = new RootCommand("Headgate agent: executes tasks on this machine, within what its owner allows.") { run, check, register, _config };
        foreach (var flag in _flags.Values)
            root.Add(flag);

        var result = root.Parse(arguments);
        if (result.Errors.Count > 0)
        {
            foreach (var problem in result.Errors)
                await _error.WriteLineAsync(problem.Message);
            return ExitCode.BadConfiguration;
        }

        // Signals are the run's own: the library would end the process two seconds after one.
        var code = await result.InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error, ProcessTerminationTimeout = null });
        await _log.FlushAsync(LastLines);
        return code;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var problems = new Problems();
        var options = Sources(parsed).Read(problems);
        var identity = options is null ? null : AgentIdentity.Find(options, Variable, problems);
        if (options is null || identity is null)
            return Refuse(problems);
        if (options.Service is { Scheme: "http", IsLoopback: false })
            _log.Warn("key-in-the-clear", ("service", options.Service), ("reason", "http to another machine shows the agent's key to the network"));

        if (AgentIdentity.IsOpenToOthers(options.KeyFile))
            _log.Warn("key-open-to-others", ("file", options.KeyFile), ("reason", "others on this machine can read it; mode 0600 is right"));

        foreach (var (name, repository) in options.Repositories.Where(r => AgentIdentity.IsOpenToOthers(r.Value.PasswordFile)))
            _log.Warn("password-open-to-others", ("repository", name), ("file", repository.PasswordFile), ("reason", "others on this machine can read it; mode 0600 is right"));

        using var signals = new StopSignals();
        return await new AgentRun(options, identity, Variable, time, _log).RunAsync(signals.Stop, signals.Hurry);
    }

    private int Check(ParseResult parsed)
    {
        var problems = new Problems();
        var options = Sources(parsed).Read(problems);
        if (options is null)
            return Refuse(problems);
        _output.WriteLine($"right: {options.Name} for {options.Service}, takes {(options.TakenTypes.Count == 0 ? "nothing" : string.Join(", ", options.TakenTypes))}");
        return ExitCode.Ok;
    }

    private Task<int> RegisterAsync(ParseResult parsed, CancellationToken stop)
    {
        var problems = new Problems();
        var options = Sources(parsed).Read(problems);
        var key = OperatorKey(parsed.GetValue(_operatorKeyFile), problems);
        return options is null || key is null ? Task.FromResult(Refuse(problems)) : Registration.RunAsync(options, key, _output, time, _log, stop);
    }

    private string? OperatorKey(string? file, Problems problems)
    {
        try
        {
            if ((file is null ? Variable(OptionSources.OperatorKeyVariable) : File.ReadLines(file).FirstOrDefault())?.Trim() is { Length: > 0 } key)
                return key;
            problems.Add("--operator-key-file", $"or {OptionSources.OperatorKeyVariable} must give the key of an operator or tenant admin");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add("--operator-key-file", $"can't be read: {e.Message}");
        }

        return null;
    }

    private int Refuse(Problems problems)
    {
        foreach (var problem in problems.Items)
            _error.WriteLine(problem);
        return ExitCode.BadConfiguration;
    }

    private OptionSources Sources(ParseResult parsed)
    {
        var given = _flags.Where(f => parsed.GetResult(f.Value) is not null).ToDictionary(f => f.Key, f => parsed.GetValue(f.Value) ?? "");
        var sources = new OptionSources(parsed.GetValue(_config), environment, given);
        if (sources.ServiceLinks is { Count: > 0 } links)
            _log.Info("ignored", ("variables", string.Join(',', links)), ("reason", "links to a Kubernetes service, not settings"));
        return sources;
    }

    private static string? StandardError() => OperatingSystem.IsLinux() ? new FileInfo("/proc/self/fd/2").LinkTarget : null;

    private string? Variable(string name) => environment.GetValueOrDefault(name);
}
