using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Identity;

namespace Headgate.Core.Tests.Identity;

public sealed class RunIdTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 15, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Create_TimeAndChance_GiveAFixedForm()
    {
        var id = RunId.Create(At, 0xABC);

        Assert.Equal(RunId.Length, id.Length);
        Assert.EndsWith("0000000000000abc", id, StringComparison.Ordinal);
        Assert.True(RunId.IsWellFormed(id));
        Assert.Equal(At, RunId.CreatedAt(id));
    }

    [Fact]
    public void Create_LaterTime_SortsFirst() =>
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            Gen.Choose(1, 1_000_000).ToArbitrary(),
            (start, later) => string.CompareOrdinal(
                RunId.Create(DateTimeOffset.UnixEpoch.AddSeconds(start).AddMilliseconds(later), ulong.MaxValue),
                RunId.Create(DateTimeOffset.UnixEpoch.AddSeconds(start), 0)) < 0).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("FFFFFFFFFFFF0000000000000000")]
    [InlineData("ffffffffffff000000000000000g")]
    [InlineData("ffffffffffff00000000000000000")]
    [InlineData("../../../../../../../../../.")]
    public void IsWellFormed_AnythingElse_No(string text) => Assert.False(RunId.IsWellFormed(text));

    [Fact]
    public void TaskId_RoundTrip_KeepsBothParts()
    {
        var runId = RunId.Create(At, 7);

        Assert.True(TaskId.TryParse(TaskId.Of(runId, "Build_1-a"), out var run, out var task));
        Assert.Equal((runId, "Build_1-a"), (run, task));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("build")]
    [InlineData("ffffffffffff0000000000000000")]
    [InlineData("ffffffffffff0000000000000000.")]
    [InlineData("ffffffffffff0000000000000000.a.b")]
    [InlineData("ffffffffffff0000000000000000./a")]
    [InlineData("ffffffffffff000000000000000.a")]
    public void TaskIdTryParse_AnythingElse_No(string? text) => Assert.False(TaskId.TryParse(text, out _, out _));
}
