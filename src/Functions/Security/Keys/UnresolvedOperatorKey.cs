using Headgate.Functions.Telemetry;
using Microsoft.Extensions.Logging;

namespace Headgate.Functions.Security.Keys;

/// <summary>
/// Registered where the operator's key is to come from a vault and has not come: App Service hands the app the reference itself, or nothing, until
/// the vault lets its identity in. Says so once, when the first caller has to be identified.
/// </summary>
public sealed class UnresolvedOperatorKey
{
    private const string Reference = "@Microsoft.KeyVault(";

    public UnresolvedOperatorKey(ILogger<UnresolvedOperatorKey> logger) => logger.OperatorKeyUnresolved();

    /// <summary>Whether what the setting holds is no key but the place of one.</summary>
    public static bool Is(string setting) => setting.Length == 0 || setting.StartsWith(Reference, StringComparison.OrdinalIgnoreCase);
}
