using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Tasks.Restic;

/// <summary>Nothing in a payload reaches restic as an option, and nothing outside what the owner allows is named.</summary>
public sealed class ResticPayloadTests : IDisposable
{
    private readonly ResticGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Backup_SmuggledOptionsAndPathsOutside_ListsEveryProblem()
    {
        _ground.Folder.Link("data/away", "/etc");

        var result = await _ground.DoAsync(
            "backup",
            new
            {
                repository = "mian",
                paths = new[] { "--password-command=id", "/etc", _ground.Folder.At("data/away"), _ground.Folder.At("data/none"), "" },
                tags = new[] { "-o", "a,b", "a\nb", new string('x', 101) },
                exclude = new[] { "--exclude-file=/etc/shadow" },
                password = "x",
            });

        Assert.Equal(("failure", "permanent"), (result.Status, result.ErrorCategory));
        Assert.Equal(
            $"""
            payload: repository: 'mian' is not a repository of this agent (far, main, none, wrong)
            paths: '--password-command=id' begins with -, as an option of restic does
            paths: must not hold an empty text
            paths: '--password-command=id' is not an absolute path without '..'
            paths: '/etc' is outside the paths that this agent allows
            paths: '{_ground.Folder.At("data/away")}' leads to '/etc', outside the paths that this agent allows
            paths: '{_ground.Folder.At("data/none")}' does not exist
            paths: '' is not an absolute path without '..'
            tags: '-o' begins with -, as an option of restic does
            tags: 'a b' holds a control character
            tags: 'a,b' must be at most 100 characters without a comma
            tags: '{new string('x', 100)}' must be at most 100 characters without a comma
            exclude: '--exclude-file=/etc/shadow' begins with -, as an option of restic does
            password: is not a field
            """.ReplaceLineEndings("; "),
            result.ErrorMessage);
    }

    [Fact]
    public async Task Restore_WrongEverywhere_ListsEveryProblem()
    {
        _ground.Folder.Link("data/away", "/tmp");

        var result = await _ground.DoAsync("restore", new { repository = 1, target = _ground.Folder.At("data/away/x"), snapshot = "--no-lock", include = new[] { "-H" }, verify = true });

        Assert.Equal(
            $"""
            payload: repository: must be a text
            snapshot: must be latest or a snapshot's id of 8 to 64 hexadecimal digits, not '--no-lock'
            include: '-H' begins with -, as an option of restic does
            verify: is not a field
            target: '{_ground.Folder.At("data/away/x")}' leads to '/tmp/x', outside the paths that this agent allows
            """.ReplaceLineEndings("; "),
            result.ErrorMessage);
    }

    [Fact]
    public async Task Prune_WithoutARuleOrWithOddOnes_IsRefused()
    {
        Assert.Equal(
            "payload: one of keepLast, keepDaily, keepWeekly, keepMonthly and keepYearly must be 1 or more",
            (await _ground.DoAsync("prune", new { repository = "main", keepLast = 0 })).ErrorMessage);
        Assert.Equal(
            "payload: repository: is required; keepLast: must be a number from 0 to 10000; keepDaily: must be a whole number, not 1.5; keepWeekly: must be a number from 0 to 10000",
            (await _ground.DoAsync("prune", new { keepLast = -1, keepDaily = 1.5, keepWeekly = "3", keepMonthly = 1 })).ErrorMessage);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100.5)]
    public async Task Check_PercentOutOfRange_IsRefused(double percent) =>
        Assert.Equal("payload: readDataPercent: must be a number from 0 to 100", (await _ground.DoAsync("check", new { repository = "main", readDataPercent = percent })).ErrorMessage);

    [Theory]
    [InlineData(0.0009, "payload: readDataPercent: must be 0, or at least 0.001")]
    [InlineData(0.001, null)]
    public async Task Check_LessThanResticCanBeTold_IsRefused(double percent, string? reason) =>
        Assert.Equal(reason, (await _ground.DoAsync("check", new { repository = "main", readDataPercent = percent })).ErrorMessage);
}
