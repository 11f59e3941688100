using Headgate.Agent.Files;
using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Files;

public sealed class AllowedPathsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resolve_Inside_GivesTheRealPath()
    {
        var root = _folder.Folder("root");
        var real = _folder.Folder("root/real");
        _folder.Link("root/link", "real");

        Assert.Equal(real, Allowed(root).Resolve(_folder.At("root/link"), out _));
        Assert.Equal(root, Allowed(root + "/").Resolve(root, out _));
    }

    [Fact]
    public void Resolve_LinkOutOfTheRoot_IsRefusedWithItsTarget()
    {
        var root = _folder.Folder("root");
        var secret = _folder.Write("secret/file", "x");
        _folder.Link("root/away", "../secret");

        Assert.Null(Allowed(root).Resolve(_folder.At("root/away/file"), out var refusal));
        Assert.Equal($"'{_folder.At("root/away/file")}' leads to '{secret}', outside the paths that this agent allows", refusal);
    }

    [Theory]
    [InlineData("root/../secret")]
    [InlineData("rootbeside")]
    [InlineData("root\0")]
    [InlineData("")]
    public void Resolve_TrickyPath_IsRefused(string path)
    {
        var root = _folder.Folder("root");
        _folder.Folder("rootbeside");

        Assert.Null(Allowed(root).Resolve(_folder.At(path), out _));
    }

    [Fact]
    public void Resolve_RelativePath_IsRefused() => Assert.Null(Allowed("/").Resolve("etc/passwd", out _));

    [Fact]
    public void Resolve_LinksInACircle_AreRefused()
    {
        _folder.Link("a", "b");
        _folder.Link("b", "a");

        Assert.Null(Allowed(_folder.Path).Resolve(_folder.At("a/file"), out _));
    }

    [Fact]
    public void Resolve_RootThatIsALink_MeansWhatItLeadsTo()
    {
        var real = _folder.Write("real/file", "x");
        var link = _folder.Link("link", "real");

        Assert.Equal(real, Allowed(link).Resolve(real, out _));
    }

    [Fact]
    public void Resolve_RootIsALinkThatMovesOn_MeansWhatItLeadsToNow()
    {
        var (old, now) = (_folder.Write("one/file", "x"), _folder.Write("two/file", "x"));
        var allowed = Allowed(_folder.Link("link", "one"));
        Assert.Equal(old, allowed.Resolve(old, out _));

        File.Delete(_folder.At("link"));
        _folder.Link("link", "two");

        Assert.Equal(now, allowed.Resolve(_folder.At("link/file"), out _));
        Assert.Null(allowed.Resolve(old, out _));
    }

    [Fact]
    public void ResolveEntry_LastNameIsALink_IsNotFollowed()
    {
        var root = _folder.Folder("root");
        var link = _folder.Link("root/link", "/etc/passwd");

        Assert.Equal(link, Allowed(root).ResolveEntry(link, out _));
        Assert.Null(Allowed(root).Resolve(link, out _));
    }

    [Fact]
    public void Holds_FileReachedThroughASwappedLink_IsFalse()
    {
        var root = _folder.Folder("root");
        _folder.Write("secret/file", "x");
        _folder.Link("root/swapped", "../secret");
        using var file = File.OpenHandle(_folder.At("root/swapped/file"));

        Assert.False(Allowed(root).Holds(file));
        Assert.True(Allowed(_folder.At("secret")).Holds(file));
    }

    private static AllowedPaths Allowed(string root) => new([root]);
}
