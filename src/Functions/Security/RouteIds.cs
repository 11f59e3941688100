using System.Buffers;
using Headgate.Core.Identity;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Routing;

namespace Headgate.Functions.Security;

/// <summary>
/// Ids in paths become keys of rows. An id that no row can have is answered like one that no row has, before any function
/// sees it.
/// </summary>
internal static class RouteIds
{
    private const int MaxLength = 200;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:~");

    public static Refusal? Refuse(RouteValueDictionary values)
    {
        foreach (var (name, value) in values)
        {
            if (value is string id && !IsUsable(name, id))
                return NotFound(name, id);
        }

        return null;
    }

    private static bool IsUsable(string name, string id) =>
        name == "tenantId" ? Grammar.IsTenantId(id) : name == "subject" ? Grammar.IsSubject(id) : id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);

    private static Refusal NotFound(string name, string id) => name switch
    {
        "tenantId" => Refusals.TenantNotFound(id),
        "runId" => Refusals.RunNotFound(id),
        "taskId" => Refusals.TaskNotFound(id),
        "agentId" => Refusals.AgentNotFound(id),
        "subject" => Refusals.MemberNotFound(id),
        _ => Refusals.RouteNotFound,
    };
}
