using System.CommandLine;
using Headgate.Cli.Commands;
using Headgate.Client;
using Polly.Timeout;

namespace Headgate.Cli;

/// <summary>All commands.</summary>
internal sealed class CommandLine
{
    private readonly RootCommand _root = new("Submit runs to Headgate, watch them, and find what holds them.");
    private readonly Option<string> _service = new("--service") { Description = $"The service's address (default: {Settings.Url}, or where you logged in)", HelpName = "URL", Recursive = true };
    private readonly Option<bool> _json = new("--json") { Description = "Answer as JSON; lists as one object a line", Recursive = true };
    private readonly Option<string> _tenant = new("--tenant", "-t") { Description = "The tenant (default: the key's own)", HelpName = "ID", Recursive = true };
    private readonly Terminal _terminal;
    private readonly Settings _settings;

    public CommandLine(Terminal terminal, Settings settings)
    {
        (_terminal, _settings) = (terminal, settings);
        _root.Options.Add(_service);
        _root.Options.Add(_json);
        _root.Options.Add(_tenant);
        LoginCommands.AddTo(this);
        TenantCommands.AddTo(this);
        RunCommands.AddTo(this);
        TaskCommands.AddTo(this);
        AgentCommands.AddTo(this);
        DeadLetterCommands.AddTo(this);
        OperationCommands.AddTo(this);
    }

    public Terminal Terminal => _terminal;

    public Settings Settings => _settings;

    public Task<int> InvokeAsync(string[] arguments)
    {
        var parsed = _root.Parse(arguments);
        if (parsed.Errors.Count == 0)
            return parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        foreach (var error in parsed.Errors)
            _terminal.Problem(Terminal.Plain(error.Message));
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

    /// <summary>A command that makes its own connection.</summary>
    public void AddWithoutKey(Command command, Func<ParseResult, CancellationToken, Task<int>> act)
    {
        _root.Subcommands.Add(command);
        command.SetAction((arguments, cancellationToken) => GuardAsync(() => act(arguments, cancellationToken)));
    }

    public string? ServiceOf(ParseResult arguments) => arguments.GetValue(_service);

    private Task<int> RunAsync(ParseResult arguments, Func<Call, CancellationToken, Task<int>> act, CancellationToken cancellationToken)
    {
        _terminal.AsJson = arguments.GetValue(_json);
        return GuardAsync(async () =>
        {
            using var client = new HeadgateClient(_settings.Connection(arguments.GetValue(_service)));
            return await act(new Call(client, _terminal, arguments, arguments.GetValue(_tenant)), cancellationToken);
        });
    }

    private async Task<int> GuardAsync(Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (UsageException problem)
        {
            _terminal.Problem(problem.Message);
            return ExitCode.Usage;
        }
        catch (HeadgateException refusal)
        {
            Tell(refusal);
            return ExitCode.Refused;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TimeoutRejectedException or IOException)
        {
            _terminal.Problem(Terminal.Plain((unreachable.InnerException as System.Net.Sockets.SocketException)?.Message is { } reason ? $"{unreachable.Message}: {reason}" : unreachable.Message));
            return ExitCode.Unreachable;
        }
    }

    private void Tell(HeadgateException refusal)
    {
        if (_terminal.AsJson)
        {
            _terminal.Problem(refusal.Body.GetRawText());
            return;
        }

        _terminal.Problem(Terminal.Plain(refusal.Details.Count == 0 ? refusal.Message : $"{refusal.Code}:"));
        foreach (var detail in refusal.Details)
            _terminal.Problem($"  {Terminal.Plain(detail.Path)}: {Terminal.Plain(detail.Message)}");
        if (refusal.RetryAfter is { } wait)
            _terminal.Problem($"Try again in {wait.TotalSeconds:0} s.");
    }
}

/// <summary>One command at work.</summary>
internal sealed record Call(HeadgateClient Client, Terminal Terminal, ParseResult Arguments, string? Given)
{
    /// <summary>The one that was named, else the key's own.</summary>
    /// <exception cref="UsageException">The key belongs to none.</exception>
    public async Task<string> TenantAsync(CancellationToken cancellationToken) =>
        Given ?? (await Client.Operations.WhoAmIAsync(cancellationToken)).TenantId ?? throw new UsageException("Which tenant? Give --tenant ID.");

    public T Value<T>(Argument<T> argument) => Arguments.GetRequiredValue(argument);

    public T? Value<T>(Option<T> option) => Arguments.GetValue(option);
}
