using System.CommandLine;
using Headgate.Contracts;
using Headgate.Contracts.Tenants;

namespace Headgate.Cli.Commands;

internal static class KeyCommands
{
    private const int LongestOverlap = 7 * 24 * 60 * 60;

    public static void AddTo(CommandLine line)
    {
        var keys = line.Group("keys", "API keys of a tenant");
        var id = Given.Id("key", "The key's id, not the key");
        line.Add(keys, new Command("list", "All keys, without their secrets"), async (call, cancellationToken) => await call.Terminal.ShowAsync(
            call.Client.Keys.ListAsync(await call.TenantAsync(cancellationToken), cancellationToken),
            int.MaxValue,
            ContractJson.Default.KeyView,
            ["KEY", "ROLE", "LAST USED", "EXPIRES", "REPLACED BY", "NAME"],
            key => [key.KeyId, key.Role, Terminal.Time(key.LastUsedAt), Terminal.Time(key.ExpiresAt), key.ReplacedBy, key.Name]));

        var name = new Option<string>("--name") { Description = "What it is for", Required = true };
        var role = new Option<string>("--role") { Description = "owner, admin, developer or viewer", Required = true };
        var scopes = new Option<string[]>("--scope") { Description = "A permission of the role; given at all, the key has no others", AllowMultipleArgumentsPerToken = true };
        line.Add(keys, new Command("create", "A new key, shown this once") { name, role, scopes }, async (call, cancellationToken) => Show(call, await call.Client.Keys.CreateAsync(
            await call.TenantAsync(cancellationToken),
            new CreateKeyRequest(call.Value(name)!, call.Value(role)!, Scopes: call.Value(scopes) is { Length: > 0 } given ? given : null),
            cancellationToken)));

        var overlap = new Option<int>("--overlap") { Description = "How long the old key goes on, in seconds (default: 3600)", HelpName = "SECONDS", DefaultValueFactory = _ => 3600 };
        Given.Within(overlap, 0, LongestOverlap);
        line.Add(keys, new Command("rotate", "A new key in place of one, shown this once") { id, overlap }, async (call, cancellationToken) => Show(call, await call.Client.Keys.RotateAsync(
            await call.TenantAsync(cancellationToken), call.Value(id), TimeSpan.FromSeconds(call.Value(overlap)), cancellationToken)));
        line.Add(keys, new Command("revoke", "End a key at once") { id }, async (call, cancellationToken) =>
            await call.Client.Keys.RevokeAsync(await call.TenantAsync(cancellationToken), call.Value(id), cancellationToken));
    }

    private static void Show(Call call, KeyCreated key) => call.Terminal.Show(
        key, ContractJson.Default.KeyCreated, ("id", key.KeyId), ("key", key.Key), ("role", key.Role), ("expires", Terminal.Time(key.ExpiresAt)));
}
