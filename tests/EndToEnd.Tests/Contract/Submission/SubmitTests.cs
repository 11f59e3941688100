using System.Net;
using System.Text.Json.Nodes;
using Headgate.EndToEnd.Tests.Contract.Kit;

namespace Headgate.EndToEnd.Tests.Contract.Submission;

public class SubmitTests(ContractHost ground) : IClassFixture<ContractHost>
{
    [SuiteFact]
    public async Task Submit_Admitted_AnswersAsTheContractSays()
    {
        var tenant = await ground.TenantAsync("pro");

        var reply = await ground.Client.SubmitAsync(tenant);

        Assert.Equal(HttpStatusCode.Accepted, reply.Status);
        Assert.Equal(["runId", "status", "inFlight", "limit", "links", "requestId"], reply.Body.Fields());
        Assert.Equal("pending", (string?)reply.Body!["status"]);
        Assert.Equal((1, 5), ((int)reply.Body["inFlight"]!, (int)reply.Body["limit"]!));
        var self = $"/tenants/{tenant}/runs/{reply.RunId}";
        Assert.Equal($$"""{"self":"{{self}}","timeline":"{{self}}/timeline","cancel":"{{self}}/cancel","explain":"{{self}}/explain","events":"{{self}}/events"}""", reply.Body["links"]!.ToJsonString());
        Assert.Equal(reply.Header("X-Request-Id"), (string?)reply.Body["requestId"]);
        Assert.Null(reply.Header("Idempotency-Replayed"));
    }

    [SuiteFact]
    public async Task Submit_EveryField_IsKept()
    {
        var tenant = await ground.TenantAsync();

        var run = await ground.Client.RunAsync(tenant, (await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs", """
            {"name":"nightly ☾","priority":"high","metadata":{"ticket":7,"deep":{"a":[null,true]}},
             "tasks":[{"name":"backup","type":"backup","needs":[],"labels":{"os":"linux"},"timeoutSeconds":86400,"policy":"default","maxRetries":0,"payload":{"a":1}},
                      {"name":"check","type":"check","needs":["backup"],"agent":null,"labels":null,"payload":null}]}
            """)).RunId);

        Assert.Equal("nightly ☾", (string?)run["name"]);
        Assert.Equal("high", (string?)run["priority"]);
        Assert.Equal("""{"ticket":7,"deep":{"a":[null,true]}}""", run["metadata"]!.ToJsonString());
        Assert.Equal(["backup", "check"], run["tasks"]!.AsArray().Select(task => (string)task!["name"]!));
        Assert.Equal("""["backup"]""", run.TaskOf("check")["needs"]!.ToJsonString());
        Assert.Equal(3, (int)run.TaskOf("check")["maxRetries"]!);
    }

    public static TheoryData<string, string> WrongTasks { get; } = new()
    {
        { """{"name":""}""", "tasks[0].name" },
        { """{"name":"-a"}""", "tasks[0].name" },
        { """{"name":"a.b"}""", "tasks[0].name" },
        { """{"name":"a/b"}""", "tasks[0].name" },
        { """{"name":"a\u0000"}""", "tasks[0].name" },
        { """{"name":"ä"}""", "tasks[0].name" },
        { """{"name":null}""", "tasks[0].name" },
        { """{"type":"Noop"}""", "tasks[0].type" },
        { """{"type":"1a"}""", "tasks[0].type" },
        { """{"type":"a_b"}""", "tasks[0].type" },
        { """{"type":""}""", "tasks[0].type" },
        { """{"type":7}""", "tasks[0].type" },
        { """{"timeoutSeconds":0}""", "tasks[0].timeoutSeconds" },
        { """{"timeoutSeconds":86401}""", "tasks[0].timeoutSeconds" },
        { """{"maxRetries":21}""", "tasks[0].maxRetries" },
        { """{"maxRetries":-1}""", "tasks[0].maxRetries" },
        { """{"policy":"none"}""", "tasks[0].policy" },
        { """{"policy":"a b"}""", "tasks[0].policy" },
        { """{"agent":""}""", "tasks[0].agent" },
        { """{"agent":"../x"}""", "tasks[0].agent" },
        { """{"agent":"a/b"}""", "tasks[0].agent" },
        { """{"agent":"!agent"}""", "tasks[0].agent" },
        { """{"agent":"a\u0001"}""", "tasks[0].agent" },
        { """{"labels":[]}""", "tasks[0].labels" },
        { """{"labels":{"os":7}}""", "tasks[0].labels.os" },
        { """{"labels":{"os":"a\u0007"}}""", "tasks[0].labels.os" },
        { """{"needs":"a"}""", "tasks[0].needs" },
        { """{"needs":["one"]}""", "tasks" },
        { """{"needs":["none"]}""", "tasks[0].needs[0]" },
        { """{"needs":[7]}""", "tasks[0].needs[0]" },
    };

    [SuiteTheory, MemberData(nameof(WrongTasks))]
    public async Task Submit_WrongTask_IsRefusedAtItsFieldAndCountsNothing(string fields, string path)
    {
        var tenant = await ground.TenantAsync();

        Refused.At(await ground.Client.SubmitAsync(tenant, RunKit.With(fields)), path);

        var read = (await ground.Client.ReadAsync($"/tenants/{tenant}")).Body!;
        Assert.Equal((0, 0), ((int)read["inFlight"]!, (int)read["runsThisMonth"]!));
        Assert.Empty((await ground.Client.ReadAsync($"/tenants/{tenant}/runs")).Body!["items"]!.AsArray());
    }

    [SuiteTheory]
    [InlineData("""{"name":"x"}""", "tasks")]
    [InlineData("""{"name":"x","tasks":[]}""", "tasks")]
    [InlineData("""{"name":"x","tasks":{}}""", "tasks")]
    [InlineData("""{"name":"x","tasks":[7]}""", "tasks[0]")]
    [InlineData("""{"name":"x","priority":"urgent","tasks":[{"name":"a","type":"noop"}]}""", "priority")]
    [InlineData("""{"name":"x","metadata":[],"tasks":[{"name":"a","type":"noop"}]}""", "metadata")]
    [InlineData("""{"name":"a\nb","tasks":[{"name":"a","type":"noop"}]}""", "name")]
    [InlineData("""{"name":"x","tasks":[{"name":"a","type":"noop"},{"name":"a","type":"noop"}]}""", "tasks[1].name")]
    [InlineData("""{"name":"x","tasks":[{"name":"a","type":"noop","needs":["b","b"]},{"name":"b","type":"noop"}]}""", "tasks[0].needs[1]")]
    [InlineData("""{"name":"x","tasks":[{"name":"a","type":"noop","needs":["b"]},{"name":"b","type":"noop","needs":["c"]},{"name":"c","type":"noop","needs":["a"]}]}""", "tasks")]
    [InlineData("""{"name":"","tasks":[{"type":"noop","timeoutSeconds":0,"labels":{"a":1}},{"name":"b","type":"?","needs":["c"],"oops":1}],"x":1}""", "name", "tasks[0].labels.a", "tasks[0].name", "tasks[0].timeoutSeconds", "tasks[1].needs[0]", "tasks[1].oops", "tasks[1].type", "x")]
    public async Task Submit_WrongRun_IsRefusedWithEveryProblem(string body, params string[] paths)
    {
        var tenant = await ground.TenantAsync();

        var reply = await ground.Client.CallAsync("POST", $"/tenants/{tenant}/runs", body);

        Refused.At(reply, paths);
        Assert.Equal(0, await ground.Client.InFlightAsync(tenant));
    }

    [SuiteFact]
    public async Task Submit_CycleBesideADanglingNeed_NamesBothAndWhoIsMeant()
    {
        var tenant = await ground.TenantAsync();

        var reply = await ground.Client.SubmitAsync(tenant, Bodies.Run(Bodies.Task("a", needs: "b"), Bodies.Task("b", needs: "a"), Bodies.Task("build"), Bodies.Task("ship", needs: "biuld")));

        Refused.At(reply, "tasks", "tasks[3].needs[0]");
        Assert.Contains("'build'", Refused.Message(reply, "tasks[3].needs[0]"), StringComparison.Ordinal);
        Assert.Contains("a, b", Refused.Message(reply, "tasks"), StringComparison.Ordinal);
    }

    [SuiteFact]
    public async Task Submit_TwoNamelessTasks_AreNotSaidToShareAName()
    {
        var reply = await ground.Client.CallAsync("POST", $"/tenants/{await ground.TenantAsync()}/runs", """{"name":"x","tasks":[{"type":"noop"},{"type":"noop"}]}""");

        Refused.At(reply, "tasks[0].name", "tasks[1].name");
        Assert.Equal("is required", Refused.Message(reply, "tasks[1].name"));
    }

    [SuiteFact]
    public async Task Submit_LimitsOfTheGrammar_AreInside()
    {
        var tenant = await ground.TenantAsync();
        var labels = new JsonObject([.. Enumerable.Range(0, 20).Select(i => KeyValuePair.Create<string, JsonNode?>($"{i:00}".PadRight(63, 'k'), new string('v', 128)))]);
        var task = RunKit.With($$$"""{"name":"{{{new string('n', 64)}}}","type":"{{{new string('t', 32)}}}","timeoutSeconds":1,"maxRetries":20}""");
        task["name"] = new string('r', 100);
        task["tasks"]![0]!["labels"] = labels;

        Assert.Equal(202, (int)(await ground.Client.SubmitAsync(tenant, task)).Status);
    }

    [SuiteFact]
    public async Task Submit_OneBeyondTheLimitsOfTheGrammar_IsOutside()
    {
        var tenant = await ground.TenantAsync();
        var labels = new JsonObject([.. Enumerable.Range(0, 21).Select(i => KeyValuePair.Create<string, JsonNode?>($"l{i}", "v"))]);
        var many = Bodies.OneTask();
        many["tasks"]![0]!["labels"] = labels;
        var run = RunKit.With($$$"""{"name":"{{{new string('n', 65)}}}","type":"{{{new string('t', 33)}}}","labels":{"{{{new string('k', 64)}}}":"v","k":"{{{new string('v', 129)}}}"}}""");
        run["name"] = new string('r', 101);

        Refused.At(await ground.Client.SubmitAsync(tenant, many), "tasks[0].labels");
        var reply = await ground.Client.SubmitAsync(tenant, run);

        Refused.With(400, "invalid-request", reply);
        Assert.Equal(5, Refused.Paths(reply).Length);
    }

    [SuiteTheory]
    [InlineData(200, 202)]
    [InlineData(201, 400)]
    public async Task Submit_Tasks_MayBe200(int count, int status)
    {
        var tasks = Enumerable.Range(0, count).Select(i => Bodies.Task($"t{i}", needs: i == 0 ? [] : [$"t{i - 1}"])).ToArray<JsonNode>();

        var reply = await ground.Client.SubmitAsync(await ground.TenantAsync(), Bodies.Run(tasks));

        Assert.Equal(status, (int)reply.Status);
        if (status == 400)
            Assert.Contains("tasks", Refused.Paths(reply));
    }

    [SuiteTheory]
    [InlineData(32 * 1024, 202)]
    [InlineData((32 * 1024) + 1, 400)]
    public async Task Submit_Payload_MayBe32KiB(int bytes, int status)
    {
        var payload = new string('p', bytes - 2);

        var reply = await ground.Client.SubmitAsync(await ground.TenantAsync(), RunKit.With($$"""{"payload":"{{payload}}"}"""));

        Assert.Equal(status, (int)reply.Status);
        if (status == 400)
            Refused.At(reply, "tasks[0].payload");
    }
}
