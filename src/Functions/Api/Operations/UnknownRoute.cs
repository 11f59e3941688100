using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Headgate.Functions.Api.Operations;

/// <summary>
/// Answers in Azure what no other function takes, a wrong method as well, with the body of every other error; the Functions host's own
/// answer is an empty 404. The host invokes the first function by name whose route and methods fit, so this one's name comes last.
/// </summary>
public static class UnknownRoute
{
    [Function("ZUnknownRoute"), Public]
    public static IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request) =>
        Reply.Refused(Refusals.RouteNotFound);
}
