using System.CommandLine;
using Headgate.Contracts;

namespace Headgate.Cli.Commands;

internal static class DeadLetterCommands
{
    public static void AddTo(CommandLine line)
    {
        var letters = line.Group("dead-letters", "Tasks that failed for good");
        var id = new Argument<string>("id") { Description = "The dead letter's id" };
        var most = new Option<int>("--limit") { Description = "At most so many (default: 100)", DefaultValueFactory = _ => 100 };
        line.Add(letters, new Command("list", "Newest first") { most }, async (call, cancellationToken) => await call.Terminal.ShowAsync(
            call.Client.DeadLetters.ListAsync(await call.TenantAsync(cancellationToken), cancellationToken),
            call.Value(most),
            ContractJson.Default.DeadLetterView,
            ["DEAD LETTER", "AT", "TYPE", "CATEGORY", "MESSAGE"],
            letter => [letter.Id, Terminal.Time(letter.At), letter.Type, letter.ErrorCategory, letter.ErrorMessage]));
        line.Add(letters, new Command("replay", "Run it again, through the gate") { id }, async (call, cancellationToken) =>
        {
            var accepted = await call.Client.DeadLetters.ReplayAsync(await call.TenantAsync(cancellationToken), call.Value(id), cancellationToken);
            call.Terminal.Show(accepted, ContractJson.Default.RunAccepted, ("run", accepted.RunId), ("status", accepted.Status));
        });
        line.Add(letters, new Command("dismiss", "Forget it") { id }, async (call, cancellationToken) =>
            await call.Client.DeadLetters.DismissAsync(await call.TenantAsync(cancellationToken), call.Value(id), cancellationToken));
    }
}
