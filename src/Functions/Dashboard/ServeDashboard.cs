using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Dashboard;

/// <summary>
/// What the page loads. A page that was opened before the service was updated gets nothing of today's, whose modules would not fit its own: it asks to be loaded
/// again.
/// </summary>
public static class ServeDashboard
{
    [Function("DashboardFile"), Public]
    [Does("Load a file of the dashboard"), Answers(200, MediaType = "text/javascript"), Answers(304)]
    public static IActionResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard/{version}/{*path}")] HttpRequest request, string version, string? path) =>
        path is not (null or DashboardFiles.Page) && version == DashboardFiles.Version && DashboardFiles.All.TryGetValue(path, out var file)
            ? new FileReply(file, FileReply.ForGood)
            : Reply.Refused(Refusals.RouteNotFound);
}
