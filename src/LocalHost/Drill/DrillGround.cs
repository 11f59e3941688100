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

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;
    private readonly DrillClock _clock;
    private LocalServer _server = null!;
    private HttpClient _operator = null!;

    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _ended = new();
    private Task _pace = Task.CompletedTask;

    private DrillGround(string folder, DrillClock clock, DrillWebhook webhook, CancellationToken stopping) => (_folder, _clock, Webhook, _stopping) = (folder, clock, webhook, stopping);

    public DrillWebhook Webhook { get; }

    public StalledStarts Starts { get; private set; } = null!;

    public SlowTables Tables { get; private set; } = null!;

    public DateTimeOffset Now => _clock.GetUtcNow();

    public static async Task<DrillGround> StartAsync(DateTimeOffset start, CancellationToken stopping)
    {
        var service = new DrillGround(Directory.CreateTempSubdirectory("headgate-drill-").FullName, new DrillClock(start), await DrillWebhook.StartAsync(), stopping);
        try
        {
            await service.StartServerAsync();
            service._pace = service.GoOnAsync();
            return service;
        }
        catch
        {
            await service.Webhook.DisposeAsync();
            Directory.Delete(service._folder, recursive: true);
            throw;
        }
    }

    /// <summary>Moves the clock to the next full minute, at which rounds are made, and waits until the rules were evaluated.</summary>
    public async Task<AlertsView> MinuteAsync()
    {
        var now = Now;
        var minute = now.AddTicks(TimeSpan.TicksPerMinute - (now.Ticks % TimeSpan.TicksPerMinute));
        _clock.Advance(minute - now);
        while (true)
        {
            var alerts = JsonSerializer.Deserialize(await SendAsync("GET", "/alerts"), ContractJson.Default.AlertsView)!;
            if (alerts.EvaluatedAt >= minute)
                return alerts;
            // Timers that were due before they were set.
            _clock.Advance(TimeSpan.Zero);
        }
    }

    public void Skip(TimeSpan time)
    {
        _stopping.ThrowIfCancellationRequested();
        _clock.Advance(time);
    }

    /// <summary>As the operator.</summary>
    public Task<string> SendAsync(string method, string path, JsonNode? body = null) => SendAsync(_operator, method, path, body);

    public async Task<JsonNode> CallAsync(string method, string path, JsonNode? body = null) => JsonNode.Parse(await SendAsync(method, path, body))!;

    public async Task<string> SendAsync(HttpClient client, string method, string path, JsonNode? body = null, string? session = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (session is not null)
            request.Headers.Add("Headgate-Session", session);
        using var response = await client.SendAsync(request, _stopping);
        return await response.Content.ReadAsStringAsync(_stopping);
    }

    public HttpClient NewClient(string key) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_server.Address), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

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
        await _ended.CancelAsync();
        await _pace;
        _ended.Dispose();
        Starts.Recover();
        _operator.Dispose();
        await _server.DisposeAsync();
        await Webhook.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Between the leaps the clock goes on as any: what waits a moment before it tries again goes on too.</summary>
    private async Task GoOnAsync()
    {
        using var timer = new PeriodicTimer(s_pace, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token))
                _clock.Advance(s_pace);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task StartServerAsync()
    {
        var options = new LocalHostOptions
        {
            DataFolder = _folder,
            Port = 0,
            DrainTime = TimeSpan.FromMilliseconds(500),
            // Neither does it tell the real receivers, nor send telemetry of outages that are none.
            ReadsEnvironment = false,
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
        var tables = services.Last(service => service.ServiceType == typeof(ITableStore)).ImplementationFactory!;
        var engine = services.Last(service => service.ServiceType == typeof(DurableTaskClient)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton<ITableStore>(provider => new SlowTables((ITableStore)tables(provider))));
        services.Replace(ServiceDescriptor.Singleton<DurableTaskClient>(provider => new StalledStarts((DurableTaskClient)engine(provider))));
        services.Replace(ServiceDescriptor.Singleton<IRandomSource>(new EvenChance()));
        // It would tell at length of what the drill does to it.
        services.RemoveAll<ILoggerProvider>();
    }
}
