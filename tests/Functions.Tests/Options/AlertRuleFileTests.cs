using System.Text;
using Headgate.Core.Alerts;
using Headgate.Core.Validation;
using Headgate.Functions.Options;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Headgate.Functions.Tests.Options;

public sealed class AlertRuleFileTests
{
    private const string Good = """
        { "$schema": "./alert-rules.schema.json", "rules": [ {
          "id": "tasks-many", "title": "Many tasks", "signal": { "source": "gauge", "instrument": "headgate.queue.depth", "labels": { "queue": "tasks" } },
          "app": { "clearAt": 80, "noData": "keep" }, "operator": ">", "threshold": 100, "windowMinutes": 1, "forMinutes": 5,
          "severity": "warning", "description": "Tasks pile up.", "runbook": "tasks-many.md" } ] }
        """;

    [Fact]
    public void OfTheApp_EveryRule_IsEvaluatedOrSaysWhyNot()
    {
        var rules = AlertRuleFile.OfTheApp();

        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.NotEqual(rule.Rule is null, rule.NotMeasured is null));
        Assert.Equal(["unavailable", "log-cap-reached"], rules.Where(rule => rule.Rule is null).Select(rule => rule.Id));
        Assert.All(rules.Where(rule => rule.Rule is not null), rule => Assert.NotNull(rule.Signal));
    }

    [Fact]
    public void Read_Good_IsTheRule()
    {
        var rule = Assert.Single(Read(Good).Rules);

        Assert.Equal(new AlertRule("tasks-many", AlertAggregation.Greatest, 100, 80, 1, 5), rule.Rule);
        Assert.Equal("docs/runbooks/tasks-many.md", rule.RunbookPath);
    }

    [Theory]
    [InlineData("\"severity\": ", "\"severty\": ", "tasks-many.severity: is missing", "tasks-many.severty: is unknown; did you mean 'severity'?")]
    [InlineData(", \"runbook\": \"tasks-many.md\"", "", "tasks-many.runbook: is missing")]
    [InlineData("tasks-many.md", "tasks-many.txt", "tasks-many.runbook: must be a file name of a-z, 0-9 and - that ends in .md")]
    [InlineData("\"threshold\": 100", "\"threshold\": -100", "tasks-many.threshold: must be 0 or more: the rules fire above it", "tasks-many.app.clearAt: must be at most the threshold (0)")]
    [InlineData("\"clearAt\": 80", "\"clearAt\": -1", "tasks-many.app.clearAt: must be 0 or more")]
    [InlineData("\"clearAt\": 80", "\"clearAt\": 101", "tasks-many.app.clearAt: must be at most the threshold (100)")]
    [InlineData("\"noData\": \"keep\"", "\"noData\": \"kept\"", "tasks-many.app.noData: must be one of keep, clear, fire")]
    [InlineData("\"operator\": \">\"", "\"operator\": \"<\"", "tasks-many.operator: must be one of >")]
    [InlineData("\"windowMinutes\": 1", "\"windowMinutes\": 15", "tasks-many.forMinutes: must be a multiple of windowMinutes")]
    [InlineData("\"source\": \"gauge\"", "\"source\": \"guage\"", "tasks-many.signal.source: must be one of queue, gauge, counter, ratio, requests, availability, workspace", null)]
    [InlineData("\"source\": \"gauge\", \"instrument\": \"headgate.queue.depth\", \"labels\": { \"queue\": \"tasks\" }", "\"source\": \"availability\", \"labels\": {}", "tasks-many.app: must say why it is not measured: the app has no instrument for such a signal")]
    [InlineData("\"id\": \"tasks-many\"", "\"id\": \"Tasks!\"", "rules[0].id: must be 3 to 41 of a-z, 0-9 and -, a letter first")]
    [InlineData("\"rules\": [", "\"rule\": [", "rules: is missing", "rule: is unknown; did you mean 'rules'?")]
    [InlineData("headgate.queue.depth", "headgate.queue.dept", "tasks-many.signal.instrument: is unknown; did you mean 'headgate.queue.depth'?")]
    [InlineData("headgate.queue.depth", "disk.free", "tasks-many.signal.instrument: is no instrument of the app")]
    [InlineData("headgate.queue.depth", "headgate.retries", "tasks-many.signal.instrument: is a counter, not a gauge")]
    [InlineData("{ \"queue\": \"tasks\" }", "{ \"quue\": \"tasks\" }", "tasks-many.signal.labels.quue: is unknown; did you mean 'queue'?")]
    [InlineData("{ \"queue\": \"tasks\" }", "{ \"tenant\": \"acme\" }", "tasks-many.signal.labels.tenant: is unknown; its labels are queue, state")]
    [InlineData("headgate.queue.depth", "headgate.resources.held", "tasks-many.signal.labels.queue: is unknown; there are no labels here")]
    [InlineData("\"source\": \"gauge\", \"instrument\": \"headgate.queue.depth\"", "\"source\": \"ratio\", \"minimumCount\": 1, \"instrument\": \"headgate.retries\", \"per\": \"headgate.attempt\"", "tasks-many.signal.per: is unknown; did you mean 'headgate.attempts'?")]
    [InlineData("\"source\": \"gauge\", \"instrument\": \"headgate.queue.depth\"", "\"source\": \"requests\", \"measure\": \"p95-seconds\", \"minimumCount\": 1, \"instrument\": \"headgate.run.duration\"", "tasks-many.signal.instrument: must be http.server.request.duration")]
    [InlineData("\"source\": \"gauge\", \"instrument\": \"headgate.queue.depth\"", "\"source\": \"requests\", \"measure\": \"p95-seconds\", \"minimumCount\": 1, \"instrument\": \"http.server.request.duration\"", "tasks-many.signal.labels.queue: is unknown; there are no labels here")]
    [InlineData("{ \"$schema\"", "{ \"title\": 1, \"$schema\"", "title: is unknown")]
    public void Read_SomethingWrong_IsNamed(string from, string to, params string?[] expected)
    {
        Assert.Contains(from, Good, StringComparison.Ordinal);

        var (rules, problems) = Read(Good.Replace(from, to, StringComparison.Ordinal));

        foreach (var problem in expected.OfType<string>())
            Assert.Contains(problem, problems);
        Assert.True(rules.Count == 0 || problems.Count > 0);
    }

    [Fact]
    public void Read_SeveralWrongRules_EveryProblemAtOnce()
    {
        var rule = Good[Good.IndexOf("[ {", StringComparison.Ordinal)..Good.LastIndexOf(" ]", StringComparison.Ordinal)][2..];
        var (_, problems) = Read($$"""{ "rules": [ {{rule}}, {{rule}}, 7, {{rule.Replace("warning", "loud", StringComparison.Ordinal)}} ] }""");

        Assert.Contains("tasks-many: is the id of more than one rule", problems);
        Assert.Contains("rules[2]: must be an object", problems);
        Assert.Contains("tasks-many.severity: must be one of critical, error, warning, info", problems);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{ \"rules\": [], \"rules\": [] }")]
    [InlineData("[]")]
    [InlineData("{ \"rules\": [] }")]
    public void Read_NoRulesFile_IsAProblem(string text) => Assert.NotEmpty(Read(text).Problems);

    [Fact]
    public void Settings_FileThatIsWrongOrMissing_AreProblemsOfTheStart()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Good.Replace("\"threshold\": 100", "\"threshold\": -1", StringComparison.Ordinal));
            var wrong = Refused(("Headgate:Alerts:RulesFile", path));
            Assert.Contains(wrong, problem => problem.Contains("tasks-many.threshold", StringComparison.Ordinal));
            File.WriteAllText(path, Good);
            Assert.Equal("tasks-many", Assert.Single(Options(("Headgate:Alerts:RulesFile", path)).Alerts.Rules).Id);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains(Refused(("Headgate:Alerts:RulesFile", path)), problem => problem.Contains("can't be read", StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_Receivers_AreReadByName()
    {
        var options = Options(
            ("Headgate:Notifications:oncall:Url", "https://hooks.example.org/abc"),
            ("Headgate:Notifications:oncall:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("Headgate:Notifications:desk:Url", "http://127.0.0.1:9/"),
            ("Headgate:Notifications:desk:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("Headgate:Notifications:desk:AllowPrivate", "true"));

        Assert.Equal([("desk", true), ("oncall", false)], options.Alerts.Receivers.Select(receiver => (receiver.Name, receiver.AllowPrivate)));
        Assert.Same(AlertOptions.Default.Rules, options.Alerts.Rules);
    }

    [Theory]
    [InlineData("Url", "http://hooks.example.org/", "must be an https address")]
    [InlineData("Url", "/hooks", "must be an https address")]
    [InlineData("Url", "https://user:geheim-0@example.org/", "must not hold a user or password")]
    [InlineData("Secret", "geheim-0", "must be 'whsec_' and 24 to 64 bytes in base64")]
    [InlineData("Secret", "whsec_Z2VoZWltLTA=", "must be 'whsec_' and 24 to 64 bytes in base64")]
    [InlineData("AllowPrivate", "maybe", "must be true or false")]
    [InlineData("Ulr", "x", "is unknown; did you mean 'Headgate:Notifications:oncall:Url'?")]
    public void Settings_ReceiverThatIsWrong_IsNamedWithoutItsSecret(string setting, string value, string expected)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Headgate:Notifications:oncall:Url"] = "https://hooks.example.org/abc",
            ["Headgate:Notifications:oncall:Secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            [$"Headgate:Notifications:oncall:{setting}"] = value,
        };

        var problems = Refused([.. settings.Select(pair => (pair.Key, pair.Value!))]);

        var problem = Assert.Single(problems);
        Assert.StartsWith($"Headgate:Notifications:oncall:{setting}", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_MoreReceiversThanAllowed_IsAProblem() =>
        Assert.Contains(
            Refused([.. Enumerable.Range(0, 6).SelectMany(i => new[]
            {
                ($"Headgate:Notifications:r{i}:Url", "https://hooks.example.org/"),
                ($"Headgate:Notifications:r{i}:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            })]),
            problem => problem.Contains("must name at most 5 receivers, not 6", StringComparison.Ordinal));

    private static (IReadOnlyList<AlertDefinition> Rules, IReadOnlyList<string> Problems) Read(string text)
    {
        var problems = new Problems();
        var rules = AlertRuleFile.Read(Encoding.UTF8.GetBytes(text), problems);
        return (rules, [.. problems.Items.Select(problem => problem.ToString())]);
    }

    private static HeadgateOptions Options(params (string Name, string Value)[] settings) =>
        OptionsRules.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build());

    private static IReadOnlyList<string> Refused(params (string Name, string Value)[] settings) =>
        [.. Assert.Throws<InvalidSettingsException>(() => Options(settings)).Problems.Select(problem => problem.ToString())];
}
