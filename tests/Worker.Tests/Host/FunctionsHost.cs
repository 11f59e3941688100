using System.Net;
using Headgate.ServiceBusPeer.Queues;
using Headgate.TestKit;
using Headgate.Worker.Tests.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NCrontab;
using Yarp.ReverseProxy.Forwarder;

namespace Headgate.Worker.Tests.Host;

/// <summary>
/// What the Functions host is to the app: it starts the worker, takes its index, loads its functions and invokes them. One worker at a
/// time; what is to be invoked while there is none waits for the next.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private static readonly CrontabSchedule.ParseOptions s_sixFields = new() { IncludingSeconds = true };

    private readonly WebApplication _app;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly BusQueues? _bus;
    private readonly List<BusTrigger> _busTriggers = [];
    private readonly HttpFront _front;
    private readonly InvocationInputs _inputs;
    private TaskCompletionSource<LoadedWorker> _worker = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IRouter _routes = new RouteCollection();

    private FunctionsHost(WebApplication app, IReadOnlyDictionary<string, string> settings, BusQueues? bus)
    {
        (_app, _settings, _bus) = (app, settings, bus);
        // In the order in which they were told to listen.
        (Address, RpcAddress) = (new Uri(app.Urls.First()), new Uri(app.Urls.Last()));
        _inputs = new InvocationInputs(RpcAddress);
        _front = new HttpFront(app.Services.GetRequiredService<IHttpForwarder>(), app.Services.GetRequiredService<IInlineConstraintResolver>(), _inputs);
        Durable = app.Services.GetRequiredService<DurableHub>();
    }

    /// <summary>Where it answers HTTP.</summary>
    public Uri Address { get; }

    /// <summary>Where workers, and the Durable clients in them, call.</summary>
    public Uri RpcAddress { get; }

    public DurableHub Durable { get; }

    /// <summary>The worker of now.</summary>
    public LoadedWorker Worker => _worker.Task.IsCompletedSuccessfully ? _worker.Task.Result : throw new WorkerGoneException();

    /// <param name="settings">The app's.</param>
    /// <param name="bus">Whose messages trigger functions; null: none do.</param>
    public static async Task<FunctionsHost> StartAsync(IReadOnlyDictionary<string, string> settings, BusQueues? bus = null)
    {
        var host = await ListenAsync(settings, bus);
        try
        {
            await host.StartWorkerAsync();
            host.ListenToTriggers();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Without a worker.</summary>
    public static async Task<FunctionsHost> ListenAsync(IReadOnlyDictionary<string, string> settings, BusQueues? bus = null)
    {
        FunctionsHost? host = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // So that the worker's own shows, if it has one.
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 100 * 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        builder.Services.AddHttpForwarder();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton<WorkerCalls>();
        builder.Services.AddDurableHub();
        var app = builder.Build();
        app.MapWhen(http => HttpProtocol.IsHttp2(http.Request.Protocol), rpc => rpc.UseRouting().UseEndpoints(calls =>
        {
            calls.MapGrpcService<WorkerCalls>();
            calls.MapGrpcService<DurableHub>();
        }));
        app.Run(http => HttpFront.AnswerAsync(host!._routes, http));
        await app.StartAsync();
        host = new FunctionsHost(app, settings, bus);
        host.Durable.Serve(host.InvokeAsync);
        return host;
    }

    /// <summary>Starts a worker, the first or the next.</summary>
    public async Task StartWorkerAsync()
    {
        var (process, session) = StartProcess();
        try
        {
            var worker = await LoadedWorker.LoadAsync(process, session).WaitAsync(Patience.Limit);
            _routes = _front.RoutesOf(worker);
            _worker.SetResult(worker);
        }
        catch
        {
            session.End();
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>A worker's process that nobody has spoken with.</summary>
    public (ChildProcess Process, WorkerSession Session) StartProcess()
    {
        var id = Guid.NewGuid().ToString();
        var session = _app.Services.GetRequiredService<WorkerCalls>().Expect(id);
        return (WorkerProcess.Start(RpcAddress, id, _settings), session);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillWorkerAsync()
    {
        var worker = Worker;
        _worker = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await worker.DisposeAsync();
    }

    /// <summary>Invokes a function that is not triggered by HTTP, if need be with the next worker.</summary>
    /// <exception cref="WorkerGoneException">The worker left before it answered.</exception>
    public async Task<InvocationResponse> InvokeAsync(string function, TypedData trigger)
    {
        var worker = await _worker.Task;
        return await worker.InvokeAsync(_inputs.For(worker.Function(function), trigger));
    }

    /// <summary>When a timer's function is due: by its expression, or by the setting that it names between percent signs.</summary>
    /// <exception cref="InvalidOperationException">There is no such setting.</exception>
    public CrontabSchedule ScheduleOf(string function)
    {
        var text = (string)Worker.Function(function).Trigger["schedule"]!;
        if (text.StartsWith('%'))
            text = _settings.GetValueOrDefault(text.Trim('%')) ?? throw new InvalidOperationException($"{function}: the app has no setting {text}.");
        return CrontabSchedule.Parse(text, s_sixFields);
    }

    /// <summary>A timer is due, whatever becomes of it.</summary>
    public Task<InvocationResponse> DueAsync(string function) => InvokeAsync(function, InvocationInputs.DueTimer);

    /// <summary>A timer is due.</summary>
    /// <exception cref="InvalidOperationException">The function failed.</exception>
    public async Task FireAsync(string function)
    {
        var response = await DueAsync(function);
        if (response.Result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"{function} failed: {response.Result.Exception?.Message}");
    }

    /// <param name="key">Null: a caller without credentials.</param>
    public HttpClient NewClient(string? key) => HttpCalls.NewClient(Address.ToString(), key);

    public async ValueTask DisposeAsync()
    {
        if (_worker.Task.IsCompletedSuccessfully)
            await _worker.Task.Result.DisposeAsync();
        foreach (var trigger in _busTriggers)
            await trigger.DisposeAsync();
        _front.Dispose();
        await Durable.StopAsync();
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    /// <exception cref="InvalidOperationException">There is no such queue or setting.</exception>
    private void ListenToTriggers()
    {
        foreach (var timer in Worker.Functions.Where(function => function.IsTriggeredBy("timerTrigger")))
            _ = ScheduleOf(timer.Name);
        foreach (var function in Worker.Functions.Where(function => function.IsTriggeredBy("serviceBusTrigger")))
        {
            var (name, connection) = ((string)function.Trigger["queueName"]!, (string)function.Trigger["connection"]!);
            if (!_settings.ContainsKey(connection))
                throw new InvalidOperationException($"{function.Name}: the app has no setting '{connection}'.");
            if (_bus is null)
                continue;
            var trigger = new BusTrigger(function.Name, _bus.Find(name) ?? throw new InvalidOperationException($"{function.Name}: the namespace has no queue '{name}'."), InvokeAsync);
            _busTriggers.Add(trigger);
            trigger.Start();
        }
    }
}
