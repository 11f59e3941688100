using Headgate.Functions.Options;
using Headgate.Functions.Security;
using Headgate.Functions.Wire;
using Headgate.LocalHost.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Hosting;

namespace Headgate.LocalHost.Http.Mcp;

/// <summary>
/// <c>POST /mcp</c>: the service's tools for clients of the Model Context Protocol (streamable HTTP, without sessions). It is no function: in Azure nothing
/// stands before the app that tells browsers' requests from others. What it takes is made when the first call comes.
/// </summary>
internal sealed class McpEndpoint : IDisposable
{
    public const string Path = "/mcp";

    private readonly CredentialChain _credentials;
    private readonly McpHosts _hosts;
    private readonly Lazy<McpTools> _tools;

    public McpEndpoint(CredentialChain credentials, HeadgateOptions options, LocalHostOptions host, HostJson hostJson, IServer server, IHostApplicationLifetime lifetime)
    {
        _credentials = credentials;
        _hosts = new McpHosts(options.Mcp.Hosts, host.Host);
        _tools = new(() => new McpTools(new LoopbackCalls(LoopbackCalls.AddressOf(server.Features.Get<IServerAddressesFeature>()!, hostJson.RoutePrefix)), lifetime, options.Mcp.Write));
    }

    public EndpointDataSource Route()
    {
        var builder = new RouteEndpointBuilder(InvokeAsync, RoutePatternFactory.Parse(Path), order: 0) { DisplayName = "Mcp" };
        builder.Metadata.Add(new HttpMethodMetadata(["POST"]));
        return new DefaultEndpointDataSource(builder.Build());
    }

    public void Dispose()
    {
        if (_tools.IsValueCreated)
            _tools.Value.Dispose();
    }

    private async Task InvokeAsync(HttpContext http)
    {
        // What a tool answers has waited for the disk in the call that it made.
        http.Features.Set(AnswerGate.Passed);
        if (_hosts.Refuse(http.Request) is { } elsewhere)
            Reply.Refused(elsewhere).Write(http);
        else if (await _credentials.IdentifyAsync(http.Request, http.RequestAborted) is null)
            Reply.Refused(Refusals.Unauthenticated).Write(http);
        else
            await _tools.Value.AnswerAsync(http);
    }
}
