namespace Headgate.Agent.Options;

/// <summary>Every setting there is; the readers of all three sources and the command line go by this list.</summary>
internal static class Settings
{
    public static readonly Setting Service = new("service", SettingKind.Text, "address of the service, http or https");
    public static readonly Setting KeyFile = new("keyFile", SettingKind.Text, "file that holds the agent's key");
    public static readonly Setting AgentId = new("agentId", SettingKind.Text, "who this agent is; written by 'register' otherwise");
    public static readonly Setting Name = new("name", SettingKind.Text, "name shown to people; the machine's name by default");
    public static readonly Setting Tenant = new("tenant", SettingKind.Text, "the one tenant it serves; none: shared by all");
    public static readonly Setting Labels = new("labels", SettingKind.Map, "labels that tasks can ask for");
    public static readonly Setting Capabilities = new("capabilities", SettingKind.Capabilities, "task types it takes: command, archive, backup, restore, check, prune, noop; 'type:shared' opens one to a shared agent");
    public static readonly Setting MaxConcurrentTasks = new("limits.maxConcurrentTasks", SettingKind.Number, "1..100, 3 by default");
    public static readonly Setting TypeLimits = new("limits.typeLimits", SettingKind.Map, "at most so many of a type at once");
    public static readonly Setting CpuQuotaPercent = new("limits.cpuQuotaPercent", SettingKind.Number, "1..100 of all processors, 100 by default");
    public static readonly Setting IoPriority = new("limits.ioPriority", SettingKind.Text, "idle, low or normal; normal by default");
    public static readonly Setting BandwidthLimitMbps = new("limits.bandwidthLimitMbps", SettingKind.Number, "1..100000 megabits a second for all transfers together, or unlimited, the default");
    public static readonly Setting Adaptive = new("limits.adaptive", SettingKind.Text, "true: offer fewer slots while the machine is under pressure; false by default");
    public static readonly Setting Repositories = new("repositories", SettingKind.Repositories, "restic repositories by name: { main: { url: /srv/repo, passwordFile: /etc/headgate/main.key } }");
    public static readonly Setting ResticProgram = new("resticProgram", SettingKind.Text, "absolute path of restic; /usr/bin/restic by default");
    public static readonly Setting AllowedPrograms = new("allowedPrograms", SettingKind.List, "absolute paths that commands may start");
    public static readonly Setting AllowedPaths = new("allowedPaths", SettingKind.List, "absolute folders that tasks may name");
    public static readonly Setting EnvironmentPass = new("environment.pass", SettingKind.List, "variables of the agent that children inherit");
    public static readonly Setting EnvironmentSet = new("environment.set", SettingKind.Map, "variables set for children");
    public static readonly Setting EnvironmentFromTask = new("environment.fromTask", SettingKind.List, "variables a task's payload may set");
    public static readonly Setting StateDirectory = new("stateDirectory", SettingKind.Text, "unreported results, identity, key");
    public static readonly Setting WorkDirectory = new("workDirectory", SettingKind.Text, "where each task gets its fresh folder");
    public static readonly Setting OutputLimitBytes = new("outputLimitBytes", SettingKind.Number, "256..65536 bytes of output kept per task, 16384 by default");
    public static readonly Setting HeartbeatSeconds = new("heartbeatSeconds", SettingKind.Number, "1..60, 10 by default; the service may ask for more often");
    public static readonly Setting ClaimWaitSeconds = new("claimWaitSeconds", SettingKind.Number, "0..30, 30 by default: how long a claim may be held");
    public static readonly Setting RequestTimeoutSeconds = new("requestTimeoutSeconds", SettingKind.Number, "2..120, 15 by default");
    public static readonly Setting StopGraceSeconds = new("stopGraceSeconds", SettingKind.Number, "0..3600, 20 by default: what running tasks get at a stop");

    public static IReadOnlyList<Setting> All { get; } =
    [
        Service, KeyFile, AgentId, Name, Tenant, Labels, Capabilities, MaxConcurrentTasks, TypeLimits, CpuQuotaPercent, IoPriority,
        BandwidthLimitMbps, Adaptive, Repositories, ResticProgram, AllowedPrograms, AllowedPaths, EnvironmentPass, EnvironmentSet,
        EnvironmentFromTask, StateDirectory, WorkDirectory, OutputLimitBytes, HeartbeatSeconds, ClaimWaitSeconds, RequestTimeoutSeconds,
        StopGraceSeconds,
    ];
}
