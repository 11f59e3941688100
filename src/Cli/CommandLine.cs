using System.CommandLine;
using Headgate.Cli.Commands;
using Headgate.Client;

namespace Headgate.Cli;

/// <summary>All commands.</summary>
internal sealed class CommandLine
{
    private readonly RootCommand _root = new($"Submit runs to Headgate, watch them, and find what holds them.\n\n{ExitCode.Help}");
    private readonly Option<string> _service = new("--service") { Description = $"The service's address (default: {Settings.Url}, or where you logged in)", HelpName = "URL", Recursive = true };
    private readonly Option<bool> _json = new("--json") { Description = "Answer as JSON; lists as one object a line", Recursive = true };
    private readonly Option<string> _tenant = Given.IdOption("--tenant", "The tenant (default: the key's own)", "-t");
    private readonly Terminal _terminal;
    private readonly Settings _settings;
    private readonly TimeProvider _time;

    /// <param name="time">Null: the system's.</param>
    public CommandLine(Terminal terminal, Settings settings, TimeProvider? time = null)
    {
        (_terminal, _settings, _time) = (terminal, settings, time ?? TimeProvider.System);
        _tenant.Recursive = true;
        Given.NotEmpty(_service);
        _root.Options.Add(_service);
        _root.Options.Add(_json);
        _root.Options.Add(_tenant);
        UpCommand.AddTo(this);
        LoginCommands.AddTo(this);
        DoctorCommand.AddTo(this);
        TenantCommands.AddTo(this);
        KeyCommands.AddTo(this);
        MemberCommands.AddTo(this);
        RunCommands.AddTo(this);
        ScheduleCommands.AddTo(this);
        TaskCommands.AddTo(this);
        AgentCommands.AddTo(this);
        DeadLetterCommands.AddTo(this);
        UsageCommands.AddTo(this);
        OperationCommands.AddTo(this);
        ApplyCommand.AddTo(this);
        CompletionCommand.AddTo(this);
    }

    public Terminal Terminal => _terminal;

    public Settings Settings => _settings;

    public TimeProvider Time => _time;

    public Task<int> InvokeAsync(string[] arguments, CancellationToken cancellationToken = default)
    {
        var parsed = _root.Parse(arguments);
        _terminal.AsJson = parsed.GetResult(_json) is not null && parsed.GetValue(_json);
        // Signals are heard by who calls this: a command may have to end something before it ends.
        if (parsed.Errors.Count == 0)
            return parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = _terminal.Output, Error = _terminal.Errors }, cancellationToken);
        Failure.Tell(_terminal, "usage", string.Join('\n', parsed.Errors.Select(error => error.Message).Distinct(StringComparer.Ordinal)), null);
        return Task.FromResult(ExitCode.Usage);
    }

    public Command Group(string name, string description)
    {
        var group = new Command(name, description);
        _root.Subcommands.Add(group);
        return group;
    }

    /// <summary>A command that calls the service.</summary>
    public void Add(Command? group, Command command, Func<Call, CancellationToken, Task<int>> act)
    {
        (group ?? _root).Subcommands.Add(command);
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, act, cancellationToken));
    }

    public void Add(Command? group, Command command, Func<Call, CancellationToken, Task> act) =>
        Add(group, command, async (call, cancellationToken) =>
        {
            await act(call, cancellationToken);
            return ExitCode.Done;
        });

    /// <summary>A command that makes its own connection, or none.</summary>
    public void AddWithoutKey(Command command, Func<ParseResult, CancellationToken, Task<int>> act)
    {
        _root.Subcommands.Add(command);
        command.SetAction((arguments, cancellationToken) => GuardAsync(_ => act(arguments, cancellationToken)));
    }

    public string? ServiceOf(ParseResult arguments) => arguments.GetValue(_service);

    private Task<int> RunAsync(ParseResult arguments, Func<Call, CancellationToken, Task<int>> act, CancellationToken cancellationToken) => GuardAsync(async began =>
    {
        var connection = _settings.Connection(arguments.GetValue(_service));
        if (Settings.Warning(connection.Options.Service!) is { } warning)
            _terminal.Warn(warning);
        using var client = new HeadgateClient(connection.Options);
        var call = new Call(client, connection, _terminal, arguments, arguments.GetValue(_tenant), _time);
        began(call);
        return await act(call, cancellationToken);
    });

    // Whatever goes wrong is told in one way; a trace of the stack tells a user nothing.
    private async Task<int> GuardAsync(Func<Action<Call>, Task<int>> act)
    {
        Call? call = null;
        try
        {
            return await act(begun => call = begun);
        }
        catch (Exception failure)
        {
            return Failure.Tell(_terminal, failure, call);
        }
    }
}
