using Headgate.Core.Validation;
using Headgate.Functions.Admission;
using Headgate.Functions.Alerts;
using Headgate.Functions.Api;
using Headgate.Functions.Api.Agents;
using Headgate.Functions.Api.Events;
using Headgate.Functions.Api.Idempotency;
using Headgate.Functions.Api.Keys;
using Headgate.Functions.Api.Resources;
using Headgate.Functions.Api.Runs;
using Headgate.Functions.Api.Tenants;
using Headgate.Functions.Dispatch;
using Headgate.Functions.Maintenance;
using Headgate.Functions.Options;
using Headgate.Functions.Runs;
using Headgate.Functions.Runs.Redrive;
using Headgate.Functions.Schedules;
using Headgate.Functions.Security;
using Headgate.Functions.Security.Audit;
using Headgate.Functions.Security.Keys;
using Headgate.Functions.Security.Tokens;
using Headgate.Functions.Stores;
using Headgate.Functions.Stores.Agents;
using Headgate.Functions.Stores.Objectives;
using Headgate.Functions.Stores.Resources;
using Headgate.Functions.Stores.Runs;
using Headgate.Functions.Stores.Tenants;
using Headgate.Functions.Tasks;
using Headgate.Functions.Tasks.Desk;
using Headgate.Functions.Tasks.Resources;
using Headgate.Functions.Tasks.Shared;
using Headgate.Functions.Telemetry;
using Headgate.Functions.Wire;
using Headgate.Ports;
using Headgate.Ports.Recent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Protocols;

namespace Headgate.Functions;

/// <summary>The one place that puts the app together. The ports are registered by the host it runs on.</summary>
public static class Composition
{
    private const int MaxMetadataBytes = 1024 * 1024;

    /// <exception cref="InvalidSettingsException">Settings cannot be used; lists every problem.</exception>
    public static IServiceCollection AddHeadgate(this IServiceCollection services, IConfiguration configuration)
    {
        var problems = new Problems();
        services.AddHeadgate(configuration, problems);
        return problems.Any ? throw new InvalidSettingsException(problems) : services;
    }

    /// <param name="problems">Receives every problem of the settings; the app must not start with any.</param>
    public static IServiceCollection AddHeadgate(this IServiceCollection services, IConfiguration configuration, Problems problems)
    {
        var options = OptionsRules.Read(configuration, problems);
        return options.Oidc is { } oidc ? services.AddHeadgate(options).AddTokens(oidc) : services.AddHeadgate(options);
    }

    private static IServiceCollection AddHeadgate(this IServiceCollection services, HeadgateOptions options) => services
        .AddSingleton(options)
        .AddMetrics()
        .AddSingleton<Metrics>()
        .AddSingleton<NewestFirstIds>()
        .AddSingleton<Edge>()
        .AddSecurity()
        .AddRuns()
        .AddSingleton<StatusChange>()
        .AddSingleton<StandingChange>()
        .AddSingleton<SuspectAgents>()
        .AddSingleton<HeartbeatPace>();

    /// <summary>What stands between the edge and a function.</summary>
    public static IFunctionsWorkerApplicationBuilder UseHeadgate(this IFunctionsWorkerApplicationBuilder builder) => builder
        .UseMiddleware<AccessMiddleware>()
        .UseMiddleware<QueryMiddleware>();

    /// <summary>
    /// Everything between the triggers and the ports that concerns runs and agents. The host registers its <see cref="Arrangement"/>, and its
    /// <see cref="IRecentRows"/> where reads cost something.
    /// </summary>
    internal static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton<IReadyTasks>(provider => provider.GetRequiredService<Arrangement>().IsAlone
            ? ActivatorUtilities.CreateInstance<ReadyBoard>(provider)
            : ActivatorUtilities.CreateInstance<TableReadyTasks>(provider));
        services.TryAddSingleton<IRecentRows, NoRecentRows>();
        return services.AddRooms();
    }

    // Another kind of credential joins as one more verifier.
    private static IServiceCollection AddSecurity(this IServiceCollection services) => services
        .AddSingleton(AccessCatalog.OfTheApp())
        .AddSingleton<RequestRate>()
        .AddSingleton<KeyUses>()
        .AddSingleton<Memberships>()
        .AddSingleton<RememberedAnswers>()
        .AddSingleton<KeyAnswers>()
        .AddSingleton<ICredentialVerifier, ApiKeyVerifier>()
        .AddSingleton<CredentialChain>()
        .AddSingleton<AuditTrail>();

    private static IServiceCollection AddTokens(this IServiceCollection services, OidcOptions oidc) => services
        .AddSingleton(oidc)
        .AddSingleton<IDocumentRetriever>(_ => new HttpDocumentRetriever(new HttpClient { MaxResponseContentBufferSize = MaxMetadataBytes }) { RequireHttps = !oidc.IsLocal })
        .AddSingleton<IssuerKeys>()
        .AddSingleton<ICredentialVerifier, TokenVerifier>();

    private static IServiceCollection AddRooms(this IServiceCollection services) => services
        .AddSingleton<RowChanges>()
        .AddSingleton<AuditChain>()
        .AddSingleton<TenantReader>()
        .AddSingleton<RunReader>()
        .AddSingleton<AgentReader>()
        .AddSingleton<AgentCensus>()
        .AddSingleton(provider => new ConflictPause(
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IRandomSource>(),
            provider.GetRequiredService<HeadgateOptions>().Admission.ConflictRetries))
        .AddSingleton<AgentDesk>()
        .AddSingleton<ResourceReader>()
        .AddSingleton<ResourceBook>()
        .AddSingleton<HeldResources>()
        .AddSingleton<HoldPlaces>()
        .AddSingleton<TenantGate>()
        .AddSingleton<RefusalTally>()
        .AddSingleton<UsageReader>()
        .AddSingleton<RunAdmission>()
        .AddSingleton<WaitQueue>()
        .AddSingleton<RetryStarts>()
        .AddSingleton<RunProgress>()
        .AddSingleton<RunWaker>()
        .AddSingleton<RunCancellation>()
        .AddSingleton<ScheduleFiring>()
        .AddSingleton<ScheduleRound>()
        .AddSingleton<TenantWork>()
        .AddSingleton<BelievedClock>()
        .AddSingleton<TaskTimes>()
        .AddSingleton<TrackRecords>()
        .AddSingleton<Fleet>()
        .AddSingleton<StartPredictions>()
        .AddSingleton<AttemptSettler>()
        .AddSingleton<LostTasks>()
        .AddSingleton<ServiceUptime>()
        .AddSingleton<HandOut>()
        .AddSingleton<HeldClaims>()
        .AddSingleton<Standings>()
        .AddSingleton<AgentComparison>()
        .AddSingleton<Claims>()
        .AddSingleton<Heartbeats>()
        .AddSingleton<AgentViews>()
        .AddSingleton<SurroundingsReader>()
        .AddSingleton<WholeRuns>()
        .AddSingleton<OpenStreams>()
        .AddSingleton<TaskLookup>()
        .AddSingleton<ExplanationReader>()
        .AddSingleton<WaitingTasks>()
        .AddSingleton<DeadLetterReader>()
        .AddSingleton<RunRedrive>()
        .AddSingleton<ReplayProgress>()
        .AddSingleton<LeaseSweep>()
        .AddSingleton<TimeoutSweep>()
        .AddSingleton<PauseSweep>()
        .AddSingleton<KeyStore>()
        .AddSingleton<TenantRemoval>()
        .AddSingleton<RunRepair>()
        .AddSingleton<TaskRepair>()
        .AddSingleton<LedgerRepair>()
        .AddSingleton<RunCheck>()
        .AddSingleton<RunWatch>()
        .AddSingleton<Gauges>()
        .AddSingleton(_ => ObjectivesFile.OfTheApp())
        .AddSingleton(provider => new Indicators(provider.GetRequiredService<ObjectivesFile>().Objectives))
        .AddSingleton<TallyBook>()
        .AddSingleton<ObjectiveRound>()
        .AddSingleton<Measurements>()
        .AddAlerts()
        .AddSingleton<Retention>();

    private static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSingleton<ProcessName>()
        .AddSingleton<AlertTally>()
        .AddSingleton<SharedMinutes>()
        .AddHostedService(provider => provider.GetRequiredService<SharedMinutes>())
        .AddHostedService<SharedTallies>()
        .AddSingleton<WebhookSender>()
        .AddSingleton<NotificationDelivery>()
        .AddSingleton<AlertRounds>();
}
