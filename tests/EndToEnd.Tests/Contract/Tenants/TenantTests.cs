using System.Net;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Tenants;

public class TenantTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Create_Tenant_ShowsItWhole()
    {
        var id = ground.Name();

        var created = await ground.Client.CallAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"Acme & Söhne","plan":"pro"}""");
        var read = await ground.Client.ReadAsync($"/tenants/{id}");

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(created.Body!.ToJsonString(), read.Body!.ToJsonString());
        Assert.Equal(created.Header("ETag"), read.Header("ETag"));
        Assert.Equal("Acme & Söhne", (string?)read.Body["name"]);
        Assert.Equal("active", (string?)read.Body["status"]);
        Assert.Equal("pro", (string?)read.Body["plan"]);
        Assert.Equal("""{"maxConcurrentRuns":5,"maxMonthlyRuns":500,"maxRepos":20,"maxMembers":15,"maxWaitingRuns":0,"shadow":null,"maxPolicies":100,"maxKeys":100,"maxAgents":100,"maxSchedules":100,"until":null}""", read.Body["limits"]!.ToJsonString());
        Assert.Equal(0, (int)read.Body["inFlight"]!);
        Assert.Equal(0, (int)read.Body["runsThisMonth"]!);
        Assert.Null(read.Body["pause"]);
        read.Body["createdAt"].Time();
    }

    [SuiteTheory]
    [InlineData("free", 1, 50, 3, 3, 20, 20, 10, 10)]
    [InlineData("pro", 5, 500, 20, 15, 100, 100, 100, 100)]
    [InlineData("enterprise", 20, 10000, 200, 100, 100, 100, 1000, 1000)]
    public async Task Create_Plan_SetsItsLimits(string plan, int concurrent, int monthly, int repos, int members, int policies, int keys, int agents, int schedules)
    {
        var tenant = await ground.Client.ReadAsync($"/tenants/{await ground.TenantAsync(plan)}");

        Assert.Equal(
            $$"""{"maxConcurrentRuns":{{concurrent}},"maxMonthlyRuns":{{monthly}},"maxRepos":{{repos}},"maxMembers":{{members}},"maxWaitingRuns":0,"shadow":null,"maxPolicies":{{policies}},"maxKeys":{{keys}},"maxAgents":{{agents}},"maxSchedules":{{schedules}},"until":null}""",
            tenant.Body!["limits"]!.ToJsonString());
    }

    [SuiteFact]
    public async Task Create_SameIdTwice_IsAConflict()
    {
        var id = await ground.TenantAsync("free");

        var again = await ground.Client.CallAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"x","plan":"pro"}""");

        Refused.Exactly(409, $$"""{"error":"Tenant already exists","code":"tenant-exists","tenantId":"{{id}}"}""", again);
        Assert.Equal("free", (string?)(await ground.Client.ReadAsync($"/tenants/{id}")).Body!["plan"]);
    }

    [SuiteFact]
    public async Task Create_ManyAtOnceWithOneId_MakesOne()
    {
        var id = ground.Name();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ground.Client.CallAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"x","plan":"pro"}""")));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.Equal(19, replies.Count(reply => reply.Code == "tenant-exists"));
    }

    [SuiteTheory]
    [InlineData("team")]
    [InlineData("Pro")]
    [InlineData("")]
    [InlineData("Free ")]
    public async Task Create_UnknownPlan_IsNeverTakenForAnother(string plan)
    {
        var id = ground.Name();

        var reply = await ground.Client.CallAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"x","plan":"{{plan}}"}""");

        Assert.Equal(400, (int)reply.Status);
        Assert.Equal(plan.Length == 0 ? "invalid-request" : "unknown-plan", reply.Code);
        Assert.Contains("plan", Refused.Paths(reply));
        Refused.With(404, "tenant-not-found", await ground.Client.ReadAsync($"/tenants/{id}"));
    }

    [SuiteTheory]
    [InlineData("a", true)]
    [InlineData("0", true)]
    [InlineData("a-", true)]
    [InlineData("-a", false)]
    [InlineData("", false)]
    [InlineData("A", false)]
    [InlineData("a_b", false)]
    [InlineData("a.b", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("ä", false)]
    [InlineData("a\\n", false)]
    [InlineData("a b", false)]
    [InlineData("!ledger", false)]
    public async Task Create_Id_FollowsItsGrammar(string id, bool isValid)
    {
        var reply = await ground.Client.CallAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"x","plan":"pro"}""");

        // Another test on this service may have made it.
        if (isValid)
            Assert.True((int)reply.Status == 201 || reply.Code == "tenant-exists", reply.Body!.ToJsonString());
        else
            Refused.At(reply, "id");
    }

    [SuiteFact]
    public async Task Create_IdAndNameOfTheLongest_AreTakenAndOneMoreIsNot()
    {
        var id = ground.Name().PadRight(63, 'x');

        Refused.At(await ground.Client.CallAsync("POST", "/tenants", $$"""{"id":"{{id}}x","name":"{{new string('n', 101)}}","plan":"pro"}"""), "id", "name");
        var created = await ground.Client.CallAsync("POST", "/tenants", $$"""{"id":"{{id}}","name":"{{new string('n', 100)}}","plan":"pro"}""");

        Assert.Equal(201, (int)created.Status);
        Assert.Equal(200, (int)(await ground.Client.ReadAsync($"/tenants/{id}")).Status);
    }

    [SuiteFact]
    public async Task Create_EverythingWrong_NamesEverything()
    {
        var reply = await ground.Client.CallAsync("POST", "/tenants", """{"id":"A","name":"","plan":7,"limits":{"maxConcurrentRuns":-1,"maxMonthlyRuns":"x","maxRuns":1},"colour":"red"}""");

        Refused.At(reply, "colour", "id", "limits.maxConcurrentRuns", "limits.maxMonthlyRuns", "limits.maxRuns", "name", "plan");
    }

    [SuiteFact]
    public async Task Update_OverridesAndNull_SetAndClear()
    {
        var tenant = await ground.TenantAsync("pro", """{"maxConcurrentRuns":7,"maxMonthlyRuns":9}""");

        var set = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"maxConcurrentRuns":8}}""");
        var cleared = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"limits":{"maxConcurrentRuns":null}}""");
        var moved = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"plan":"enterprise"}""");

        Assert.Equal(8, (int)set.Body!["limits"]!["maxConcurrentRuns"]!);
        Assert.Equal(9, (int)set.Body["limits"]!["maxMonthlyRuns"]!);
        Assert.Equal(5, (int)cleared.Body!["limits"]!["maxConcurrentRuns"]!);
        Assert.Equal(9, (int)cleared.Body["limits"]!["maxMonthlyRuns"]!);
        Assert.Equal(20, (int)moved.Body!["limits"]!["maxConcurrentRuns"]!);
        Assert.Equal(9, (int)moved.Body["limits"]!["maxMonthlyRuns"]!);
    }

    [SuiteFact]
    public async Task Update_IfMatch_HoldsTheChangeToWhatWasRead()
    {
        var tenant = await ground.TenantAsync("pro");
        var read = await ground.Client.ReadAsync($"/tenants/{tenant}");
        var etag = read.Header("ETag")!;

        var first = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"name":"one"}""", ("If-Match", etag));
        var second = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"name":"two"}""", ("If-Match", etag));
        var star = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"name":"three"}""", ("If-Match", "*"));
        var odd = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"name":"four"}""", ("If-Match", "nonsense"));

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Refused.With(412, "precondition-failed", second);
        Refused.With(412, "precondition-failed", odd);
        Assert.Equal(HttpStatusCode.OK, star.Status);
        Assert.Equal("three", (string?)(await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!["name"]);
        Assert.NotEqual(etag, first.Header("ETag"));
    }

    [SuiteTheory]
    [InlineData("{0}", 200)]
    [InlineData("\"other\", {0}", 200)]
    [InlineData("\"a,b\",{0},\"c\"", 200)]
    [InlineData("W/\"x\", {0}", 200)]
    [InlineData("*", 200)]
    [InlineData("W/{0}", 412)]
    [InlineData("\"other\", W/{0}", 412)]
    [InlineData("\"other\", *", 412)]
    [InlineData("\"other\"", 412)]
    [InlineData("\"{0}\"", 412)]
    [InlineData("", 412)]
    public async Task Update_IfMatchOfManyForms_MatchesWhereOneOfItsTagsDoes(string header, int status)
    {
        var tenant = await ground.TenantAsync("pro");
        var etag = (await ground.Client.ReadAsync($"/tenants/{tenant}")).Header("ETag")!;

        var reply = await ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", """{"name":"new"}""", ("If-Match", header.Replace("{0}", etag, StringComparison.Ordinal)));

        Assert.Equal(status, (int)reply.Status);
    }

    [SuiteFact]
    public async Task Update_ManyAtOnceWithOneETag_OneWins()
    {
        var tenant = await ground.TenantAsync("pro");
        var etag = (await ground.Client.ReadAsync($"/tenants/{tenant}")).Header("ETag")!;

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", $$"""{"name":"n{{i}}"}""", ("If-Match", etag))));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal(19, replies.Count(reply => reply.Code == "precondition-failed"));
    }

    [SuiteTheory]
    [InlineData("{}", 400)]
    [InlineData("""{"plan":"gold"}""", 400)]
    [InlineData("""{"id":"other"}""", 400)]
    [InlineData("""{"status":"active"}""", 400)]
    [InlineData("""{"limits":[]}""", 400)]
    [InlineData("""{"limits":{"maxConcurrentRuns":1.5}}""", 400)]
    [InlineData("""{"limits":{"maxConcurrentRuns":0}}""", 200)]
    public async Task Update_Body_IsHeldToItsFields(string body, int status)
    {
        var reply = await ground.Client.CallAsync("PATCH", $"/tenants/{await ground.TenantAsync()}", body);

        Assert.Equal(status, (int)reply.Status);
        Assert.True(status == 200 || reply.Body!["details"]!.AsArray().Count > 0);
    }

    [SuiteFact]
    public async Task Update_OfSettings_NeverUndoesAPause()
    {
        var tenant = await ground.TenantAsync();
        await ground.Client.PostAsync($"/tenants/{tenant}/pause");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => ground.Client.CallAsync("PATCH", $"/tenants/{tenant}", $$"""{"name":"n{{i}}","plan":"pro"}""")));

        Assert.Equal("paused", (string?)(await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!["status"]);
    }
}
