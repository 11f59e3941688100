using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Dashboard;

/// <summary>What the page loads. A page that was opened before the service was updated gets today's files under its own version's address.</summary>
public static class ServeDashboard
{
    [Function("DashboardFile"), Public]
    [Does("Load a file of the dashboard"), Answers(200, MediaType = "text/javascript"), Answers(304)]
    public static IActionResult Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard/{version}/{*path}")] HttpRequest request, string version, string? path) =>
        path is null or DashboardFiles.Page || !DashboardFiles.All.TryGetValue(path, out var file)
            ? Reply.Refused(Refusals.RouteNotFound)
            : new FileReply(file, version == DashboardFiles.Version ? FileReply.ForGood : FileReply.Revalidated);
}
