using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.Functions.Wire;

namespace Headgate.EndToEnd.Tests.Contract.Wire;

/// <summary>HEAD, which load balancers and uptime monitors send.</summary>
public class HeadTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private static readonly string[] s_ofEachAnswer = ["Date", "X-Request-Id", "traceparent"];

    /// <summary>All but the streams of events: what GET answers there has no end.</summary>
    public static TheoryData<string> Paths => [.. HttpFunction.OfTheApp().Where(function => function.Verbs.Contains("get") && !function.AnswersTheRest && !function.Path.EndsWith("/events", StringComparison.Ordinal)).Select(function => function.Path)];

    [SuiteTheory, MemberData(nameof(Paths))]
    public async Task Head_OfEveryPathThatGetHas_IsGetWithoutItsBody(string path)
    {
        var (tenant, agent) = await ground.TenantWithAgentAsync();
        var run = (await ground.Client.SubmitAsync(tenant)).RunId;
        await ground.Client.UntilAsync(tenant, run, found => found.TaskIs("one", "ready"));
        Assert.Equal(200, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/resources/default", """{"maxConcurrent":1}""")).Status);
        Assert.Equal(201, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/members/ada", """{"role":"viewer"}""")).Status);
        const string Schedule = """{"everySeconds":86400,"run":{"name":"nightly","tasks":[{"name":"one","type":"noop"}]}}""";
        Assert.Equal(201, (int)(await ground.Client.CallAsync("PUT", $"/tenants/{tenant}/schedules/default", Schedule)).Status);
        var concrete = path.Replace("{tenantId}", tenant, StringComparison.Ordinal)
            .Replace("{runId}", run, StringComparison.Ordinal)
            .Replace("{taskId}", $"{run}.one", StringComparison.Ordinal)
            .Replace("{agentId}", agent.Id, StringComparison.Ordinal)
            .Replace("{subject}", "ada", StringComparison.Ordinal)
            .Replace("{name}", "default", StringComparison.Ordinal)
            .Replace("{queue}", "runs", StringComparison.Ordinal)
            .Replace("/runbooks/{page}", "/runbooks/server-errors.md", StringComparison.Ordinal)
            .Replace("/decisions/{page}", "/decisions/0019-waiting-runs-start-in-the-ledgers-write.md", StringComparison.Ordinal)
            .Replace("{page}", "http.md", StringComparison.Ordinal);
        if (path.Contains("{replayId}", StringComparison.Ordinal))
            concrete = concrete.Replace("{replayId}", await EndedReplayAsync(tenant), StringComparison.Ordinal);

        Assert.DoesNotContain("{", concrete, StringComparison.Ordinal);
        Assert.Equal(200, await CompareAsync(concrete, ground.OperatorKey));
    }

    // While it goes on, what it tells of itself changes.
    private async Task<string> EndedReplayAsync(string tenant)
    {
        var id = (string)(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/dead-letters/replay", "{}")).Body!["replayId"]!;
        using var limit = new CancellationTokenSource(Headgate.TestKit.Patience.Limit);
        while ((await ground.Client.ReadAsync($"/tenants/{tenant}/dead-letters/replays/{id}")).Body!["finishedAt"] is null)
            limit.Token.ThrowIfCancellationRequested();
        return id;
    }

    [SuiteTheory]
    [InlineData("/nowhere", true, 404)]
    [InlineData("/tenants/none", true, 404)]
    [InlineData("/tenants/none/runs?limit=0", true, 400)]
    [InlineData("/tenants/none/pause", true, ContractHost.WrongMethod)]
    [InlineData("/a2a/foreman", true, ContractHost.WrongMethod)]
    [InlineData("/queues", false, 401)]
    [InlineData("/tenants", false, 401)]
    public async Task Head_OfWhatGetIsRefused_IsThatRefusalWithoutItsBody(string path, bool withKey, int status) =>
        Assert.Equal(status, await CompareAsync(path, withKey ? ground.OperatorKey : null));

    private async Task<int> CompareAsync(string path, string? token)
    {
        // A body that tells counts or ages may grow by a digit between two calls.
        var (get, head) = await Again.UntilAsync(
            async () => (await RawHttp.SendAsync(ground.Client.BaseAddress!, "GET", path, token), await RawHttp.SendAsync(ground.Client.BaseAddress!, "HEAD", path, token)),
            pair => Comparable(pair.Item1.Head).SequenceEqual(Comparable(pair.Item2.Head)));

        Assert.NotEmpty(get.Body);
        Assert.Empty(head.Body);
        Assert.Contains("Content-Length:", head.Head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Comparable(get.Head), Comparable(head.Head));
        return head.Status;
    }

    /// <summary>Status and headers, but for those that no two answers share.</summary>
    private static IEnumerable<string> Comparable(string head) =>
        head.Split("\r\n").Where(line => !s_ofEachAnswer.Contains(line.Split(':')[0], StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
}
