using System.CommandLine;
using Headgate.Client;
using Headgate.Contracts;
using Spectre.Console;

namespace Headgate.Cli.Commands;

internal static class LoginCommands
{
    public static void AddTo(CommandLine line)
    {
        line.AddWithoutKey(new Command("login", "Ask for a key, try it, and keep it in a file that only you can read"), async (arguments, cancellationToken) =>
        {
            var service = line.Settings.Service(line.ServiceOf(arguments));
            var key = line.Terminal.IsLive
                ? await line.Terminal.Console.PromptAsync(new TextPrompt<string>("Key:").Secret(), cancellationToken)
                : await Console.In.ReadLineAsync(cancellationToken) ?? throw new UsageException("Give the key on standard input.");
            using var client = new HeadgateClient(new HeadgateClientOptions { Service = service, Key = key.Trim() });
            var me = await client.Operations.WhoAmIAsync(cancellationToken);
            line.Settings.Save(service.AbsoluteUri, key.Trim());
            line.Terminal.Line($"{me.Kind} {Terminal.Plain(me.Subject)} at {service}; kept in {line.Settings.File}");
            return ExitCode.Done;
        });

        line.Add(null, new Command("whoami", "Who the key is, and what it may do"), async (call, cancellationToken) =>
        {
            var me = await call.Client.Operations.WhoAmIAsync(cancellationToken);
            call.Terminal.Show(
                me,
                ContractJson.Default.MeView,
                ("kind", me.Kind),
                ("subject", me.Subject),
                ("tenant", me.TenantId),
                ("role", me.Role),
                ("expires", Terminal.Time(me.ExpiresAt)),
                ("may", string.Join(", ", me.Permissions)));
        });
    }
}
