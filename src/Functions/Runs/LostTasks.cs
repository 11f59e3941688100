using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Tasks.Desk;
using Headgate.Ports;

namespace Headgate.Functions.Runs;

/// <summary>Takes from agents what they do not have: the attempt is settled as lost, and a reservation that no task row confirms is dropped.</summary>
public sealed class LostTasks(AttemptSettler settler, AgentDesk desk, ITableStore tables)
{
    /// <param name="held">As read from the agents' partitions.</param>
    /// <param name="why">Becomes the attempt's error message.</param>
    /// <returns>The runs whose tasks moved.</returns>
    public async ValueTask<IReadOnlyList<RunReference>> SettleAsync(IReadOnlyList<Holding> held, string why, CancellationToken cancellationToken)
    {
        if (held.Count == 0)
            return [];
        var reports = held.Select(holding => AttemptReport.Lost(holding.AgentId, holding.TaskId, holding.Attempt, why, holding.Confirmed)).ToList();
        var results = await settler.SettleAsync(reports, cancellationToken);
        foreach (var (holding, result) in held.Zip(results))
        {
            // Under its ETag: a reservation made meanwhile stays.
            if (result is ReportResult.Settled { IsRepeat: false })
                continue;
            await tables.SubmitAsync(new TableChange(new TableBatch(Table.Agents, TableWrite.Delete(HoldingRow.Write(holding)))), cancellationToken);
            desk.Free(holding.AgentId);
        }

        return [.. results.OfType<ReportResult.Settled>().Select(settled => settled.Run)];
    }
}
