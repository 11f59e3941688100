using System.CommandLine;
using Headgate.Core.Validation;
using Headgate.LocalHost.Options;
using Headgate.Storage;
using Headgate.Storage.Sqlite.Damage;

namespace Headgate.LocalHost.Commands;

/// <summary>Serves until it is told to stop. What the root command does too.</summary>
internal sealed class ServeCommand
{
    private readonly Option<string> _data = new("--data") { Description = $"Data folder (default: {LocalHostOptions.DefaultDataFolder})", HelpName = "DIR" };
    private readonly Option<int> _port = new("--port") { Description = $"Port, 0 for a free one (default: {LocalHostOptions.DefaultPort})", HelpName = "N" };
    private readonly Option<string> _host = new("--host") { Description = $"IP address to listen on (default: {LocalHostOptions.DefaultHost})", HelpName = "ADDRESS" };

    private readonly Option<string> _tables = new("--tables") { Description = "Storage connection string of a Table server to keep the tables on, shared by several processes (default: the data folder)", HelpName = "CONNECTION" };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_port);
        command.Options.Add(_host);
        command.Options.Add(_tables);
        command.SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken _)
    {
        using var stop = new StopSignal();
        var problems = new Problems();
        var environment = Environment.GetEnvironmentVariables();
        if (EnvironmentSettings.HasServiceLink(environment))
            await StandardStreams.TellAsync(Console.Error, $"{EnvironmentSettings.Port} is ignored: it is a link to a Kubernetes service, not a setting");
        var options = Read(arguments, EnvironmentSettings.Read(environment, arguments.GetResult(_port) is not null, problems));
        await using var server = await LocalServer.StartAsync(StartPlan.Of(options, problems), TimeProvider.System);
        using var atRest = new MemoryAtRest(
            () => server.Storage.Log.Operations + server.Storage.Log.LazyOperations, () => GC.GetTotalAllocatedBytes(), TimeProvider.System, () => GiveBack(server.Storage));
        await OperatorKeyNotice.GiveAsync(server.OperatorKey);
        await StandardStreams.TellAsync(Console.Out, $"listening on {server.Address}");
        await stop.WaitAsync(server.StopRequested);
        await server.StopAsync();
        if (server.Failure is not { } failure)
            return ExitCode.Stopped;
        await StandardStreams.TellAsync(Console.Error, DiskRefusal.Describe(Path.GetFullPath(options.DataFolder), failure));
        return ExitCode.DiskRefused;
    }

    private static long GiveBack(EmbeddedStore storage)
    {
        storage.Forget();
        var alive = MemoryAtRest.Collect();
        NativeHeap.GiveBack();
        return alive;
    }

    private LocalHostOptions Read(ParseResult arguments, LocalHostOptions environment) => environment with
    {
        DataFolder = arguments.GetResult(_data) is null ? environment.DataFolder : arguments.GetValue(_data)!,
        Port = arguments.GetResult(_port) is null ? environment.Port : arguments.GetValue(_port),
        Host = arguments.GetResult(_host) is null ? environment.Host : arguments.GetValue(_host)!,
        Tables = arguments.GetResult(_tables) is null ? environment.Tables : arguments.GetValue(_tables)!,
    };
}
