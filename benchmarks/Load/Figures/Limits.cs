namespace Headgate.Load.Figures;

/// <summary>What this machine does, in this run, with nothing of ours in the way. By number of clients.</summary>
internal sealed class Limits
{
    private readonly Dictionary<int, double> _http = [];
    private readonly Dictionary<int, double> _commit = [];

    /// <summary>Answers of the bare web endpoint per second; null where it was not measured.</summary>
    public double? Http(int clients) => _http.TryGetValue(clients, out var rate) ? rate : null;

    /// <summary>Bare group commits per second; null where they were not measured.</summary>
    public double? Commit(int clients) => _commit.TryGetValue(clients, out var rate) ? rate : null;

    public void SetHttp(int clients, double? rate) => _http[clients] = rate ?? 0;

    public void SetCommit(int clients, double? rate) => _commit[clients] = rate ?? 0;
}
