using Headgate.Load.Agents;
using Headgate.Load.Limit;
using Headgate.Load.Wire;
using SQLitePCL;

namespace Headgate.Load.Rig;

/// <summary>
/// A data folder full of finished runs, every one of which the service really ran: submitted over HTTP, claimed and reported by agents.
/// Measures that need more go on filling it.
/// </summary>
internal sealed class FilledFolder(LoadOptions options, Action<string> progress) : IDisposable
{
    private const int TenantCount = 100;
    private const int Submitters = 64;

    /// <summary>Submissions go so far ahead of the agents and no further: a backlog of all runs would be another measure.</summary>
    private const int Ahead = 2000;

    private static readonly string[] Tables = ["rows", "messages", "durable_instances", "durable_history", "durable_inbox"];

    private TemporaryFolder? _own;
    private string? _path;

    public string Path => _path ?? throw new InvalidOperationException("Nothing has been filled.");

    public int Runs { get; private set; }

    /// <summary>Of all tables of the file.</summary>
    public long Rows { get; private set; }

    public void HoldRuns(int runs)
    {
        Open();
        if (Runs < runs)
            FillWhole(runs - Runs);
    }

    /// <summary>Goes by how many rows a run has left so far.</summary>
    public void HoldRows(long rows)
    {
        HoldRuns(1000);
        while (Rows < rows)
            FillWhole((int)Math.Ceiling((rows - Rows) * (double)Runs / Rows));
    }

    /// <summary>A copy to be changed, which goes away when it is disposed.</summary>
    public TemporaryFolder Copy()
    {
        var copy = new TemporaryFolder(options.Data);
        foreach (var file in Directory.GetFiles(Path))
            File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        return copy;
    }

    public void Dispose() => _own?.Dispose();

    /// <summary>A filling that was cut short leaves runs that have not ended: whoever comes next begins anew.</summary>
    private void FillWhole(int runs)
    {
        try
        {
            Fill(runs);
        }
        catch
        {
            _own?.Dispose();
            (_own, _path, Runs, Rows) = (null, null, 0, 0);
            throw;
        }
    }

    private void Fill(int runs)
    {
        progress($"filling a file: {runs} runs more");
        using (var service = ServiceUnderLoad.Start(options, Path))
        {
            var tenants = Ground.Tenants(service, TenantCount, prefix: $"filled-{Runs}");
            using var loop = new ClosedLoop(service.Address, Ground.Submissions(tenants), Submitters, 202);
            using var crew = new Crew(service, options.Agents, options.Claim, name: $"filler-{Runs}");
            for (var submitted = 0; submitted < runs;)
            {
                var next = Math.Min(Ahead, runs - submitted);
                loop.Run(next, service.Meter);
                submitted += next;
                AwaitDone(crew, submitted == runs ? runs : submitted - Ahead);
            }

            crew.Stop();
            AwaitEnds(service, tenants);
            service.Stop();
        }

        Look();
    }

    private void Open()
    {
        if (_path is not null)
            return;
        _path = options.Filled ?? (_own = new TemporaryFolder(options.Data)).Path;
        if (File.Exists(Database))
            Look();
    }

    private string Database => System.IO.Path.Combine(Path, "headgate.db");

    /// <exception cref="InvalidOperationException">A run in it has not ended, so that it is no folder of this program's, or a filling was cut short.</exception>
    private void Look()
    {
        Batteries_V2.Init();
        using var database = RawDatabase.Open(Database);
        var (runs, live) = database.Pair("SELECT count(*) FILTER (WHERE rk LIKE 'run:%'), count(*) FILTER (WHERE rk LIKE 'live:%') FROM rows");
        if (live > 0)
            throw new InvalidOperationException($"{live} runs in {Path} have not ended");
        (Runs, Rows) = ((int)runs, Tables.Sum(table => database.Pair($"SELECT count(*), 0 FROM {table}").First));
    }

    private static void AwaitDone(Crew crew, int count)
    {
        while (crew.Done < count)
        {
            crew.Check();
            Thread.Sleep(5);
        }
    }

    // A run's end follows its last result.
    private static void AwaitEnds(ServiceUnderLoad service, Tenant[] tenants)
    {
        foreach (var tenant in tenants)
        {
            while (Ground.Read(service, tenant.Id).InFlight > 0)
                Thread.Sleep(20);
        }
    }
}
