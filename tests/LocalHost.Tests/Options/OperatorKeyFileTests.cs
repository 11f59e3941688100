using Headgate.LocalHost.Options;
using Headgate.Ports;
using Headgate.TestKit;

namespace Headgate.LocalHost.Tests.Options;

public sealed class OperatorKeyFileTests : IDisposable
{
    private const string Given = "hg_op_0123456789abcdefghijklmnopqrstuv";
    private readonly TempFolder _folder = new();

    [Fact]
    public void Open_FirstStart_MakesAKeyOnlyItsOwnerMayRead()
    {
        var (file, key) = OperatorKeyFile.Open(Options(), new SystemRandom());

        Assert.True(file.IsNew);
        Assert.StartsWith($"hg_{key.Id}_", file.Text, StringComparison.Ordinal);
        Assert.Equal(_folder["operator.key"], file.Path);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path!));
    }

    [Fact]
    public void Open_LaterStart_KeepsTheKey()
    {
        var (first, _) = OperatorKeyFile.Open(Options(), new SystemRandom());

        var (second, _) = OperatorKeyFile.Open(Options(), new SystemRandom());

        Assert.Equal(first with { IsNew = false }, second);
    }

    [Fact]
    public void Open_KeyGiven_HoldsAndNothingIsWritten()
    {
        var (file, key) = OperatorKeyFile.Open(Options() with { AdminKey = Given }, new SystemRandom());

        Assert.Equal(new OperatorKeyFile(Given, Path: null, IsNew: false), file);
        Assert.Equal("op", key.Id);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Open_DamagedFile_RefusesTheStart()
    {
        File.WriteAllText(_folder["operator.key"], "not a key");

        var refused = Assert.Throws<StartRefusedException>(() => OperatorKeyFile.Open(Options(), new SystemRandom()));

        Assert.Contains("delete the file", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private LocalHostOptions Options() => new() { DataFolder = _folder.Path };
}
