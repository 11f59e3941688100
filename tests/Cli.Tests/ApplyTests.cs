using System.Text.Json.Nodes;
using Headgate.TestKit;
using Headgate.TestKit.Wire;

namespace Headgate.Cli.Tests;

/// <summary>Tenants as files, against the service itself.</summary>
public sealed class ApplyTests : IAsyncLifetime
{
    private const string Wanted = """
        tenants:
          - id: acme
            name: Acme
            plan: pro
            limits: { maxConcurrentRuns: 3, until: "2099-01-01T00:00:00Z", shadow: { maxMonthlyRuns: 10 } }
            policies:
              slow: { baseSeconds: 60, jitter: 0.25 }
            members:
              alice@example.org: { role: owner, name: Alice }
        """;

    private readonly TempFolder _folder = new();
    private LocalService _service = null!;

    public async Task InitializeAsync() => _service = await LocalService.StartAsync();

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Apply_ANewTenant_IsMadeOnceAndThenLeftAlone()
    {
        var dry = await ApplyAsync(Wanted, "--dry-run");
        var made = await ApplyAsync(Wanted);
        var again = await ApplyAsync(Wanted, "--dry-run");

        Assert.Equal((ExitCode.WouldChange, ExitCode.Done, ExitCode.Done), (dry.Code, made.Code, again.Code));
        Assert.Equal(dry.Output, made.Output);
        Assert.Equal(3, made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(("", "nothing to change\n"), (again.Output, again.Errors));
    }

    [Fact]
    public async Task Apply_AfterChangesElsewhere_TellsEachFieldAndPutsItBack()
    {
        await ApplyAsync(Wanted);
        await _service.Client.CallAsync("PATCH", "/tenants/acme", """{"limits":{"maxConcurrentRuns":9,"maxMonthlyRuns":77}}""");
        await _service.Client.CallAsync("PUT", "/tenants/acme/policies/slow", """{"baseSeconds":61,"jitter":0.25,"maxRetries":9}""");

        var changed = await ApplyAsync(Wanted);

        Assert.Equal("~ tenant acme: limits.maxConcurrentRuns 9 -> 3\n~ policy acme/slow: baseSeconds 61 -> 60\n", changed.Output);
        var tenant = (await _service.Client.CallAsync("GET", "/tenants/acme")).Body!;
        var policy = (await _service.Client.CallAsync("GET", "/tenants/acme/policies/slow")).Body!;
        Assert.Equal((3, 77, 9), ((int)tenant["limits"]!["maxConcurrentRuns"]!, (int)tenant["limits"]!["maxMonthlyRuns"]!, (int)policy["maxRetries"]!));
    }

    [Fact]
    public async Task Apply_WithPrune_RemovesWhatTheListsLeaveOut()
    {
        await ApplyAsync(Wanted);
        var less = Wanted.Replace("slow: { baseSeconds: 60, jitter: 0.25 }", "fast: { baseSeconds: 1 }", StringComparison.Ordinal);

        Assert.Equal("+ policy acme/fast: baseSeconds 1\n", (await ApplyAsync(less, "--dry-run")).Output);
        Assert.Equal("+ policy acme/fast: baseSeconds 1\n- policy acme/slow\n", (await ApplyAsync(less, "--prune")).Output);
        Assert.Equal(ExitCode.Done, (await ApplyAsync(less, "--prune", "--dry-run")).Code);
    }

    [Theory]
    [InlineData("tenants:\n  - id: a\n    foo: 1", ":3:5: tenants[0].foo is unknown")]
    [InlineData("tenants:\n  - name: a", ":2:5: tenants[0] has no id")]
    [InlineData("tenants:\n  - id: a\n  - id: a", ":3:5: tenants[1].id is there twice")]
    [InlineData("tenants:\n  - id: ..", ":2:5: tenants[0].id is no id")]
    [InlineData("tenants:\n  - id: a\n    limits: { maxConcurrentRuns: no }", ":3:15: tenants[0].limits.maxConcurrentRuns has a value of another kind")]
    [InlineData("tenants:\n  - id: a\n    limits: { maxConcurrentRuns: }", ":3:15: tenants[0].limits.maxConcurrentRuns has no value")]
    [InlineData("tenants:\n  - id: a\n    policies: { x: { tries: 1 } }", ":3:22: tenants[0].policies.x.tries is unknown")]
    public async Task Apply_AFileThatCantBeUsed_SaysWhereAndWhy(string yaml, string problem)
    {
        var refused = await ApplyAsync(yaml);

        Assert.Equal((ExitCode.Usage, ""), (refused.Code, refused.Output));
        Assert.StartsWith(Path.Combine(_folder.Path, "tenants.yaml") + problem, refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_WhatTheServiceRefuses_PointsAtItsLine()
    {
        var refused = await ApplyAsync("tenants:\n  - id: acme\n    limits:\n      maxConcurrentRuns: -1");

        Assert.Equal(ExitCode.Refused, refused.Code);
        Assert.Contains("tenants.yaml:4:7: limits.maxConcurrentRuns: ", refused.Errors, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Errors)> ApplyAsync(string yaml, params string[] more)
    {
        var file = Path.Combine(_folder.Path, "tenants.yaml");
        File.WriteAllText(file, yaml);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { [Settings.Url] = _service.Server.Address, [Settings.Key] = _service.Server.OperatorKey.Text };
        return Typed.RunAsync(environment, Path.Combine(_folder.Path, "none"), ["apply", "-f", file, .. more]);
    }
}
