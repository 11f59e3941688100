using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Tenants;

public class ScheduleTests(ContractHost ground) : IClassFixture<ContractHost>
{
    private const string Run = """{"name":"nightly","tasks":[{"name":"one","type":"never"}]}""";

    private const string Rare = $$"""{"cron":"0 3 1 1 *","run":{{Run}}}""";

    [SuiteFact]
    public async Task Schedule_Written_IsReadAsItStands()
    {
        var tenant = await ground.TenantAsync();

        var put = await PutAsync(tenant, "s", $$"""{"cron":"30 2 29 2 *","timeZone":"Europe/Berlin","jitterSeconds":0,"overlap":"queue","catchUp":"none","run":{{Run}}}""");
        var read = await ground.Client.ReadAsync($"/tenants/{tenant}/schedules/s");
        var listed = await ground.Client.ReadAsync($"/tenants/{tenant}/schedules");

        Refused.Not(HttpStatusCode.Created, put);
        Assert.Equal($"/tenants/{tenant}/schedules/s", put.Header("Location"));
        Assert.Equal(put.Body!.ToJsonString(), read.Body!.ToJsonString());
        Assert.Equal(
            ["name", "cron", "everySeconds", "timeZone", "jitterSeconds", "overlap", "catchUp", "enabled", "createdAt", "nextFireAt", "lastFire", "run"], read.Body.Fields());
        Assert.Equal(("s", "30 2 29 2 *", "Europe/Berlin", "queue", "none", true), (
            (string?)read.Body["name"], (string?)read.Body["cron"], (string?)read.Body["timeZone"], (string?)read.Body["overlap"], (string?)read.Body["catchUp"], (bool)read.Body["enabled"]!));
        Assert.Equal((2, 29, 1, 30), Parts(read.Body["nextFireAt"].Time()));
        Assert.Null(read.Body["lastFire"]);
        Assert.Equal("nightly", (string?)read.Body["run"]!["name"]);
        Assert.Equal("""{"name":"one","type":"never","needs":[],"agent":null,"labels":{},"timeoutSeconds":3600,"policy":"default","maxRetries":null,"payload":null}""", read.Body["run"]!["tasks"]![0]!.ToJsonString());
        var item = Assert.Single(listed.Body!["items"]!.AsArray());
        Assert.Equal(("s", null), ((string?)item!["name"], item["run"]));
    }

    [SuiteFact]
    public async Task Schedule_OfFewFields_HasTheDefaults()
    {
        var tenant = await ground.TenantAsync();

        var put = await PutAsync(tenant, "s", $$"""{"everySeconds":60,"enabled":false,"run":{{Run}}}""");

        Assert.Equal(("UTC", 0, "skip", "latest", 60), (
            (string?)put.Body!["timeZone"], (int)put.Body["jitterSeconds"]!, (string?)put.Body["overlap"], (string?)put.Body["catchUp"], (int)put.Body["everySeconds"]!));
        Assert.Null(put.Body["nextFireAt"]);
    }

    [SuiteTheory]
    [InlineData("{}", "cron", "run")]
    [InlineData("""{"cron":"* * * *","run":RUN}""", "cron")]
    [InlineData("""{"cron":"0 0 30 2 *","run":RUN}""", "cron")]
    [InlineData("""{"cron":"@every_second","run":RUN}""", "cron")]
    [InlineData("""{"cron":"* * * * *","everySeconds":60,"run":RUN}""", "cron")]
    [InlineData("""{"everySeconds":59,"run":RUN}""", "everySeconds")]
    [InlineData("""{"everySeconds":31622401,"run":RUN}""", "everySeconds")]
    [InlineData("""{"everySeconds":60,"timeZone":"Europe/Berlim","run":RUN}""", "timeZone")]
    [InlineData("""{"everySeconds":60,"timeZone":"../UTC","run":RUN}""", "timeZone")]
    [InlineData("""{"everySeconds":60,"jitterSeconds":3601,"run":RUN}""", "jitterSeconds")]
    [InlineData("""{"everySeconds":60,"overlap":"both","catchUp":"all","enabled":1,"zz":1,"run":RUN}""", "overlap", "catchUp", "enabled", "zz")]
    [InlineData("""{"everySeconds":60,"run":{"name":"n","tasks":[]}}""", "run.tasks")]
    [InlineData(
        """{"everySeconds":1,"run":{"tasks":[{"name":"a","type":"t","policy":"gone","agent":"nobody","timeoutSeconds":0,"zz":1},{"name":"a","type":"t","needs":["b"]}],"zz":1}}""",
        "everySeconds", "run.name", "run.tasks[0].policy", "run.tasks[0].agent", "run.tasks[0].timeoutSeconds", "run.tasks[0].zz", "run.tasks[1].name", "run.tasks[1].needs[0]", "run.zz")]
    public async Task Schedule_WithProblems_IsRefusedWithEveryOne(string body, params string[] paths)
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await PutAsync(tenant, "s", body.Replace("RUN", Run, StringComparison.Ordinal)), paths);

        Refused.With(404, "schedule-not-found", await ground.Client.ReadAsync($"/tenants/{tenant}/schedules/s"));
    }

    [SuiteTheory]
    [InlineData("-a")]
    [InlineData("a.b")]
    [InlineData("a:b")]
    public async Task Schedule_NameOutsideItsGrammar_IsRefused(string name) => Refused.At(await PutAsync(await ground.TenantAsync(), name, Rare), "name");

    [SuiteFact]
    public async Task Schedule_WrittenAgain_ChangesAndKeepsItsAge()
    {
        var tenant = await ground.TenantAsync();
        var first = await PutAsync(tenant, "s", Rare);

        var same = await PutAsync(tenant, "s", Rare);
        var other = await PutAsync(tenant, "s", Rare.Replace("0 3", "0 4", StringComparison.Ordinal));

        Assert.Equal((200, first.Body!.ToJsonString()), ((int)same.Status, same.Body!.ToJsonString()));
        Assert.Equal((200, (string?)first.Body["createdAt"], "0 4 1 1 *"), ((int)other.Status, (string?)other.Body!["createdAt"], (string?)other.Body["cron"]));
        Assert.Equal(4, other.Body["nextFireAt"].Time().Hour);
    }

    [SuiteFact]
    public async Task Schedule_Deleted_IsGone()
    {
        var tenant = await ground.TenantAsync();
        await PutAsync(tenant, "s", Rare);

        Assert.Equal(204, (int)(await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/schedules/s")).Status);

        Refused.With(404, "schedule-not-found", await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/schedules/s"));
        Refused.With(404, "schedule-not-found", await ground.Client.CallAsync("POST", $"/tenants/{tenant}/schedules/s/trigger"));
        Refused.With(404, "tenant-not-found", await ground.Client.CallAsync("POST", "/tenants/no-such-tenant/schedules/s/trigger"));
        Assert.Empty((await ground.Client.ReadAsync($"/tenants/{tenant}/schedules")).Body!["items"]!.AsArray());
    }

    [SuiteFact]
    public async Task Schedules_OverThePlansNumber_AreRefused()
    {
        var tenant = await ground.TenantAsync(limits: """{"maxSchedules":2}""");
        await PutAsync(tenant, "a", Rare);
        await PutAsync(tenant, "b", Rare);

        var refused = await PutAsync(tenant, "c", Rare);
        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PutAsync(tenant, $"d{i}", Rare)));

        Refused.Exactly(409, """{"error":"Plan limit exceeded","code":"schedule-limit","reason":"Schedule limit reached (2 schedules on Enterprise plan)","currentUsage":2,"limit":2,"plan":"enterprise"}""", refused);
        Assert.All(together, reply => Refused.With(409, "schedule-limit", reply));
        Assert.Equal(200, (int)(await PutAsync(tenant, "b", Rare.Replace("0 3", "0 4", StringComparison.Ordinal))).Status);
        await ground.Client.CallAsync("DELETE", $"/tenants/{tenant}/schedules/a");
        Assert.Single(await Task.WhenAll(Enumerable.Range(0, 4).Select(i => PutAsync(tenant, $"d{i}", Rare))), reply => (int)reply.Status == 201);
    }

    [SuiteFact]
    public async Task Schedules_Many_ArePaged()
    {
        var tenant = await ground.TenantAsync();
        foreach (var name in new[] { "a", "b", "c" })
            await PutAsync(tenant, name, Rare);

        var first = (await ground.Client.ReadAsync($"/tenants/{tenant}/schedules?limit=2")).Body!;
        var second = (await ground.Client.ReadAsync($"/tenants/{tenant}/schedules?limit=2&after={first["next"]}")).Body!;

        Assert.Equal(["a", "b"], first["items"]!.AsArray().Select(item => (string)item!["name"]!));
        Assert.Equal(["c"], second["items"]!.AsArray().Select(item => (string)item!["name"]!));
        Assert.Null(second["next"]);
    }

    [SuiteFact]
    public async Task Trigger_OfADisabledSchedule_IsAnsweredLikeASubmission()
    {
        var tenant = await ground.TenantAsync();
        await PutAsync(tenant, "s", $$"""{"everySeconds":60,"enabled":false,"run":{{Run}}}""");

        var triggered = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/schedules/s/trigger");
        var run = await ground.Client.RunAsync(tenant, triggered.RunId);
        var read = await ground.Client.ReadAsync($"/tenants/{tenant}/schedules/s");

        Refused.Not(HttpStatusCode.Accepted, triggered);
        Assert.Equal(["runId", "status", "inFlight", "limit", "links", "requestId"], triggered.Body.Fields());
        Assert.Equal($"/tenants/{tenant}/runs/{triggered.RunId}", triggered.Header("Location"));
        Assert.Equal(("nightly", "s"), ((string?)run["name"], (string?)run["schedule"]));
        Assert.Equal("s", (string?)(await ground.Client.ReadAsync($"/tenants/{tenant}/runs")).Body!["items"]![0]!["schedule"]);
        Assert.Null(read.Body!["lastFire"]);
        Assert.Null((await ground.Client.RunAsync(tenant, (await ground.Client.SubmitAsync(tenant)).RunId))["schedule"]);
    }

    [SuiteFact]
    public async Task Trigger_OfAFullTenant_IsRefusedLikeASubmission()
    {
        var tenant = await ground.TenantAsync(limits: """{"maxConcurrentRuns":0}""");
        await PutAsync(tenant, "s", Rare);

        Refused.With(429, "concurrency-limit", await ground.Client.CallAsync("POST", $"/tenants/{tenant}/schedules/s/trigger"));
        Refused.At(await ground.Client.CallAsync("POST", $"/tenants/{tenant}/schedules/s/trigger", """{"zz":1}"""), "zz");
    }

    private Task<Reply> PutAsync(string tenant, string name, string body) => ground.Client.CallAsync("PUT", $"/tenants/{tenant}/schedules/{name}", body);

    private static (int Month, int Day, int Hour, int Minute) Parts(DateTimeOffset at) => (at.Month, at.Day, at.Hour, at.Minute);
}
