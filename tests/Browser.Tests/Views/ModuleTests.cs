using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Browser.Tests.Support;

namespace Headgate.Browser.Tests.Views;

/// <summary>Modules that compute and draw nothing, called in the browser that they are for.</summary>
public sealed class ModuleTests(ModuleTests.OnePage page) : IClassFixture<ModuleTests.OnePage>
{
    private const string Of = "import(document.querySelector('script[type=module]').src.replace('app/main.js', 'app/' + name))";

    /// <summary>A stream is cut anywhere: within a line, between the two halves of its end.</summary>
    [BrowserFact]
    public async Task EventParser_TextCutAnywhere_GivesTheSameEvents()
    {
        const string Stream = "retry: 2000\n\n: still here\n\nevent: run\nid: 7\ndata: {\"a\":1}\r\n\r\nevent: task\ndata: one\ndata:two\n\ndata: \u202E\n\nevent: left\ndata: open";
        var results = await EvaluateAsync(
            "data/events.js",
            """
            (module, text) => Array.from({ length: text.length }, (_, cut) => {
              const events = [];
              const take = module.eventParser((event) => events.push([event.kind, event.data, event.id]));
              take(text.slice(0, cut));
              take(text.slice(cut));
              return JSON.stringify(events);
            })
            """,
            Stream);

        Assert.Equal("""[["run","{\"a\":1}","7"],["task","one\ntwo","7"],["message","RLO","7"]]""", Assert.Single(results.EnumerateArray().Select(each => each.GetString()!.Replace("\u202E", "RLO", StringComparison.Ordinal)).Distinct()));
    }

    /// <summary>What can't be seen is written as C# does: names of tests have no room for it.</summary>
    [BrowserTheory]
    [InlineData("plain text", "plain text")]
    [InlineData(@"a\u0000b\u001b[31m", "a⟨U+0000⟩b⟨U+001B⟩[31m")]
    [InlineData(@"\u202Egnp.exe\u2066", "⟨U+202E⟩gnp.exe⟨U+2066⟩")]
    [InlineData("שלום 👋", "שלום 👋")]
    public async Task Visible_OfAnyText_HidesNothing(string text, string shown) =>
        Assert.Equal(shown, (await EvaluateAsync("text.js", "(module, text) => module.visible(text)", Regex.Unescape(text))).GetString());

    [BrowserTheory]
    [InlineData("0.0421", "42 ms")]
    [InlineData("9.99", "9.9 s")]
    [InlineData("59.9", "59 s")]
    [InlineData("61", "1 m 01 s")]
    [InlineData("3600", "1 h 00 m")]
    [InlineData("90000", "1 d 01 h")]
    [InlineData("-3", "0 ms")]
    public async Task Duration_OfSeconds_IsReadAtAGlance(string seconds, string shown) =>
        Assert.Equal(shown, (await EvaluateAsync("text.js", "(module, seconds) => module.duration(Number(seconds))", seconds)).GetString());

    /// <summary>An attempt lasts until its result, a wait until the next attempt; what is open lasts until now.</summary>
    [BrowserFact]
    public async Task Spans_OfATask_AreItsAttemptsAndTheWaitsBetween()
    {
        const string Task = """
            {"status":"backoff","nextRetryAt":"2026-01-01T00:01:00Z","attempts":[
              {"attempt":2,"agentId":"b","startedAt":"2026-01-01T00:00:20Z","finishedAt":"2026-01-01T00:00:30Z","outcome":"failure","errorCategory":"network"},
              {"attempt":1,"agentId":"a","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:05Z","outcome":"failure","errorCategory":"network"}]}
            """;
        var spans = await EvaluateAsync(
            "views/run/spans.js",
            "(module, task) => module.spansOf(JSON.parse(task), Date.parse('2026-01-01T00:00:40Z')).map((span) => `${span.kind} ${(span.to - span.from) / 1000}${span.isOpen ? ' open' : ''}`)",
            Task);

        Assert.Equal(["attempt 5", "backoff 15", "attempt 10", "backoff 30 open"], spans.EnumerateArray().Select(each => each.GetString()));
    }

    /// <summary>A task waits for an agent from the end of the last task that it needs; one without needs from the start of the run.</summary>
    [BrowserTheory]
    [InlineData("free", "0")]
    [InlineData("next", "9")]
    [InlineData("last", "null")]
    public async Task ReadyAt_ByWhatATaskNeeds_IsWhenTheLastOfThemEnded(string name, string seconds)
    {
        const string Tasks = """
            [{"name":"free","status":"completed","needs":[],"attempts":[{"finishedAt":"2026-01-01T00:00:05Z"},{"finishedAt":"2026-01-01T00:00:09Z"}]},
             {"name":"carried","status":"completed","needs":[],"attempts":[]},
             {"name":"next","status":"running","needs":["free","carried"],"attempts":[{"finishedAt":null}]},
             {"name":"last","status":"waiting","needs":["free","next"],"attempts":[]}]
            """;
        var ready = await EvaluateAsync(
            "views/run/spans.js",
            $$"""
            (module, text) => {
              const tasks = new Map(JSON.parse(text).map((task) => [task.name, task]));
              const at = module.readyAt(tasks.get('{{name}}'), tasks, '2026-01-01T00:00:00Z');
              return String(at === null ? null : (at - Date.parse('2026-01-01T00:00:00Z')) / 1000);
            }
            """,
            Tasks);

        Assert.Equal(seconds, ready.GetString());
    }

    [BrowserFact]
    public async Task Markdown_OfEveryRunbook_LeavesNoMarksBehind()
    {
        foreach (var file in Directory.EnumerateFiles(RepositoryFiles.At("docs/runbooks"), "*.md"))
        {
            var left = await EvaluateAsync(
                "data/markdown.js",
                """
                (module, text) => module.blocks(text).filter((block) => block.kind !== 'code')
                  .flatMap((block) => [block.text, ...(block.items ?? []), ...(block.head ?? []), ...(block.rows ?? []).flat()]).filter(Boolean)
                  .flatMap((text) => module.inline(text)).filter((part) => part.kind === 'text' && /^#|\*\*|`|^[-*] |\]\(/.test(part.text)).map((part) => part.text)
                """,
                await File.ReadAllTextAsync(file));

            Assert.Empty(left.EnumerateArray().Select(each => $"{Path.GetFileName(file)}: {each}"));
        }
    }

    private async Task<JsonElement> EvaluateAsync(string module, string code, string argument) =>
        (await page.Visit.Page.EvaluateAsync($"async ([name, argument]) => ({code})(await {Of}, argument)", new[] { module, argument }))!.Value;

    /// <summary>The page that the modules are called in.</summary>
    public sealed class OnePage : IAsyncLifetime
    {
        private readonly Stage _stage = new();

        public Visit Visit { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await _stage.InitializeAsync();
            if (Chromium.Missing is not null)
                return;
            Visit = await _stage.VisitAsync();
            await Visit.OpenAsync();
        }

        public async Task DisposeAsync()
        {
            if (Visit is not null)
                await Visit.DisposeAsync();
            await _stage.DisposeAsync();
        }
    }
}
