using System.Net;
using System.Net.Http.Headers;
using Headgate.Worker.Tests.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Headgate.Worker.Tests.Host;

/// <summary>
/// What the Functions host is to the app: it starts the worker, takes its index, loads its functions and invokes them. One worker at a
/// time; what is to be invoked while there is none waits for the next.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly HttpFront _front;
    private readonly InvocationInputs _inputs;
    private TaskCompletionSource<LoadedWorker> _worker = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IRouter _routes = new RouteCollection();

    private FunctionsHost(WebApplication app, IReadOnlyDictionary<string, string> settings)
    {
        (_app, _settings) = (app, settings);
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
    public static async Task<FunctionsHost> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var host = await ListenAsync(settings);
        try
        {
            await host.StartWorkerAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Without a worker.</summary>
    public static async Task<FunctionsHost> ListenAsync(IReadOnlyDictionary<string, string> settings)
    {
        FunctionsHost? host = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
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
        host = new FunctionsHost(app, settings);
        host.Durable.Serve(host.InvokeAsync);
        return host;
    }

    /// <summary>Starts a worker, the first or the next.</summary>
    public async Task StartWorkerAsync()
    {
        var (process, session) = StartProcess();
        try
        {
            var worker = await LoadedWorker.LoadAsync(process, session).WaitAsync(s_patience);
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
    public (WorkerProcess Process, WorkerSession Session) StartProcess()
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

    /// <summary>A timer is due.</summary>
    public async Task FireAsync(string function)
    {
        var response = await InvokeAsync(function, InvocationInputs.DueTimer);
        if (response.Result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"{function} failed: {response.Result.Exception?.Message}");
    }

    /// <param name="key">Null: a caller without credentials.</param>
    public HttpClient NewClient(string? key)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker.Task.IsCompletedSuccessfully)
            await _worker.Task.Result.DisposeAsync();
        _front.Dispose();
        await Durable.StopAsync();
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
