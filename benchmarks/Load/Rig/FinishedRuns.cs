using System.Runtime.InteropServices;
using System.Text.Json;
using Headgate.Contracts;
using Headgate.Contracts.Runs;
using Headgate.Load.Wire;

namespace Headgate.Load.Rig;

/// <summary>When a run was admitted and when it ended, on the server's clock, to the millisecond.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunTimes(DateTimeOffset Created, DateTimeOffset Finished);

/// <summary>Reads from the service's own lists how the runs of each round went.</summary>
internal sealed class FinishedRuns(ServiceUnderLoad service, IReadOnlyList<Tenant> tenants)
{
    private const int PageSize = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A run's end follows its last result; lists asked for before it would only slow it down.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<string, string> _newest = new(StringComparer.Ordinal);

    /// <inheritdoc cref="List"/>
    public List<RunTimes> Await(int count) => List(count).ConvertAll(run => new RunTimes(run.CreatedAt, run.FinishedAt!.Value));

    /// <summary>The runs submitted since the last call, once all of them are completed.</summary>
    /// <exception cref="UnexpectedAnswerException">There are more or fewer, or one did not complete within a minute.</exception>
    public List<RunView> List(int count)
    {
        for (var deadline = DateTime.UtcNow + Patience; ;)
        {
            Thread.Sleep(Pause);
            var runs = tenants.SelectMany(tenant => Since(tenant.Id)).ToList();
            if (runs.TrueForAll(run => run.Status == "completed"))
            {
                Remember(runs);
                return runs.Count == count
                    ? runs
                    : throw new UnexpectedAnswerException($"{count} runs were submitted, {runs.Count} are listed");
            }

            if (DateTime.UtcNow > deadline)
                throw new UnexpectedAnswerException($"{runs.Count(run => run.Status != "completed")} of {count} runs did not complete");
        }
    }

    private List<RunView> Since(string tenantId)
    {
        var known = _newest.GetValueOrDefault(tenantId);
        var runs = new List<RunView>();
        for (string? after = null; ;)
        {
            var path = $"/tenants/{tenantId}/runs?limit={PageSize}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}";
            var page = JsonSerializer.Deserialize(service.Operator.Send(RequestBytes.Get(path, service.OperatorKey), 200), ContractJson.Default.PageRunView)!;
            foreach (var run in page.Items)
            {
                if (run.RunId == known)
                    return runs;
                runs.Add(run);
            }

            if (page.Next is null)
                return runs;
            after = page.Next;
        }
    }

    private void Remember(List<RunView> runs)
    {
        foreach (var tenant in runs.GroupBy(run => run.TenantId, StringComparer.Ordinal))
            _newest[tenant.Key] = tenant.First().RunId;
    }
}
