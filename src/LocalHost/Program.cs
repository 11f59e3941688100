using System.CommandLine;
using Headgate.LocalHost.Commands;
using Headgate.LocalHost.Options;
using Headgate.Ports;
using Headgate.Storage.Sqlite;

StandardStreams.Tolerate();
var root = new RootCommand("Headgate on one machine");
var serve = new Command("serve", "Serve until told to stop (the default)");
new ServeCommand().AddTo(root);
new ServeCommand().AddTo(serve);
root.Subcommands.Add(serve);
root.Subcommands.Add(DrillCommand.Make());
root.Subcommands.Add(ChaosCommand.Make());
root.Subcommands.Add(ChaosCommand.MakeVictim());

try
{
    // Signals are the service's own: it drains before it ends.
    return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception refused) when (refused is StartRefusedException or DataFolderException or DatabaseException or StoreUnavailableException)
{
    await StandardStreams.TellAsync(Console.Error, refused.InnerException is DatabaseException reason ? $"{refused.Message} {reason.Message}" : refused.Message);
    return ExitCode.StartRefused;
}
