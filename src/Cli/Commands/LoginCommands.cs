using System.CommandLine;
using Headgate.Client;
using Headgate.Contracts;

namespace Headgate.Cli.Commands;

internal static class LoginCommands
{
    public static void AddTo(CommandLine line)
    {
        line.AddWithoutKey(new Command("login", "Take a key from the prompt or standard input, try it, and keep it in a file that only you can read"), async (arguments, cancellationToken) =>
        {
            var service = line.Settings.Service(line.ServiceOf(arguments));
            if (Settings.Warning(service) is { } warning)
                line.Terminal.Warn(warning);
            var key = Settings.KeyOf(await line.Terminal.SecretAsync("Key:", cancellationToken) ?? throw new UsageException("Give the key on standard input."));
            using var client = new HeadgateClient(new HeadgateClientOptions { Service = service, Key = key });
            var me = await client.Operations.WhoAmIAsync(cancellationToken);
            line.Settings.Save(new(service.AbsoluteUri, key, me.TenantId));
            line.Terminal.Tell(me, ContractJson.Default.MeView, $"{me.Kind} {me.Subject} at {Settings.Shown(service)}; kept in {line.Settings.File}");
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
