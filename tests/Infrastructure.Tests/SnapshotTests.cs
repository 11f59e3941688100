using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Deployed;

namespace Headgate.Infrastructure.Tests;

/// <summary>What each parameter file deploys is what <c>Snapshots/</c> shows.</summary>
public sealed class SnapshotTests
{
    public static TheoryData<string> ParameterFiles => [.. Sources.ParameterFiles];

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public async Task Snapshot_OfEachParameterFile_IsTheOneKept(string parameterFile)
    {
        var name = SnapshotFile.NameOf(parameterFile);
        var fresh = await Compiled.SnapshotAsync(parameterFile);
        if (SnapshotFile.IsRenewing)
            SnapshotFile.Write(name, fresh);

        var difference = SnapshotFile.Difference(name, SnapshotFile.Read(name), fresh);

        Assert.True(difference.Length == 0, difference);
        Assert.DoesNotContain(Compiled.OperatorKey, fresh, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_Kept_AreOfParameterFiles() =>
        Assert.Empty(SnapshotFile.Names.Except(Sources.ParameterFiles.Select(SnapshotFile.NameOf)));

    [Fact]
    public void Difference_OneLineChanged_SaysWhichAndHowToRenew()
    {
        var difference = SnapshotFile.Difference("dev.snapshot.json", "{\n  \"days\": 7\n}\n", "{\n  \"days\": 30\n}\n");

        Assert.Contains("dev.snapshot.json is not what the files deploy now, from line 2 on:\n- \"days\": 7\n+ \"days\": 30\n", difference, StringComparison.Ordinal);
        Assert.Contains("HEADGATE_RENEW_SNAPSHOTS=1 dotnet test tests/Infrastructure.Tests --filter SnapshotTests", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void InOrder_OutputsInAnother_IsTheSame() =>
        Assert.Equal(SnapshotFile.InOrder("""{ "outputs": { "B": 1, "A": 2 } }"""), SnapshotFile.InOrder("""{ "outputs": { "A": 2, "B": 1 } }"""));
}
