using System.Collections.Concurrent;
using System.Text.Json;
using Headgate.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Headgate.LocalHost.Drill;

/// <summary>A receiver on this machine that notes what it is told.</summary>
internal sealed class DrillWebhook : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<AlertMessage> _told = new();

    private DrillWebhook()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // Signals end the drill, not its receiver.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ReceiveAsync);
    }

    public string Address => _app.Urls.First();

    public static async Task<DrillWebhook> StartAsync()
    {
        var webhook = new DrillWebhook();
        await webhook._app.StartAsync();
        return webhook;
    }

    public bool WasTold(string ruleId, string state) => _told.Any(message => message.Data.Id == ruleId && message.Data.State == state);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        if (await JsonSerializer.DeserializeAsync(http.Request.Body, ContractJson.Default.AlertMessage, http.RequestAborted) is { } message)
            _told.Enqueue(message);
    }
}
