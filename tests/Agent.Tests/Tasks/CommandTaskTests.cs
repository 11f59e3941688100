using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Tasks;

public sealed class CommandTaskTests : IDisposable
{
    private static readonly string[] ShellAllowed = ["allowedPrograms: [/bin/sh]"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_Succeeds_ReportsOutputAndExitCode()
    {
        var result = await Given.ResultOfAsync(_folder, Given.Script("cat; echo out; echo err >&2"), ShellAllowed);

        Assert.Equal(("success", 0, null, null), (result.Status, result.ExitCode, result.ErrorCategory, result.ErrorMessage));
        Assert.Contains("out\n", result.Log, StringComparison.Ordinal);
        Assert.Contains("err\n", result.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Stdin_ReachesTheProgram()
    {
        var task = Given.Task("command", new { argv = new[] { "/bin/sh", "-c", "cat" }, stdin = "größer" });

        Assert.Equal("größer", (await Given.ResultOfAsync(_folder, task, ShellAllowed)).Log);
    }

    [Fact]
    public async Task RunAsync_ProgramDoesNotReadItsInput_IsNotHeldUp()
    {
        var task = Given.Task("command", new { argv = new[] { "/bin/sh", "-c", "exit 0" }, stdin = new string('x', 30000) });

        Assert.Equal("success", (await Given.ResultOfAsync(_folder, task, ShellAllowed)).Status);
    }

    [Fact]
    public async Task RunAsync_Fails_ReportsTheEndOfStandardErrorAndLeavesTheClassToTheService()
    {
        var result = await Given.ResultOfAsync(_folder, Given.Script("echo fine; i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; echo connection refused >&2; exit 7"), ShellAllowed);

        Assert.Equal(("failure", 7, null), (result.Status, result.ExitCode, result.ErrorCategory));
        Assert.EndsWith("line 1999\nconnection refused", result.ErrorMessage, StringComparison.Ordinal);
        Assert.InRange(result.ErrorMessage!.Length, 4000, 4096);
    }

    [Fact]
    public async Task RunAsync_FailsSilently_NamesTheExitCode() =>
        Assert.Equal("exit code 3", (await Given.ResultOfAsync(_folder, Given.Script("exit 3"), ShellAllowed)).ErrorMessage);

    [Fact]
    public async Task RunAsync_MuchOutput_KeepsHeadAndTailAndSaysWhatWasCut()
    {
        var result = await Given.ResultOfAsync(_folder, Given.Script("echo first; head -c 300000 /dev/zero | tr '\\0' x; echo; echo last"), ["allowedPrograms: [/bin/sh]", "outputLimitBytes: 1024", "environment: { set: { PATH: /usr/bin:/bin } }"]);

        Assert.Equal("success", result.Status);
        Assert.StartsWith("first\nxxx", result.Log, StringComparison.Ordinal);
        Assert.EndsWith("xxx\nlast\n", result.Log, StringComparison.Ordinal);
        Assert.Contains($"\n[… {300000 + 6 + 1 + 5 - 1024} bytes cut …]\n", result.Log, StringComparison.Ordinal);
        Assert.InRange(result.Log!.Length, 1024, 1100);
    }

    [Theory]
    [InlineData("sh", "'sh' is not an absolute path: programs are not looked up, and no shell is used")]
    [InlineData("/bin/ls", "'/bin/ls' is not among the programs that this agent allows")]
    [InlineData("/bin/../bin/sh", "'/bin/../bin/sh' is not among the programs that this agent allows")]
    public async Task RunAsync_ProgramNotAllowed_IsRefusedForGood(string program, string reason)
    {
        var result = await Given.ResultOfAsync(_folder, Given.Task("command", new { argv = new[] { program } }), ShellAllowed);

        Assert.Equal(("failure", "permanent", reason, null), (result.Status, result.ErrorCategory, result.ErrorMessage, result.ExitCode));
    }

    [Fact]
    public async Task RunAsync_NothingAllowedByDefault_IsRefused() =>
        Assert.Equal("permanent", (await Given.ResultOfAsync(_folder, Given.Script("true"), [])).ErrorCategory);

    [Fact]
    public async Task RunAsync_AnotherNameForAnAllowedProgram_IsRefused()
    {
        var link = _folder.Link("other", "/bin/sh");

        Assert.Equal("permanent", (await Given.ResultOfAsync(_folder, Given.Task("command", new { argv = new[] { link } }), ShellAllowed)).ErrorCategory);
    }

    [Fact]
    public void Refusal_AllowedLinkMovesOn_IsFollowedAndWhatItLeadsToIsLookedAt()
    {
        var link = _folder.Link("program", "/bin/sh");
        var programs = new Agent.Tasks.Command.AllowedPrograms([link]);
        Assert.Null(programs.Refusal(link));

        File.Delete(link);
        _folder.Link("program", "/bin/ls");
        Assert.Null(programs.Refusal(link));

        var open = _folder.Write("open", "#!/bin/sh");
        File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);
        File.Delete(link);
        _folder.Link("program", "open");
        Assert.Equal($"'{link}' leads to '{open}' now, which others than the program's owner can change", programs.Refusal(link));
    }

    [Fact]
    public void Refusal_FolderOnTheWayMovesOn_IsFollowed()
    {
        _folder.Write("one/program", "");
        _folder.Write("two/program", "");
        _folder.Link("current", "one");
        var programs = new Agent.Tasks.Command.AllowedPrograms([_folder.At("current/program")]);

        File.Delete(_folder.At("current"));
        _folder.Link("current", "two");

        Assert.Null(programs.Refusal(_folder.At("current/program")));
        Assert.Null(programs.Refusal(_folder.At("two/program")));
        Assert.NotNull(programs.Refusal(_folder.At("one/program")));
    }

    [Fact]
    public void Refusal_FolderOnTheWayIsALink_IsTheSameProgram()
    {
        var program = _folder.Write("real/program", "");
        _folder.Link("link", "real");

        Assert.Null(new Agent.Tasks.Command.AllowedPrograms([_folder.At("link/program")]).Refusal(program));
    }

    [Fact]
    public async Task RunAsync_Environment_HoldsOnlyWhatTheOwnerNamed()
    {
        var task = Given.Task("command", new { argv = new[] { "/usr/bin/env" }, env = new { ASKED = "by task" } });
        string[] lines = ["allowedPrograms: [/usr/bin/env]", "environment: { pass: [LANG, MISSING], set: { FIXED: here }, fromTask: [ASKED] }"];

        var result = await Given.ResultOfAsync(_folder, task, lines, variable: name => name == "LANG" ? "C.UTF-8" : name == "MISSING" ? null : "leaked");

        var variables = result.Log!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(4, variables.Count);
        Assert.Equal(["ASKED=by task", "FIXED=here"], variables[..2]);
        Assert.StartsWith($"HEADGATE_TASK={task.TaskId}:1:agent.", variables[2], StringComparison.Ordinal);
        Assert.Equal("LANG=C.UTF-8", variables[3]);
    }

    [Fact]
    public async Task RunAsync_TaskSetsAVariableTheOwnerDidNotOpen_IsRefused()
    {
        var task = Given.Task("command", new { argv = new[] { "/bin/sh" }, env = new { LD_PRELOAD = "/tmp/evil.so" } });

        var result = await Given.ResultOfAsync(_folder, task, ShellAllowed);

        Assert.Equal(("permanent", "this agent does not let tasks set LD_PRELOAD (environment.fromTask)"), (result.ErrorCategory, result.ErrorMessage));
    }

    [Fact]
    public async Task RunAsync_WrongPayload_ListsEveryProblem()
    {
        var task = Given.Task("command", new { argv = "ls", stdn = "x", env = new { A = 1 } });

        var result = await Given.ResultOfAsync(_folder, task, ShellAllowed);

        Assert.Equal("payload: argv: must be a list of texts; env: must be an object of texts; stdn: is not a field; did you mean stdin?", result.ErrorMessage);
        Assert.Equal("permanent", result.ErrorCategory);
    }

    [Fact]
    public async Task RunAsync_WorkingDirectory_IsFreshOrInsideTheAllowedPaths()
    {
        var allowed = _folder.Folder("allowed");
        _folder.Link("allowed/away", "/etc");
        string[] lines = [.. ShellAllowed, $"allowedPaths: [{allowed}]"];
        Contracts.Agents.ClaimedTask Pwd(string? folder) => Given.Task("command", new { argv = new[] { "/bin/sh", "-c", "pwd; ls | wc -l" }, workingDirectory = folder });

        var fresh = await Given.ResultOfAsync(_folder, Pwd(null), [.. lines, "environment: { set: { PATH: /usr/bin:/bin } }"]);
        Assert.StartsWith(_folder.At("state/work/"), fresh.Log, StringComparison.Ordinal);
        Assert.EndsWith("\n0\n", fresh.Log, StringComparison.Ordinal);
        Assert.StartsWith(allowed + "\n", (await Given.ResultOfAsync(_folder, Pwd(allowed), lines)).Log, StringComparison.Ordinal);
        Assert.Equal("permanent", (await Given.ResultOfAsync(_folder, Pwd(allowed + "/away"), lines)).ErrorCategory);
        Assert.Equal("permanent", (await Given.ResultOfAsync(_folder, Pwd("/"), lines)).ErrorCategory);
    }
}
