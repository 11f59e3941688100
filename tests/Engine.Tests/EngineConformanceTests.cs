using Headgate.Conformance.Durable;
using Microsoft.DurableTask.Client;

namespace Headgate.Engine.Tests;

/// <summary>The suite on the embedded engine, with a clock that stands still.</summary>
public sealed class EngineConformanceTests : DurableConformance, IAsyncLifetime
{
    private readonly SpokenLog _log = new();
    private EngineRig _rig = null!;

    protected override DurableTaskClient Client => _rig.Client;

    protected override DateTimeOffset Now => _rig.Clock.GetUtcNow();

    public async Task InitializeAsync() => _rig = await EngineRig.StartAsync(new(Script), _log);

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        _log.Dispose();
    }

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _rig.Clock.Advance(by);
        return Task.CompletedTask;
    }

    protected override Task UntilIdleAsync(string id = "main") => _rig.UntilIdleAsync(id);

    protected override Task RestartAsync() => _rig.RestartAsync();

    protected override IEnumerable<string> Logged(string category) => _log.Of(category);
}
