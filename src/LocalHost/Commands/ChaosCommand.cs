using System.CommandLine;
using Headgate.LocalHost.Chaos;
using Headgate.LocalHost.Options;
using Headgate.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Commands;

/// <summary>Kills the service, takes its store away, sets its clock and silences agents on a copy of a data folder, and tells which promises held.</summary>
internal static class ChaosCommand
{
    private const int MostMinutes = 24 * 60;

    public static Command Make()
    {
        var data = new Option<string>("--data") { Description = "Data folder to copy; it is only read, and no service may use it", HelpName = "DIR", Required = true };
        var minutes = new Option<double>("--minutes") { Description = "For how long (default: 5)", HelpName = "N", DefaultValueFactory = _ => 5 };
        var seed = new Option<int?>("--seed") { Description = "Repeats the chance of an earlier time", HelpName = "N" };
        var chaos = new Command("chaos", "Break a copy of a data folder's service in every way, and tell which promises held") { data, minutes, seed };
        chaos.SetAction((arguments, _) => RunAsync(arguments.GetValue(data)!, arguments.GetValue(minutes), arguments.GetValue(seed)));
        return chaos;
    }

    /// <summary>The service that is broken, as a process of its own.</summary>
    public static Command MakeVictim()
    {
        var data = new Option<string>("--data") { Required = true };
        var seed = new Option<int>("--seed");
        var calm = new Option<bool>("--calm");
        var victim = new Command(ChaosVictim.Command) { data, seed, calm };
        victim.Hidden = true;
        victim.SetAction((arguments, _) => ServeAsync(arguments.GetValue(data)!, arguments.GetValue(seed), arguments.GetValue(calm)));
        return victim;
    }

    private static async Task<int> RunAsync(string data, double minutes, int? seed)
    {
        if (!(minutes > 0 && minutes <= MostMinutes))
            throw new StartRefusedException([new("minutes", $"must be more than 0 and at most {MostMinutes}")]);
        using var stop = new StopSignal();
        using var stopping = new CancellationTokenSource();
        var chaos = ChaosRun.RunAsync(Console.Out, data, TimeSpan.FromMinutes(minutes), seed ?? (int)(TimeProvider.System.GetTimestamp() % 1_000_000), stopping.Token);
        if (await Task.WhenAny(chaos, stop.WaitAsync(CancellationToken.None)) != chaos)
            await stopping.CancelAsync();
        return await chaos ? ExitCode.Stopped : ExitCode.PromiseBroken;
    }

    private static async Task<int> ServeAsync(string data, int seed, bool isCalm)
    {
        using var stop = new StopSignal();
        using var erratic = isCalm ? null : new ErraticClock(new ChaosDice(seed));
        var options = new LocalHostOptions
        {
            DataFolder = data,
            Port = 0,
            // Nobody outside is told of what is broken on purpose.
            ReadsEnvironment = false,
            Settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Headgate:Leases:Seconds"] = "5",
                ["Headgate:Heartbeat:Seconds"] = "2",
                ["Headgate:Repair:PatienceSeconds"] = "2",
            },
        };
        await using var server = await LocalServer.StartAsync(options, erratic ?? (TimeProvider)new CalmClock(), services => Break(services, isCalm ? null : new ChaosDice(~seed)));
        await StandardStreams.TellAsync(Console.Out, $"listening on {server.Address}");
        await stop.WaitAsync(server.StopRequested);
        return server.Failure is null ? ExitCode.Stopped : ExitCode.DiskRefused;
    }

    private static void Break(IServiceCollection services, ChaosDice? dice)
    {
        // It would tell at length of what is done to it.
        services.RemoveAll<ILoggerProvider>();
        if (dice is null)
            return;
        var tables = services.Last(service => service.ServiceType == typeof(ITableStore)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton<ITableStore>(provider => new FailingTables((ITableStore)tables(provider), dice)));
    }
}
