using System.Diagnostics;
using System.Text;
using Headgate.TestKit;

namespace Headgate.EndToEnd.Tests.Alerts;

/// <summary>Every command that a runbook gives for the service itself is run, as the shell reads it, and done.</summary>
public sealed class RunbookTests : IAsyncLifetime
{
    private const string Here = "On one machine, or against the service itself:";
    private static readonly string s_folder = Path.Combine(FindRoot(), "docs", "runbooks");

    private LocalService _service = null!;
    private int _worlds;

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(s_folder, "*.md").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public async Task InitializeAsync() => _service = await LocalService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Commands_OfAPage_AreDoneByTheEmbeddedHost(string page)
    {
        var commands = Commands(page);
        Assert.NotEmpty(commands);

        foreach (var command in commands)
        {
            var (method, url, body, headers) = await ReadAsync(command, await WorldAsync());
            using var request = new HttpRequestMessage(new HttpMethod(method), url);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
            foreach (var header in headers)
                request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
            using var client = new HttpClient();
            using var response = await client.SendAsync(request);

            Assert.True(response.IsSuccessStatusCode, $"{command}\n{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_OfARule_SaysHowToLookOnOneMachine(string page) =>
        Assert.True(page == "README.md" || File.ReadAllText(Path.Combine(s_folder, page)).Split(Here) is [_, var commands] && commands.Contains("\n```\ncurl ", StringComparison.Ordinal), page);

    private static List<string> Commands(string page) =>
        [.. File.ReadAllText(Path.Combine(s_folder, page)).Replace("\\\n", "", StringComparison.Ordinal).Split('\n').Where(line => line.StartsWith("curl ", StringComparison.Ordinal))];

    /// <summary>What the shell makes of the command: the words that curl would get.</summary>
    private static async Task<(string Method, string Url, string? Body, List<string> Headers)> ReadAsync(string command, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("bash", ["-uc", $"curl() {{ printf '%s\\0' \"$@\"; }}; {command}"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var shell = Process.Start(start)!;
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{command}\n{await errors}");

        var words = (await output).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var (method, url, body, headers) = ("GET", "", (string?)null, new List<string>());
        for (var i = 0; i < words.Length; i++)
        {
            switch (words[i])
            {
                case "-X":
                    method = words[++i];
                    break;
                case "-d":
                    body = words[++i];
                    break;
                case "-H":
                    headers.Add(words[++i]);
                    break;
                case "-o" or "-w" or "--max-time":
                    i++;
                    break;
                case "-s" or "-i":
                    break;
                default:
                    Assert.Empty(url);
                    url = words[i];
                    break;
            }
        }

        return (method, url, body, headers);
    }

    /// <summary>A tenant, a running task, a dead letter, a held resource and a quarantined agent, that no command has touched yet.</summary>
    private async Task<Dictionary<string, string>> WorldAsync()
    {
        var (client, tenant) = (_service.Client, $"t{++_worlds}");
        await client.CreateTenantAsync(tenant);
        var agent = await Agent.RegisterAsync(client, _service.NewClient, "agent", tenant: tenant);
        var first = (await client.SubmitAsync(tenant)).RunId;
        var failed = await agent.ClaimOneAsync();
        var result = Agent.Result(failed, "failure", "denied");
        result["errorCategory"] = "auth";
        _ = (await agent.Client.PostAsync($"/agents/{agent.Id}/task-results", result)).Done;
        await client.EndAsync(tenant, first);
        var replay = (await client.CallAsync("POST", $"/tenants/{tenant}/dead-letters/replay", """{"category":"network"}""")).Done;
        var letters = (await client.ReadAsync($"/tenants/{tenant}/dead-letters")).Done["items"]!.AsArray();
        var run = (await client.SubmitAsync(tenant)).RunId;
        var task = await agent.ClaimOneAsync();
        _ = (await client.CallAsync("POST", $"/tenants/{tenant}/resources/main/hold", """{"reason":"test"}""")).Done;
        _ = (await client.CallAsync("POST", $"/agents/{agent.Id}/quarantine", """{"reason":"test"}""")).Done;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HEADGATE"] = _service.Server.Address,
            ["OPERATOR"] = $"Authorization: Bearer {_service.Server.OperatorKey.Text}",
            ["TENANT"] = tenant,
            ["RUN"] = run,
            ["TASK"] = (string)task["taskId"]!,
            ["AGENT"] = agent.Id,
            ["DEAD_LETTER"] = (string)Assert.Single(letters)!["id"]!,
            ["REPLAY"] = (string)replay["replayId"]!,
            ["ALERT"] = "resource-held",
        };
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("Serverless.sln stands in no folder above the test's own.");
    }
}
