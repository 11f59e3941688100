using Headgate.Agent.Options;
using Headgate.Agent.Quotas;
using Headgate.Agent.Tests.Support;
using Headgate.Core.Validation;

namespace Headgate.Agent.Tests.Options;

public sealed class OptionSourcesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_TheSample_IsRight()
    {
        var (options, problems) = Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "agent.sample.yaml")));

        Assert.Equal("", problems);
        Assert.Equal(["archive", "command"], options!.TakenTypes);
        Assert.Equal(1, options.Limits.Of("archive"));
        Assert.Equal(_folder.At("state/agent.key"), options.KeyFile);
    }

    [Fact]
    public void Read_TheSampleWithItsStateElsewhere_WorksThereToo()
    {
        var (options, problems) = Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "agent.sample.yaml")).Replace("stateDirectory: state\n", "stateDirectory: elsewhere\n", StringComparison.Ordinal));

        Assert.Equal(("", _folder.At("elsewhere/work")), (problems, options!.WorkDirectory));
    }

    [Fact]
    public void Read_ManyMistakes_ListsAllWithPathsAndSuggestions()
    {
        var (options, problems) = Read(
            """
            servce: http://localhost
            tenant: No Such
            maxConcurrentTasks: 4
            capabilities: [command, archve]
            limits:
              maxConcurrentTasks: 101
              typeLimits: { command: 4, noop: 1, archive: x }
            allowedPrograms: [sh, /no/such/program]
            allowedPaths: /srv
            environment:
              pass: [HEADGATE_AGENT_KEY]
              sett: {}
            heartbeatSeconds: 0.5
            labels: [a]
            """,
            new() { ["HEADGATE_AGENT_STATE_DIRECTRY"] = "x", ["HEADGATE_AGENT_CLAIM_WAIT_SECONDS"] = "31" },
            new() { [Settings.StopGraceSeconds] = "soon" });

        Assert.Null(options);
        Assert.Equal(
            """
            servce: is not a setting; did you mean service?
            maxConcurrentTasks: is not a setting; did you mean limits.maxConcurrentTasks?
            allowedPaths: must be a list
            environment.sett: is not a setting; did you mean environment.set?
            labels: must be a mapping of names to values
            HEADGATE_AGENT_STATE_DIRECTRY: is not a setting; did you mean HEADGATE_AGENT_STATE_DIRECTORY?
            service: is required: the address of the service, such as https://headgate.example.com
            capabilities.archve: is not a task type of this agent (command, archive, backup, restore, check, prune, noop); did you mean archive?
            limits.maxConcurrentTasks: must be a whole number from 1 to 100, not '101'
            limits.typeLimits.archive: must be a whole number from 0 to 100, not 'x'
            limits.typeLimits.command: must not exceed maxConcurrentTasks (3)
            limits.typeLimits.noop: limits a type that capabilities does not list
            allowedPrograms[0]: must be an absolute path, not 'sh'
            allowedPrograms[1]: '/no/such/program' is not an existing file
            environment.pass[0]: 'HEADGATE_AGENT_KEY' belongs to Headgate and is never given to children
            heartbeatSeconds: must be a whole number from 1 to 60, not '0.5'
            HEADGATE_AGENT_CLAIM_WAIT_SECONDS: must be a whole number from 0 to 30, not '31'
            --stop-grace-seconds: must be a whole number from 0 to 3600, not 'soon'
            tenant: must be a tenant id: a-z, 0-9 and -, at most 63 characters
            """,
            problems);
    }

    [Fact]
    public void Read_QuotasAndRepositories_ListsEveryMistake()
    {
        _folder.Write("empty.key", "\n");
        var key = _folder.Write("main.key", "\n  \nsecret\n");
        var (options, problems) = Read(
            $$"""
            service: http://localhost
            capabilities: [backup]
            limits: { cpuQuotaPercent: 0, ioPriority: high, bandwidthLimitMbps: 0, adaptive: maybe }
            resticProgram: /no/restic
            repositories:
              "a b": { url: repo, passwordFile: {{key}} }
              main: { url: /srv/repo, passwordFile: empty.key, pasword: x, env: { RESTIC_PASSWORD: x, HEADGATE_KEY: x } }
              other: { env: [A] }
              odd: x
            """);

        Assert.Null(options);
        Assert.Equal(
            $"""
            repositories.main.pasword: is not a setting
            repositories.other.env: must be a mapping of names to values
            repositories.odd: must be a mapping of url, passwordFile and env
            limits.cpuQuotaPercent: must be a whole number from 1 to 100, not '0'
            limits.ioPriority: must be one of: normal, low, idle; not 'high'
            limits.bandwidthLimitMbps: must be a whole number from 1 to 100000, or unlimited, not '0'
            limits.adaptive: must be one of: false, true; not 'maybe'
            repositories.a b: must have a name of letters, digits, - and _, at most 64 characters
            repositories.a b.url: must be an absolute path or an address, not 'repo'
            repositories.main.passwordFile: '{_folder.At("empty.key")}' holds no password
            repositories.main.env.RESTIC_PASSWORD: is set by the agent itself
            repositories.main.env.HEADGATE_KEY: is set by the agent itself
            repositories.other.url: is required: an absolute path, or an address such as sftp:user@host:/srv/repo
            repositories.other.passwordFile: is required: the file that holds the repository's password
            repositories.odd.url: is required: an absolute path, or an address such as sftp:user@host:/srv/repo
            repositories.odd.passwordFile: is required: the file that holds the repository's password
            resticProgram: '/no/restic' is not an existing file; restic is needed for backup
            """,
            problems);
    }

    [Fact]
    public void Read_TypesOfResticWithoutARepository_IsAProblem() =>
        Assert.Contains("repositories: names no repository; one is needed for backup, prune", Read("{ service: http://localhost, capabilities: [prune, backup], resticProgram: /bin/sh }").Problems, StringComparison.Ordinal);

    [Fact]
    public void Read_Quotas_AreTheOwnersAndALaterSourceCanLiftThem()
    {
        const string Text = "{ service: http://localhost, limits: { cpuQuotaPercent: 80, ioPriority: low, bandwidthLimitMbps: 100, adaptive: true } }";

        Assert.Equal(new Quota(80, "low", 100), Read(Text).Options!.Quota);
        Assert.True(Read(Text).Options!.IsAdaptive);
        Assert.Equal(Quota.Unlimited, Read("service: http://localhost").Options!.Quota);
        var lifted = Read(
            Text,
            new() { ["HEADGATE_AGENT_BANDWIDTH_LIMIT_MBPS"] = "unlimited", ["HEADGATE_AGENT_CPU_QUOTA_PERCENT"] = "100", ["HEADGATE_AGENT_ADAPTIVE"] = "false" },
            new() { [Settings.IoPriority] = "normal" });
        Assert.Equal(("", Quota.Unlimited, false), (lifted.Problems, lifted.Options!.Quota, lifted.Options.IsAdaptive));
    }

    [Fact]
    public void Read_RepositoriesAsAVariable_AreTheSameAsInTheFile()
    {
        var key = _folder.Write("main.key", "\n  \nsecret\n");
        var text = $"{{ main: {{ url: 'sftp:u@h:/x', passwordFile: main.key, env: {{ A: b }} }} }}";

        foreach (var (options, problems) in (ReadOnlySpan<(AgentOptions?, string)>)[Read($"{{ service: http://localhost, repositories: {text} }}"), Read("service: http://localhost", new() { ["HEADGATE_AGENT_REPOSITORIES"] = text })])
        {
            Assert.Equal("", problems);
            var repository = Assert.Single(options!.Repositories).Value;
            Assert.Equal(("main", "sftp:u@h:/x", key, "b"), (repository.Name, repository.Url, repository.PasswordFile, repository.Env["A"]));
            Assert.Equal("main", repository.ToString());
        }

        Assert.StartsWith("HEADGATE_AGENT_REPOSITORIES: must be", Read("service: http://localhost", new() { ["HEADGATE_AGENT_REPOSITORIES"] = "{ main" }).Problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Read_ASmallTotalAlone_IsRight(int total)
    {
        var (options, problems) = Read($"{{ service: http://localhost, limits: {{ maxConcurrentTasks: {total} }}, capabilities: [command, noop, archive] }}");

        Assert.Equal(("", total, total), (problems, options!.Limits.Total, options.Limits.Of("archive")));
    }

    [Fact]
    public void Read_AllThreeSources_LaterOneWins()
    {
        var (options, problems) = Read(
            "{ service: http://file, name: file, limits: { maxConcurrentTasks: 1 } }",
            new() { ["HEADGATE_AGENT_NAME"] = "variable", ["HEADGATE_AGENT_MAX_CONCURRENT_TASKS"] = "2" },
            new() { [Settings.MaxConcurrentTasks] = "5" });

        Assert.Equal("", problems);
        Assert.Equal(("http://file/", "variable", 5), (options!.Service.AbsoluteUri, options.Name, options.Limits.Total));
    }

    [Fact]
    public void Read_WhatIsReplaced_IsNotJudged()
    {
        var (options, problems) = Read(
            "{ service: http://file, labels: [a], limits: { maxConcurrentTasks: many }, allowedPaths: /no/list, allowedPrograms: [sh] }",
            new() { ["HEADGATE_AGENT_LABELS"] = "no map", ["HEADGATE_AGENT_MAX_CONCURRENT_TASKS"] = "x", ["HEADGATE_AGENT_ALLOWED_PATHS"] = "/tmp" },
            new() { [Settings.Labels] = "os=linux", [Settings.MaxConcurrentTasks] = "5", [Settings.AllowedPrograms] = "" });

        Assert.Equal("", problems);
        Assert.Equal(("linux", 5), (options!.Labels["os"], options.Limits.Total));
    }

    [Theory]
    [InlineData("HEADGATE_AGENT_PORT", "tcp://10.96.0.7:80")]
    [InlineData("HEADGATE_AGENT_PORT_80_TCP", "tcp://10.96.0.7:80")]
    [InlineData("HEADGATE_AGENT_PORT_53_UDP_PROTO", "udp")]
    [InlineData("HEADGATE_AGENT_SERVICE_HOST", "10.96.0.7")]
    [InlineData("HEADGATE_AGENT_SERVICE_PORT_HTTP", "80")]
    [InlineData("HEADGATE_AGENT_NAME_PORT", "tcp://10.96.0.7:80")]
    public void Read_ALinkToAKubernetesService_IsIgnored(string name, string value)
    {
        Dictionary<string, string> environment = new() { [name] = value };

        Assert.Equal("", Read("service: http://localhost", environment).Problems);
        Assert.Equal([name], new OptionSources(null, environment, new Dictionary<Setting, string>()).ServiceLinks);
    }

    [Theory]
    [InlineData("HEADGATE_AGENT_PORT", "80")]
    [InlineData("HEADGATE_AGENT_SERVICE_HOSTS", "x")]
    public void Read_WhatOnlyResemblesALink_IsAProblem(string name, string value) =>
        Assert.StartsWith($"{name}: is not a setting", Read("service: http://localhost", new() { [name] = value }).Problems, StringComparison.Ordinal);

    [Fact]
    public void Read_ListsAndMapsAsText_AreTheSameAsInTheFile()
    {
        var (options, problems) = Read(
            "service: http://localhost",
            new()
            {
                ["HEADGATE_AGENT_CAPABILITIES"] = "command, noop:shared",
                ["HEADGATE_AGENT_TYPE_LIMITS"] = "command=0",
                ["HEADGATE_AGENT_LABELS"] = "os=linux,room=",
                ["HEADGATE_AGENT_ALLOWED_PROGRAMS"] = "/bin/sh",
                ["HEADGATE_AGENT_ENVIRONMENT_SET"] = "A=b=c",
            });

        Assert.Equal("", problems);
        Assert.Equal(["noop"], options!.TakenTypes);
        Assert.Equal(0, options.Limits.Of("command"));
        Assert.Equal("", options.Labels["room"]);
        Assert.Equal("b=c", options.Environment.Set["A"]);
        Assert.Equal(["/bin/sh"], options.AllowedPrograms);
    }

    [Theory]
    [InlineData("service: [", "not YAML at line ")]
    [InlineData("service: http://a\nservice: http://b", "not YAML at line ")]
    [InlineData("just text", "must be a mapping of settings")]
    public void Read_AFileThatIsNoConfiguration_SaysSo(string text, string expected) => Assert.Contains(expected, Read(text).Problems, StringComparison.Ordinal);

    [Theory]
    [InlineData("""environment: { set: { "A=B": c } }""", "environment.set.A=B: is not the name of a variable")]
    [InlineData("""environment: { set: { "": c } }""", "environment.set.: is not the name of a variable")]
    [InlineData("""environment: { set: { "A\0": c } }""", "environment.set.A\\0: is not the name of a variable")]
    [InlineData("""environment: { set: { A: "x\0y" } }""", "environment.set.A: must not hold a NUL, nor half a character")]
    [InlineData("""environment: { pass: ["A=B"] }""", "environment.pass[0]: is not the name of a variable")]
    [InlineData("""environment: { fromTask: ["A\0"] }""", "environment.fromTask[0]: is not the name of a variable")]
    [InlineData("""stateDirectory: "x\0y" """, "stateDirectory: must be a path, without NUL")]
    [InlineData("""keyFile: "x\0y" """, "keyFile: must be a path, without NUL")]
    [InlineData("""workDirectory: "x\0y" """, "workDirectory: must be a path, without NUL")]
    public void Read_WhatTheSystemCanNotHold_IsAProblem(string line, string expected) => Assert.Equal(expected, Read($"service: http://localhost\n{line}").Problems);

    [Fact]
    public void Read_ASharedAgent_TakesOnlyTypesMarkedShared()
    {
        var (options, _) = Read("{ service: http://localhost, capabilities: { command: {}, archive: { shared: true }, noop: { shared: false } } }");

        Assert.Equal(["archive"], options!.TakenTypes);
    }

    [Fact]
    public void Find_NothingRegistered_NamesBoth()
    {
        var (options, _) = Read("service: http://localhost");
        var problems = new Problems();

        Assert.Null(AgentIdentity.Find(options!, _ => null, problems));
        Assert.Equal(2, problems.Count);
    }

    [Fact]
    public void Save_ThenFind_KeyIsForItsOwnerAlone()
    {
        var (options, _) = Read("service: http://localhost");

        AgentIdentity.Save(options!, "agent-1", "hg_a_secret");

        var identity = AgentIdentity.Find(options!, _ => null, new Problems())!;
        Assert.Equal(("agent-1", "hg_a_secret", "agent-1"), (identity.AgentId, identity.Key, identity.ToString()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(options!.KeyFile));
    }

    private (AgentOptions? Options, string Problems) Read(string yaml, Dictionary<string, string>? environment = null, Dictionary<Setting, string>? flags = null)
    {
        var problems = new Problems();
        var options = new OptionSources(_folder.Write("agent.yaml", yaml), environment ?? [], flags ?? []).Read(problems);
        return (options, problems.ToString());
    }
}
