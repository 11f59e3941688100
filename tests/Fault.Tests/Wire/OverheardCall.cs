using Headgate.Contracts.Agents;
using Microsoft.AspNetCore.Http;

namespace Headgate.Fault.Tests.Wire;

/// <param name="Session">Of the agent's process that calls; null where it does not name itself.</param>
internal sealed record OverheardCall(string Method, string Path, string? Session, byte[] Body)
{
    /// <summary>What who overhears wants to keep until the answer.</summary>
    public object? Note { get; set; }

    public static async Task<OverheardCall> ReadAsync(HttpRequest request, string path)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return new OverheardCall(request.Method, path, request.Headers[AgentSession.Header].FirstOrDefault(), body.ToArray());
    }
}
