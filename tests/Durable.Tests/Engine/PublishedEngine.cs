using DurableTask.Core;
using DurableTask.Core.History;
using Grpc.Net.Client;
using Headgate.Conformance.Durable;
using Headgate.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.DurableTask.Testing.Sidecar.Grpc;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Durable.Tests.Engine;

/// <summary>
/// Microsoft's engine in this process: server and store of its in-process test host, its client, and the worker that also runs in Azure,
/// with the functions of a script and a given clock.
/// </summary>
internal sealed class PublishedEngine : IAsyncDisposable
{
    private readonly DurableScript _script;
    private readonly ILoggerFactory _loggers;
    private readonly ClockedHub _hub;
    private readonly WebApplication _server;
    private readonly GrpcChannel _channel;
    private readonly GrpcDurableTaskClient _client;
    private IHost? _worker;

    private PublishedEngine(DurableScript script, ILoggerFactory loggers, ClockedHub hub, WebApplication server)
    {
        (_script, _loggers, _hub, _server) = (script, loggers, hub, server);
        _channel = GrpcChannel.ForAddress(server.Urls.Single(), new() { MaxReceiveMessageSize = null });
        _client = new("tests", new() { Channel = _channel }, NullLogger.Instance);
    }

    /// <summary>Years behind the system's clock, as <see cref="ClockedHub"/> requires.</summary>
    public static ManualClock NewClock() => new(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The worker starts at first use, with the functions that the script has then.</summary>
    public DurableTaskClient Client
    {
        get
        {
            if (_worker is null)
                StartWorker();
            return _client;
        }
    }

    public static async Task<PublishedEngine> StartAsync(DurableScript script, ManualClock clock, ILoggerFactory? loggers = null)
    {
        var (hub, clocked) = ClockedHub.Create(clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<IOrchestrationService>(hub).AddSingleton<IOrchestrationServiceClient>(hub)
            .AddSingleton<TaskHubGrpcServer>()
            .AddSingleton(clocked)
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1))
            .AddGrpc(grpc =>
            {
                grpc.Interceptors.Add<WorkerStream>();
                grpc.MaxReceiveMessageSize = null;
            });
        var server = builder.Build();
        server.MapGrpcService<TaskHubGrpcServer>();
        await server.StartAsync();
        return new(script, loggers ?? NullLoggerFactory.Instance, clocked, server);
    }

    /// <inheritdoc cref="ClockedHub.WrittenOf"/>
    public IReadOnlyCollection<HistoryEvent> WrittenOf(string id) => _hub.WrittenOf(id);

    /// <summary>Waits until the instance had this many turns and is idle.</summary>
    public Task ReachAsync(string id, int turns) =>
        WhileAsync(() => _hub.IsBusy(id) || _hub.WrittenOf(id).Count(one => one is OrchestratorStartedEvent) < turns);

    /// <summary>Waits until only time or an event can wake the instance.</summary>
    public Task UntilIdleAsync(string id) => WhileAsync(() => _hub.IsBusy(id));

    /// <summary>Ends the worker when no turn is on its way to it (the server would wait for that forever), and starts another.</summary>
    public async Task RestartWorkerAsync()
    {
        await WhileAsync(() => _hub.HasTurns);
        _hub.WorkerGone = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await StopWorkerAsync();
        await _hub.WorkerGone.Task.WaitAsync(Patience.Limit);
        StartWorker();
    }

    public async ValueTask DisposeAsync()
    {
        await StopWorkerAsync();
        await _client.DisposeAsync();
        _channel.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private static async Task WhileAsync(Func<bool> busy)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (busy())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private void StartWorker()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(_loggers);
        builder.Services.AddDurableTaskWorker(worker => worker.UseGrpc(_channel).AddTasks(tasks => ScriptedTasks.Register(tasks, _script)));
        _worker = builder.Build();
        _worker.Start();
    }

    private async Task StopWorkerAsync()
    {
        if (_worker is null)
            return;
        await _worker.StopAsync();
        _worker.Dispose();
    }
}
