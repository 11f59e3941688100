using System.Net;
using Azure.Data.Tables;
using Headgate.Core.Validation;
using Headgate.Functions.Security.Keys;
using Headgate.Storage.Sqlite;

namespace Headgate.LocalHost.Options;

/// <summary>How the service runs on one machine.</summary>
public sealed record LocalHostOptions
{
    public const string DefaultDataFolder = "headgate-data";
    public const int DefaultPort = 7071;
    public const string DefaultHost = "127.0.0.1";

    /// <summary>Holds everything the service keeps; made where it is missing. <c>headgate-data</c> under the working directory unless set.</summary>
    public string DataFolder { get; init; } = DefaultDataFolder;

    /// <summary>0..65535; 7071 unless set. 0 takes a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The IP address to listen on; 127.0.0.1 unless set, so that nobody else can reach it.</summary>
    public string Host { get; init; } = DefaultHost;

    /// <summary>
    /// Storage connection string of a Table server that holds the tables instead of the data folder, so that several processes can share
    /// them; null: the data folder holds everything.
    /// </summary>
    public string? Tables { get; init; }

    /// <summary>The operator's key for this process, <c>hg_id_secret</c>; null: the one of the data folder, made where there is none.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Whether the environment gives app settings. False for a service that must have nothing to do with the one that the environment is for.</summary>
    public bool ReadsEnvironment { get; init; } = true;

    /// <summary>App settings that go before the environment's.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>How long requests and functions under way may take to end when the service stops; 10 s unless set.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>When a write counts as durable; tests may go without the disk.</summary>
    public DiskSync Sync { get; init; } = DiskSync.Full;

    /// <summary>
    /// False for who drives the service on one thread, so that a run of it can be repeated exactly: nothing is written, and nobody who
    /// waits for the disk goes on, but by <see cref="WriteLog.WriteWaiting"/>.
    /// </summary>
    public bool WriterThread { get; init; } = true;

    internal void Check(Problems problems)
    {
        if (string.IsNullOrWhiteSpace(DataFolder))
            problems.Add("data", "must name a folder");
        else if (File.Exists(DataFolder))
            problems.Add("data", $"'{DataFolder}' is a file, not a folder");
        if (Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            problems.Add("port", $"must be from {IPEndPoint.MinPort} to {IPEndPoint.MaxPort}");
        if (!IPAddress.TryParse(Host, out _))
            problems.Add("host", $"'{Host}' is not an IP address");
        if (Tables is not null && Unusable(Tables) is { } why)
            problems.Add("tables", $"is no storage connection string: {why}");
        if (AdminKey is not null && OperatorKey.Read(AdminKey, out var problem) is null)
            problems.Add(EnvironmentSettings.AdminKey, problem!);
    }

    // The client reads the string when it is made and connects when it is used.
    private static string? Unusable(string connectionString)
    {
        try
        {
            _ = new TableServiceClient(connectionString);
            return null;
        }
        catch (Exception refused) when (refused is FormatException or ArgumentException or InvalidOperationException)
        {
            return refused.Message;
        }
    }
}
