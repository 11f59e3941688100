using Headgate.Functions.Admission;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Http.Agents;
using Headgate.Functions.Http.DeadLetters;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Options;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Telemetry;
using Headgate.Ports;
using Headgate.Ports.Recent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Headgate.Functions.Runs;

internal static class RunRegistration
{
    /// <summary>
    /// Everything between the triggers and the ports that concerns runs and agents. The ground registers its <see cref="IReadyTasks"/>, its
    /// <see cref="IRecentRows"/> where reads cost something, and its <see cref="RunHosting"/> where it is not the usual one.
    /// </summary>
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton(new RunHosting(EngineSeesEveryRun: true, IsAlone: false));
        services.TryAddSingleton<IRecentRows, NoRecentRows>();
        return services.AddRooms();
    }

    private static IServiceCollection AddRooms(this IServiceCollection services) => services
        .AddSingleton<TenantReader>()
        .AddSingleton<RunReader>()
        .AddSingleton<AgentReader>()
        .AddSingleton<AgentCensus>()
        .AddSingleton(provider => new ConflictPause(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IRandomSource>(),
            provider.GetRequiredService<HeadgateOptions>().Admission.ConflictRetries))
        .AddSingleton<TenantGate>()
        .AddSingleton<RunAdmission>()
        .AddSingleton<RunProgress>()
        .AddSingleton<RunWaker>()
        .AddSingleton<AttemptSettler>()
        .AddSingleton<LostTasks>()
        .AddSingleton<AgentTurns>()
        .AddSingleton<FreedSlots>()
        .AddSingleton<AgentPresence>()
        .AddSingleton<ServiceUptime>()
        .AddSingleton<AttemptDeadlines>()
        .AddSingleton<HandOut>()
        .AddSingleton<Claims>()
        .AddSingleton<ClaimPace>()
        .AddSingleton<Heartbeats>()
        .AddSingleton<AgentViews>()
        .AddSingleton<DeadLetterStore>()
        .AddSingleton<Replay>()
        .AddSingleton<LeaseSweep>()
        .AddSingleton<TimeoutSweep>()
        .AddSingleton<RunRepair>()
        .AddSingleton<TaskRepair>()
        .AddSingleton<LedgerRepair>()
        .AddSingleton<RunCheck>()
        .AddSingleton<RunWatch>()
        .AddSingleton<Gauges>()
        .AddSingleton<Measurements>()
        .AddSingleton<Retention>();
}
