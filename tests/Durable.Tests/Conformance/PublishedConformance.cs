using Headgate.Conformance.Durable;
using Headgate.Durable.Tests.Engine;
using Headgate.TestKit;
using Microsoft.DurableTask.Client;

namespace Headgate.Durable.Tests.Conformance;

/// <summary>The suite on Microsoft's engine, with a task hub for each case. Internal, so that xunit doesn't run the inherited tests here too.</summary>
internal sealed class PublishedConformance(TimeSpan patience) : DurableConformance, IAsyncDisposable
{
    private readonly ManualClock _clock = PublishedEngine.NewClock();
    private readonly SpokenLog _log = new();
    private PublishedEngine _engine = null!;

    protected override DurableTaskClient Client => _engine.Client;

    protected override DateTimeOffset Now => _clock.GetUtcNow();

    protected override TimeSpan Patience => patience;

    public async Task StartAsync() => _engine = await PublishedEngine.StartAsync(Script, _clock, _log);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _log.Dispose();
    }

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _clock.Advance(by);
        return Task.CompletedTask;
    }

    protected override Task UntilIdleAsync(string id = "main") => _engine.UntilIdleAsync(id);

    protected override Task RestartAsync() => _engine.RestartWorkerAsync();

    protected override IEnumerable<string> Logged(string category) => _log.Of(category);
}
