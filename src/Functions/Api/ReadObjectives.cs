using Headgate.Contracts;
using Headgate.Core.Objectives;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api;

/// <summary><c>GET /slo</c></summary>
public sealed class ReadObjectives(ObjectiveRound round)
{
    [Function(nameof(ReadObjectives)), OperatorOnly]
    [Does("Tell how the objectives are met"), Answers(200, typeof(ObjectivesView))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "slo")] HttpRequest request, CancellationToken cancellationToken) =>
        Reply.Ok(new ObjectivesView([.. (await round.ReadNowAsync(cancellationToken)).Select(View)]), ContractJson.Default.ObjectivesView);

    private static ObjectiveView View(ObjectiveReading reading) => new(
        reading.Objective.Id,
        reading.Plan,
        reading.Objective.Description,
        reading.Target,
        ObjectiveRound.NameOf(reading.Objective.Window),
        reading.Objective.Threshold?.TotalSeconds,
        reading.Window.Good,
        reading.Window.Total,
        Rounded(reading.BudgetLeft),
        reading.Standing switch
        {
            ObjectiveStanding.Met => "met",
            ObjectiveStanding.Burning => "burning",
            _ => "missed",
        },
        [.. reading.Rates.Select(rate => new BurnRateView(
            ObjectiveRound.NameOf(rate.Window), Rounded(rate.Rate), reading.Fast.Any(limit => limit.Long == rate.Window || limit.Short == rate.Window)))]);

    private static double Rounded(double share) => Math.Round(share, 4);
}
