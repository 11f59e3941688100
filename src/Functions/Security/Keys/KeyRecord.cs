using Headgate.Core.Access;
using Headgate.Functions.Stores;
using Headgate.Ports;

namespace Headgate.Functions.Security.Keys;

/// <summary>A stored key: whose it is, and the hash of its secret.</summary>
/// <param name="KeyId">Names it.</param>
/// <param name="Caller">Who calls with it.</param>
/// <param name="Hash">SHA-256 of the secret.</param>
/// <param name="Name">For people.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Not accepted from then on; null never.</param>
public sealed record KeyRecord(string KeyId, Caller Caller, byte[] Hash, string Name, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    public const string RowKey = RowKeys.ApiKey;

    /// <summary>Who calls with it, until it expires.</summary>
    public Caller Caller { get; init; } = Caller with { ExpiresAt = ExpiresAt };

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    public TableRow ToRow()
    {
        var columns = new Columns
        {
            ["hash"] = Hash,
            ["name"] = Name,
            ["createdAt"] = CreatedAt,
            ["expiresAt"] = ExpiresAt,
        };
        switch (Caller)
        {
            case OperatorCaller:
                columns["owner"] = "operator";
                break;
            case MemberCaller member:
                columns["owner"] = "tenant";
                columns["tenantId"] = member.TenantId;
                columns["role"] = member.Role.WireName();
                columns["scopes"] = WriteScopes(member.Scopes);
                break;
            case AgentCaller agent:
                columns["owner"] = "agent";
                columns["agentId"] = agent.AgentId;
                columns["tenantId"] = agent.TenantId;
                break;
        }

        return new TableRow(KeyId, RowKey, columns);
    }

    /// <exception cref="InvalidDataException">The row is no key: it is refused rather than guessed at.</exception>
    public static KeyRecord FromRow(TableRow row)
    {
        var columns = row.Columns;
        Caller caller = columns.String("owner") switch
        {
            "operator" => new OperatorCaller(row.PartitionKey),
            "tenant" when Roles.TryParse(columns.String("role"), out var role) =>
                new MemberCaller(row.PartitionKey, columns.Required("tenantId"), role) { Scopes = ReadScopes(columns) },
            "agent" => new AgentCaller(columns.Required("agentId"), columns.String("tenantId")),
            _ => throw new InvalidDataException($"The key row '{row.PartitionKey}' has no known owner."),
        };
        return new KeyRecord(
            row.PartitionKey,
            caller,
            columns.Bytes("hash") ?? throw new InvalidDataException($"The key row '{row.PartitionKey}' has no hash."),
            columns.String("name") ?? "",
            columns.Time("createdAt") ?? DateTimeOffset.UnixEpoch,
            columns.Time("expiresAt"));
    }

    /// <summary>As the column <c>scopes</c> has them; null where the key has none of its own.</summary>
    public static string? WriteScopes(PermissionSet? scopes) => scopes is { } set ? string.Join(' ', set.Items().Select(permission => permission.WireName())) : null;

    /// <summary>A name that nobody knows any more is no permission.</summary>
    public static PermissionSet? ReadScopes(Columns columns) => columns.String("scopes") is { } names
        ? PermissionSet.Of(names.Split(' ').Select(name => PermissionMatrix.TryParse(name, out var permission) ? permission : (Permission?)null).OfType<Permission>())
        : null;
}
