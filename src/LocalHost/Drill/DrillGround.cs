using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Contracts;
using Headgate.LocalHost.Options;
using Headgate.Ports;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost.Drill;

/// <summary>The real service on a data folder of its own, with a clock that is moved, an engine and tables that can be broken, and a receiver.</summary>
internal sealed class DrillGround : IAsyncDisposable
{
    private const string Secret = "whsec_ZHJpbGxkcmlsbGRyaWxsZHJpbGxkcmlsbA==";

    private readonly string _folder;
    private readonly DrillClock _clock;
    private LocalServer _server = null!;
    private HttpClient _operator = null!;

    private DrillGround(string folder, DrillClock clock, DrillWebhook webhook) => (_folder, _clock, Webhook) = (folder, clock, webhook);

    public DrillWebhook Webhook { get; }

    public StalledStarts Starts { get; private set; } = null!;

    public SlowTables Tables { get; private set; } = null!;

    public DateTimeOffset Now => _clock.GetUtcNow();

    public static async Task<DrillGround> StartAsync(DateTimeOffset start)
    {
        var service = new DrillGround(Directory.CreateTempSubdirectory("headgate-drill-").FullName, new DrillClock(start), await DrillWebhook.StartAsync());
        try
        {
            await service.StartServerAsync();
            return service;
        }
        catch
        {
            await service.Webhook.DisposeAsync();
            Directory.Delete(service._folder, recursive: true);
            throw;
        }
    }

    /// <summary>Moves the clock by a minute, and waits until the rules were evaluated. Rounds are made at full minutes, and so must the drill begin.</summary>
    public async Task<AlertsView> MinuteAsync(CancellationToken deadline)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        while (true)
        {
            var alerts = JsonSerializer.Deserialize(await SendAsync("GET", "/alerts"), ContractJson.Default.AlertsView)!;
            if (alerts.EvaluatedAt >= Now)
                return alerts;
            deadline.ThrowIfCancellationRequested();
            // Timers that were due before they were set.
            _clock.Advance(TimeSpan.Zero);
        }
    }

    public void Skip(TimeSpan time) => _clock.Advance(time);

    /// <summary>As the operator.</summary>
    public Task<string> SendAsync(string method, string path, JsonNode? body = null) => SendAsync(_operator, method, path, body);

    public async Task<JsonNode> CallAsync(string method, string path, JsonNode? body = null) => JsonNode.Parse(await SendAsync(method, path, body))!;

    public static async Task<string> SendAsync(HttpClient client, string method, string path, JsonNode? body = null, string? session = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (session is not null)
            request.Headers.Add("Headgate-Session", session);
        using var response = await client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    public HttpClient NewClient(string key) => new() { BaseAddress = new Uri(_server.Address), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

    /// <summary>Past the service: changes a number in a row, as a bug or a hand would.</summary>
    public async Task<bool> TamperAsync(string partition, string row, string column, int by)
    {
        var stored = await _server.Storage.Tables.GetAsync(Table.Tenants, partition, row);
        if (stored is null)
            return false;
        var columns = new Columns(stored.Columns) { [column] = (stored.Columns.Int(column) ?? 0) + by };
        return (await _server.Storage.Tables.SubmitAsync(new TableChange(new TableBatch(Table.Tenants, TableWrite.Replace(stored.With(columns)))))).Succeeded;
    }

    public async ValueTask DisposeAsync()
    {
        Starts.Recover();
        _operator.Dispose();
        await _server.DisposeAsync();
        await Webhook.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartServerAsync()
    {
        var options = new LocalHostOptions
        {
            DataFolder = _folder,
            Port = 0,
            DrainTime = TimeSpan.FromSeconds(2),
            Settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Maintenance"] = "0 * * * * *",
                ["LeaseSweep"] = "0 * * * * *",
                ["Headgate:Leases:Seconds"] = "150",
                ["Headgate:Heartbeat:Seconds"] = "60",
                ["Headgate:Notifications:drill:Url"] = Webhook.Address,
                ["Headgate:Notifications:drill:Secret"] = Secret,
                ["Headgate:Notifications:drill:AllowPrivate"] = "true",
            },
        };
        _server = await LocalServer.StartAsync(options, _clock, Break);
        _operator = NewClient(_server.OperatorKey.Text);
        Starts = (StalledStarts)_server.Services.GetRequiredService<DurableTaskClient>();
        Tables = (SlowTables)_server.Services.GetRequiredService<ITableStore>();
    }

    private static void Break(IServiceCollection services)
    {
        var tables = (ITableStore)services.Last(service => service.ServiceType == typeof(ITableStore)).ImplementationInstance!;
        var engine = services.Last(service => service.ServiceType == typeof(DurableTaskClient)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton<ITableStore>(new SlowTables(tables)));
        services.Replace(ServiceDescriptor.Singleton<DurableTaskClient>(provider => new StalledStarts((DurableTaskClient)engine(provider))));
        services.Replace(ServiceDescriptor.Singleton<IRandomSource>(new EvenChance()));
        // It would tell at length of what the drill does to it.
        services.RemoveAll<ILoggerProvider>();
    }
}
