using System.Net;
using System.Text;
using Headgate.Load.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Headgate.Load.Limit;

/// <summary>Kestrel with one answer: reads the body, says 202 with as much JSON as an admission does, keeps nothing.</summary>
internal static class BareEndpoint
{
    /// <summary>The first argument that makes this program be the endpoint, in a process of its own.</summary>
    public const string Command = "bare-endpoint";

    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        """{"runId":"7ff4a5b1c2d3e4f5a6b7c8d9e0f1a2b3","status":"pending","inFlight":123456,"limit":1000000000,"links":{"self":"/tenants/tenant-100/runs/7ff4a5b1c2d3e4f5a6b7c8d9e0f1a2b3","timeline":"/tenants/tenant-100/runs/7ff4a5b1c2d3e4f5a6b7c8d9e0f1a2b3/timeline","cancel":"/tenants/tenant-100/runs/7ff4a5b1c2d3e4f5a6b7c8d9e0f1a2b3/cancel"},"requestId":"0123456789abcdef0123456789abcdef"}""");

    public static ChildProcess Start() => ChildProcess.Start(typeof(BareEndpoint).Assembly.Location, [Command], new Dictionary<string, string>(StringComparer.Ordinal));

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"listening on {app.Urls.First()}");
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var body = http.Request.BodyReader;
        while (await body.ReadAsync() is { } read)
        {
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        http.Response.StatusCode = 202;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Answer.Length;
        await http.Response.BodyWriter.WriteAsync(Answer);
    }
}
