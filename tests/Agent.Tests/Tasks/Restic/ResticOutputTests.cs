using Headgate.Agent.Options;
using Headgate.Agent.Tests.Support;

namespace Headgate.Agent.Tests.Tasks.Restic;

/// <summary>What becomes of restic's words, of versions other than the one installed too.</summary>
public sealed class ResticOutputTests : IDisposable
{
    private readonly ResticGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData("rest:http://user:s3cret/pw@h:8000/", "rest:http://user:s3cret/pw@h:8000/: invalid port", "rest:http://***@h:8000/: invalid port")]
    [InlineData("rest:http://user:s3cret/pw@h/", "parse \"http://user:s3cret/pw@h/\": invalid port \":s3cret\" after host", "parse \"http://***@h/\": invalid port \":***\" after host")]
    [InlineData("rest:http://user:s3\"cret@h/", "parse \"http://user:s3\\\"cret@h/\"", "parse \"http://***@h/\"")]
    [InlineData("sftp://user:pw@x@h//srv/repo", "sftp://user:pw@x@h//srv/repo and user:pw@x@h", "sftp://***@h//srv/repo and ***@h")]
    [InlineData("rest:https://user:pw@h/a@b", "Get \"https://user:pw@h/other\"", "Get \"https://***@h/other\"")]
    [InlineData("sftp://user@h/srv", "sftp://user@h/srv", "sftp://user@h/srv")]
    [InlineData("sftp:user@h:/srv", "user@h:/srv", "user@h:/srv")]
    [InlineData("rest:http://h:8000/", "http://h:8000/: refused", "http://h:8000/: refused")]
    [InlineData("/srv/a:b@c", "/srv/a:b@c", "/srv/a:b@c")]
    public void Hide_TextWithTheUrl_KeepsTheRest(string url, string text, string shown) =>
        Assert.Equal(shown, new Repository("main", url, "/key", new Dictionary<string, string>()).Hide(text));

    /// <summary>restic's own words about an address that it can't read.</summary>
    [Theory]
    [InlineData("rest:http://user:s3cret/pw@h/")]
    [InlineData("rest:http://user:s3cret%zz@h/")]
    [InlineData("sftp://user:s3cret%zz@h/srv")]
    public async Task Check_UrlThatResticCanNotRead_ShowsNoPassword(string url)
    {
        var result = await _ground.DoWithAsync($"exec {ResticGround.Program} \"$@\"", "check", new { repository = "main" }, url);

        Assert.Equal("failure", result.Status);
        Assert.NotEqual("", result.ErrorMessage);
        Assert.DoesNotContain("s3cret", result.ErrorMessage + result.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'Fatal: rest:http://user:s3cret@h/ is away' >&2; exit 1")]
    [InlineData("echo 'rest:http://user:s3cret@h/ is away'; echo 'Fatal: gone' >&2; exit 1")]
    [InlineData("""echo '{"message_type":"exit_error","code":1,"message":"rest:http://user:s3cret@h/ is away"}' >&2; exit 1""")]
    [InlineData("""echo '{"message_type":"error","message":"rest:http://user:s3cret@h/ is away"}' >&2; exit 1""")]
    public async Task Check_UrlInWhatResticSays_HasNoPassword(string script)
    {
        var result = await _ground.DoWithAsync(script, "check", new { repository = "main" }, "rest:http://user:s3cret@h/");

        var said = result.ErrorMessage + result.Log;
        Assert.Contains("http://***@h/ is away", said, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backup_NameOfAFileReadsLikeAReason_DecidesNothing()
    {
        var result = await _ground.DoWithAsync(
            """echo '{"message_type":"error","error":{},"during":"archival","item":"/srv/access denied.txt"}' >&2; echo 'Fatal: something new' >&2; exit 1""",
            "backup", new { repository = "main", paths = new[] { _ground.Data } });

        Assert.Equal((null, "Fatal: something new", "/srv/access denied.txt: could not be read\nFatal: something new\n"), (result.ErrorCategory, result.ErrorMessage, result.Log));
    }

    [Theory]
    [InlineData("""{"message_type":"error","error":{},"item":"/srv/access denied.txt"}""", "/srv/access denied.txt: could not be read")]
    [InlineData("""{"message_type":"error","error":{"message":"open /srv/a: gone"},"item":"/srv/a"}""", "open /srv/a: gone")]
    [InlineData("""{"message_type":"error","error":{"message":"gone"},"item":"/srv/a"}""", "/srv/a: gone")]
    [InlineData("""{"message_type":"error","message":"pack 01ab is damaged"}""", "pack 01ab is damaged")]
    [InlineData("""{"message_type":"error"}""", "something: could not be read")]
    public async Task Check_OnlyWarnings_AreTheMessageAndOfNoClass(string line, string message)
    {
        var result = await _ground.DoWithAsync($"echo '{line}' >&2; exit 1", "check", new { repository = "main" });

        Assert.Equal((null, message, message + "\n"), (result.ErrorCategory, result.ErrorMessage, result.Log));
    }

    [Fact]
    public async Task Backup_SourceBecomesALinkMeanwhile_FailsForGood()
    {
        var source = _ground.Folder.Folder("data/source");

        var result = await _ground.DoWithAsync(
            $$"""mv {{source}} {{source}}.old; ln -s /etc {{source}}; echo '{"message_type":"summary","snapshot_id":"01ab"}'""",
            "backup", new { repository = "main", paths = new[] { source } });

        Assert.Equal(
            ("failure", "permanent", $"'{source}' changed while it was backed up: what was read may lie elsewhere"), (result.Status, result.ErrorCategory, result.ErrorMessage));
    }
}
