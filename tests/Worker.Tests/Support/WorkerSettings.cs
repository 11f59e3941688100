using Headgate.TestKit.Azurite;

namespace Headgate.Worker.Tests.Support;

/// <summary>The app's settings as a deployment sets them, but for where tables and queue are.</summary>
internal static class WorkerSettings
{
    public const string OperatorKey = "hg_operator_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHI";

    /// <summary>A machine that is only slow must not lose a lease.</summary>
    public const int LeaseSeconds = 3600;

    /// <summary>A namespace where nobody listens.</summary>
    public const string NoBus = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=all;SharedAccessKey=c2VjcmV0;UseDevelopmentEmulator=true";

    /// <summary>Maintenance takes what is a second old for forgotten.</summary>
    public static readonly (string Name, string Value) SoonRepaired = ("Headgate__Repair__PatienceSeconds", "1");

    public static Dictionary<string, string> Of(AzuriteServer tables, string bus = NoBus) => Of(tables.ConnectionString, bus);

    public static Dictionary<string, string> Of(string tables, string bus) => new(StringComparer.Ordinal)
    {
        ["Tables"] = tables,
        ["ServiceBus"] = bus,
        ["HEADGATE_ADMIN_KEY"] = OperatorKey,
        ["Headgate__Leases__Seconds"] = $"{LeaseSeconds}",
        ["LeaseSweep"] = "* * * * * *",
        ["Maintenance"] = "0 * * * * *",
        ["ScheduleSweep"] = "* * * * * *",
        // The tests' agents wait for work in the call.
        ["Headgate__Claims__MaxWaitSeconds"] = "30",
    };
}
