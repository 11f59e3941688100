using System.Net;
using System.Security.Cryptography;
using Headgate.Load.Machine;
using Headgate.Load.Wire;

namespace Headgate.Load.Rig;

/// <summary>The built service in a process of its own, with authentication as anywhere; disposing kills it and removes its data folder.</summary>
internal sealed class ServiceUnderLoad : IDisposable
{
    private readonly TemporaryFolder? _folder;
    private readonly ChildProcess _process;

    private ServiceUnderLoad(ChildProcess process, string key, TemporaryFolder? folder)
    {
        (_process, OperatorKey, _folder) = (process, key, folder);
        Meter = new(process.Id);
        Operator = new Connection(Address);
    }

    public IPEndPoint Address => _process.Address;

    public int Id => _process.Id;

    public TimeSpan StartTime => _process.StartTime;

    public string OperatorKey { get; }

    public ProcessorMeter Meter { get; }

    /// <summary>For what is set up and looked at between rounds.</summary>
    public Connection Operator { get; }

    /// <param name="folder">A data folder to go on with, kept at the end; null: a new one.</param>
    /// <param name="settings">App settings such as <c>Headgate__Leases__Seconds</c>.</param>
    public static ServiceUnderLoad Start(LoadOptions options, string? folder = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var own = folder is null ? new TemporaryFolder(options.Data) : null;
        var key = $"hg_load_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}ghijklmnop";
        var environment = new Dictionary<string, string>(settings ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            ["HEADGATE_ADMIN_KEY"] = key,
        };
        try
        {
            return new(ChildProcess.Start(options.Service, ["--data", folder ?? own!.Path, "--port", "0"], environment), key, own);
        }
        catch
        {
            own?.Dispose();
            throw;
        }
    }

    /// <summary>Ends in order, so that everything stands in the file.</summary>
    public void Stop() => _process.Stop();

    public void Dispose()
    {
        Operator.Dispose();
        _process.Dispose();
        _folder?.Dispose();
    }
}
