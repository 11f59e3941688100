using System.Net;
using Headgate.Functions.Api;
using Headgate.LocalHost.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.LocalHost.Http;

/// <summary>The web server with nothing in it but routing and the functions.</summary>
internal static class KestrelSetup
{
    public static void AddKestrel(this WebApplicationBuilder builder, LocalHostOptions options)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The app reads what it needs and refuses the rest itself, with a body that says so.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Parse(options.Host), options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        // A request goes on, and an answer leaves, on the thread that has it: nothing here blocks one but a flush of a service at rest.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddRoutingCore();
    }

    /// <param name="flushed">Completes when everything written so far is on disk.</param>
    public static void UseFunctions(this WebApplication app, IEnumerable<EndpointDataSource> endpoints, Func<ValueTask> flushed)
    {
        var edge = app.Services.GetRequiredService<Edge>();
        app.Use(next => new HttpEdge(next, flushed, edge).InvokeAsync);
        foreach (var source in endpoints)
            ((IEndpointRouteBuilder)app).DataSources.Add(source);
        app.UseRouting();
        app.Use(_ => RoutedRequest.InvokeAsync);
    }
}
