using System.Reflection;
using Headgate.Functions.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Headgate.LocalHost.Http.Mcp;

/// <summary>The protocol's server, put together apart from the app: a service whose tools nobody calls loads none of it.</summary>
internal sealed class McpTools : IDisposable
{
    private const string UsagePath = "/tenants/{tenantId}/usage";

    private readonly LoopbackCalls _calls;
    private readonly HttpContextAccessor _caller = new();
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _answer;

    public McpTools(LoopbackCalls calls, IHostApplicationLifetime lifetime, bool mayWrite)
    {
        _calls = calls;
        var services = new ServiceCollection();
        services.AddSingleton(lifetime);
        services.AddLogging();
        services.AddRoutingCore();
        services.AddMcpServer(server => server.ServerInfo = new Implementation { Name = "headgate", Version = typeof(McpTools).Assembly.GetName().Version!.ToString(3) })
            .WithHttpTransport(http => http.SessionMode = HttpServerSessionMode.Stateless)
            .WithTools(Tools(new ServiceTools(calls, _caller, mayWrite)));
        _services = services.BuildServiceProvider();
        var routes = new Routes(_services);
        routes.MapMcp(McpEndpoint.Path);
        _answer = routes.DataSources.SelectMany(source => source.Endpoints).First(IsPost).RequestDelegate!;
    }

    public async Task AnswerAsync(HttpContext http)
    {
        var own = http.RequestServices;
        await using var scope = _services.CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        _caller.HttpContext = http;
        try
        {
            await _answer(http);
        }
        finally
        {
            http.RequestServices = own;
        }
    }

    public void Dispose()
    {
        _services.Dispose();
        _calls.Dispose();
    }

    private static IEnumerable<McpServerTool> Tools(ServiceTools target)
    {
        var hasUsage = HttpFunction.OfTheApp().Any(function => function.Path == UsagePath);
        return typeof(ServiceTools).GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.GetCustomAttribute<McpServerToolAttribute>() is not null && (hasUsage || method.Name != nameof(ServiceTools.ShowUsageAsync)))
            .Select(method => McpServerTool.Create(method, target));
    }

    private static bool IsPost(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Post) == true;

    private sealed class Routes(IServiceProvider services) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => services;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
    }
}
