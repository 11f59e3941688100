using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Running;

public sealed class CommandLineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_RightConfiguration_SaysWhatItWillDo()
    {
        _folder.Write("agent.yaml", "{ service: http://localhost:5000, name: box, tenant: acme, capabilities: [noop] }");

        Assert.Equal((0, "right: box for http://localhost:5000/, takes noop\n", ""), await InvokeAsync([], "check", "--config", _folder.At("agent.yaml")));
    }

    [Fact]
    public async Task Check_WrongConfiguration_ListsEverythingAndEndsWithTwo()
    {
        _folder.Write("agent.yaml", "{ servce: http://localhost, outputLimitBytes: 1 }");

        Assert.Equal(
            (2, "",
                """
                servce: is not a setting; did you mean service?
                service: is required: the address of the service, such as https://headgate.example.com
                outputLimitBytes: must be a whole number from 256 to 65536, not '1'

                """),
            await InvokeAsync([], "check", "--config", _folder.At("agent.yaml")));
    }

    [Fact]
    public async Task Check_NoSuchFile_EndsWithTwo() =>
        Assert.Equal(2, (await InvokeAsync([], "check", "--service", "http://localhost", "--config", _folder.At("none.yaml"))).Code);

    [Fact]
    public async Task Invoke_UnknownFlag_EndsWithTwo() => Assert.Equal(2, (await InvokeAsync([], "run", "--nope")).Code);

    [Fact]
    public async Task Register_Operator_KeepsIdAndKeyAndSendsOnlyTypesItMayTake()
    {
        await using var service = await FakeService.StartAsync();
        _folder.Write("agent.yaml", $"{{ service: '{service.Address}', name: box, labels: {{ os: linux }}, capabilities: {{ command: {{}}, noop: {{ shared: true }} }} }}");

        var (code, output, error) = await InvokeAsync(new() { ["HEADGATE_AGENT_OPERATOR_KEY"] = "operator" }, "register", "--config", _folder.At("agent.yaml"));

        Assert.Equal((0, $"agentId: agent-1\nkeyFile: {_folder.At("state/agent.key")}\n", ""), (code, output, error));
        var sent = service.Registrations.Single();
        Assert.Equal(("box", null, "linux"), (sent.Name, sent.TenantId, sent.Labels!["os"]));
        Assert.Equal(["noop"], sent.Capabilities);
        Assert.Equal("hg_new_key\n", await File.ReadAllTextAsync(_folder.At("state/agent.key")));
        Assert.Equal("agent-1\n", await File.ReadAllTextAsync(_folder.At("state/agent.id")));
    }

    [Fact]
    public async Task Register_KnownAgentWhoseKeyIsNotHere_SaysWhatToDo()
    {
        await using var service = await FakeService.StartAsync();
        service.RegistrationKey = null;

        var (code, _, error) = await InvokeAsync(new() { ["HEADGATE_AGENT_OPERATOR_KEY"] = "operator" }, "register", "--service", service.Address, "--state-directory", _folder.At("state"));

        Assert.Equal(ExitCode.RegistrationFailed, code);
        Assert.Contains("delete the agent, then register again", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_NotAllowed_EndsWithItsOwnExitCode()
    {
        await using var service = await FakeService.StartAsync();
        var key = _folder.Write("operator.key", "someone\n");

        var (code, _, error) = await InvokeAsync([], "register", "--service", service.Address, "--state-directory", _folder.At("state"), "--operator-key-file", key);

        Assert.Equal(ExitCode.NotAuthorised, code);
        Assert.Contains("code=insufficient-permission", error, StringComparison.Ordinal);
        Assert.DoesNotContain("someone", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state", "state/agent.key")]
    [InlineData("here", "key/agent.key")]
    public async Task Register_IdOrKeyCanNotBeKept_AsksNothingAndCanBeRepeated(string state, string key)
    {
        await using var service = await FakeService.StartAsync();
        string[] arguments = ["register", "--service", service.Address, "--state-directory", _folder.At(state), "--key-file", _folder.At(key)];
        Dictionary<string, string> environment = new() { ["HEADGATE_AGENT_OPERATOR_KEY"] = "operator" };
        // A file where a folder must be made: that stops root too.
        var obstacle = _folder.Write(Path.GetDirectoryName(key)!, "");

        var (code, _, error) = await InvokeAsync(environment, arguments);
        Assert.Equal((ExitCode.StateUnavailable, 0), (code, service.Registrations.Count));
        Assert.Contains("nothing was registered", error, StringComparison.Ordinal);
        File.Delete(obstacle);

        Assert.Equal(0, (await InvokeAsync(environment, arguments)).Code);
        Assert.Equal("hg_new_key\n", await File.ReadAllTextAsync(_folder.At(key)));
        Assert.Equal(["agent.id", "agent.key"], Directory.GetFiles(_folder.Path, "agent.*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Register_AFolderLiesWhereTheKeyGoes_AsksNothing()
    {
        await using var service = await FakeService.StartAsync();

        var (code, _, _) = await InvokeAsync(
            new() { ["HEADGATE_AGENT_OPERATOR_KEY"] = "operator" }, "register", "--service", service.Address, "--state-directory", _folder.At("state"), "--key-file", _folder.Folder("state/agent.key"));

        Assert.Equal((ExitCode.StateUnavailable, 0), (code, service.Registrations.Count));
    }

    [Fact]
    public async Task Register_NoKeyGiven_EndsWithTwo() =>
        Assert.Equal(2, (await InvokeAsync([], "register", "--service", "http://localhost")).Code);

    private static async Task<(int Code, string Output, string Error)> InvokeAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new CommandLine(environment, output, error, TimeProvider.System).InvokeAsync(arguments);
        return (code, output.ToString(), error.ToString());
    }
}
