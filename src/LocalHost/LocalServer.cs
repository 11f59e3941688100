using Headgate.Core.Validation;
using Headgate.Engine;
using Headgate.Functions.Tasks;
using Headgate.LocalHost.Invocation;
using Headgate.LocalHost.Options;
using Headgate.LocalHost.Triggers;
using Headgate.Ports;
using Headgate.Storage;
using Headgate.Storage.Queue;
using Headgate.Storage.Sqlite;
using Headgate.Storage.Sqlite.Damage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.LocalHost;

/// <summary>The whole service in this process: storage, triggers and web server, started and stopped in order.</summary>
public sealed class LocalServer : IAsyncDisposable
{
    private readonly StartPlan _plan;
    private readonly WebApplication _app;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<Task> _stopped;
    private IReadOnlyList<QueuePump> _pumps = [];
    private Task _timers = Task.CompletedTask;

    private LocalServer(StartPlan plan, EmbeddedStore storage, WebApplication app, OperatorKeyFile operatorKey)
    {
        (_plan, Storage, _app, OperatorKey) = (plan, storage, app, operatorKey);
        _lifetime = app.Lifetime;
        _stopped = new(StopOnceAsync);
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address => _app.Urls.First();

    public IServiceProvider Services => _app.Services;

    public EmbeddedStore Storage { get; }

    public OperatorKeyFile OperatorKey { get; }

    /// <summary>Set when the service is to stop: by <see cref="StopAsync"/>, or because the disk refused a write.</summary>
    public CancellationToken StopRequested => _lifetime.ApplicationStopping;

    /// <summary>Why the service could not go on; null while all is well.</summary>
    public Exception? Failure { get; private set; }

    /// <param name="options">How to run.</param>
    /// <param name="time">The clock of everything but the network; the system's where null.</param>
    /// <param name="configure">Replaces services of the app, for tests.</param>
    /// <exception cref="StartRefusedException">Lists every problem of the settings.</exception>
    /// <exception cref="DataFolderException">The data folder is in use, cannot be used, or its disk refused a write.</exception>
    public static Task<LocalServer> StartAsync(
        LocalHostOptions options, TimeProvider? time = null, Action<IServiceCollection>? configure = null) =>
        StartAsync(StartPlan.Of(options, new Problems()), time ?? TimeProvider.System, configure);

    internal static async Task<LocalServer> StartAsync(StartPlan plan, TimeProvider time, Action<IServiceCollection>? configure = null)
    {
        LocalServer? server = null;
        var storage = EmbeddedStore.Open(plan.Options.DataFolder, time, failure => server?.Fail(failure), plan.Options.Sync, writerThread: plan.Options.WriterThread, clients: DurableEngine.LogClient);
        WebApplication? app = null;
        try
        {
            var (file, key) = OperatorKeyFile.Open(plan.Options, new SystemRandom());
            app = LocalComposition.Build(plan, storage, key, time, configure);
            app.UseFunctions(plan, storage);
            server = new LocalServer(plan, storage, app, file);
            // What the disk refused before there was anybody to tell.
            if (storage.Log.Failure is { } refusal)
                throw Refused(plan, refusal);
            await server.RunAsync(time);
            return server;
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            await storage.DisposeAsync();
            if (storage.Log.Failure is { } refusal)
                throw Refused(plan, refusal);
            throw;
        }
    }

    /// <summary>
    /// Takes nothing more on, lets what is under way end within <see cref="LocalHostOptions.DrainTime"/>, writes everything to disk and
    /// closes the data folder.
    /// </summary>
    public Task StopAsync() => _stopped.Value;

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>The port comes first: where it is taken, nothing has begun.</summary>
    private async Task RunAsync(TimeProvider time)
    {
        try
        {
            await _app.StartAsync();
        }
        catch (Exception exception) when (BindRefusal.Of(_plan.Options, exception) is { } problem)
        {
            throw new StartRefusedException([problem]);
        }

        var runner = Services.GetRequiredService<FunctionRunner>();
        var loggers = Services.GetRequiredService<ILoggerFactory>();
        if (Services.GetRequiredService<IReadyTasks>() is ReadyBoard board)
            await board.RebuildAsync(CancellationToken.None);
        await Services.GetRequiredService<DurableEngine>().StartAsync(CancellationToken.None);
        _pumps = new QueueTriggers(Storage.Queue, runner).Start(_plan.Catalog, _plan.HostJson, time, loggers);
        _timers = TimerTriggers.RunAsync(_plan.Catalog, runner, time, loggers, _stopping.Token);
    }

    private static DataFolderException Refused(StartPlan plan, Exception refusal) => new(DiskRefusal.Describe(Path.GetFullPath(plan.Options.DataFolder), refusal));

    private async Task StopOnceAsync()
    {
        using var deadline = new CancellationTokenSource(_plan.Options.DrainTime);
        try
        {
            _lifetime.StopApplication();
            await _stopping.CancelAsync();
            await ToTheDeadline(_app.StopAsync(deadline.Token));
            await Task.WhenAll(_pumps.Select(pump => pump.StopAsync(deadline.Token)));
            await ToTheDeadline(_timers.WaitAsync(deadline.Token));
            await ToTheDeadline(Services.GetRequiredService<DurableEngine>().StopAsync(deadline.Token));
        }
        finally
        {
            await _app.DisposeAsync();
            await Storage.DisposeAsync();
            _stopping.Dispose();
        }
    }

    /// <summary>What has not ended in time, or can't because the store refuses, is left behind: it runs again at the next start.</summary>
    private static async Task ToTheDeadline(Task part)
    {
        try
        {
            await part;
        }
        catch (Exception left) when (left is OperationCanceledException or StoreUnavailableException)
        {
        }
    }

    private void Fail(Exception failure)
    {
        Failure = failure;
        _lifetime.StopApplication();
    }
}
