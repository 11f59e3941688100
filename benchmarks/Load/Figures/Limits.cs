namespace Headgate.Load.Figures;

/// <summary>What this machine does, in this run, with nothing of ours in the way. By number of clients; null where it was not measured.</summary>
internal sealed class Limits
{
    private readonly Dictionary<int, Reading> _http = [];
    private readonly Dictionary<int, Reading> _commit = [];

    /// <summary>Answers of the bare web endpoint per second.</summary>
    public double? Http(int clients) => _http.GetValueOrDefault(clients)?.PerSecond;

    /// <summary>Bare group commits per second.</summary>
    public double? Commit(int clients) => _commit.GetValueOrDefault(clients)?.PerSecond;

    /// <summary>The least a durable answer to a lone client can take: a bare answer and a bare commit, both p50, in milliseconds.</summary>
    public double? DurableAnswer => _http.GetValueOrDefault(1)?.P50Milliseconds + _commit.GetValueOrDefault(1)?.P50Milliseconds;

    public void SetHttp(int clients, Reading reading) => _http[clients] = reading;

    public void SetCommit(int clients, Reading reading) => _commit[clients] = reading;
}
