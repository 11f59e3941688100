using System.Text;
using Headgate.Cli.Files;
using Headgate.TestKit;
using Headgate.TestKit.Wire;

namespace Headgate.Cli.Tests;

public sealed class YamlFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a: no", """{"a":"no"}""")]
    [InlineData("a: yes\nb: on", """{"a":"yes","b":"on"}""")]
    [InlineData("a: true\nb: False\nc: ~\nd:", """{"a":true,"b":false,"c":null,"d":null}""")]
    [InlineData("a: 12\nb: -3\nc: 1.5\nd: 1e3", """{"a":12,"b":-3,"c":1.5,"d":1e3}""")]
    [InlineData("a: 12345678901234567890\nb: 0.1234567890123456789012345", """{"a":12345678901234567890,"b":0.1234567890123456789012345}""")]
    [InlineData("a: 0o17\nb: 0x1F\nc: +7\nd: 007\ne: .5\nf: -1.", """{"a":15,"b":31,"c":7,"d":7,"e":0.5,"f":-1}""")]
    [InlineData("a: 0o18\nb: 0x\nc: 1e\nd: é", """{"a":"0o18","b":"0x","c":"1e","d":"é"}""")]
    [InlineData("a: '12'\nb: \"true\"", """{"a":"12","b":"true"}""")]
    [InlineData("a: 2026-11-30\nb: 1:30\nc: 1.2.3\nd: e", """{"a":"2026-11-30","b":"1:30","c":"1.2.3","d":"e"}""")]
    [InlineData("a: [1, {b: c}]", """{"a":[1,{"b":"c"}]}""")]
    [InlineData("""{"a": [1, "no"], "b": null}""", """{"a":[1,"no"],"b":null}""")]
    public async Task ReadAsync_AFileOfTheCoreSchema_IsTheJsonItMeans(string yaml, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString((await YamlFile.ReadAsync(Write(yaml), CancellationToken.None)).ToJson()));

    [Fact]
    public async Task ReadAsync_TheSample_IsARunThatTheServiceAdmits()
    {
        await using var service = await LocalService.StartAsync();
        await service.Client.CreateTenantAsync("acme");

        var run = await YamlFile.ReadAsync(RepositoryFiles.At("samples/nightly.yaml"), CancellationToken.None);

        Assert.Equal(202, (int)(await service.Client.SubmitAsync("acme", run.Root)).Status);
    }

    [Theory]
    [InlineData("a: 1\na: 2", ":2:1: ")]
    [InlineData("1: a\n'1': b", ":2:1: ")]
    [InlineData("a: !!str 12", ":1:4: tags are not taken")]
    [InlineData("!!str a: 1\na: 2", ":1:1: tags are not taken")]
    [InlineData("a: 1\nb: .inf", ":2:4: '.inf' has no counterpart")]
    [InlineData("a: &x [1]\nb: *x", ":1:4: anchors and aliases")]
    [InlineData("a: b\n\tc: d", ":1:")]
    [InlineData("a: [1", ":2:")]
    [InlineData("", "is empty")]
    [InlineData("a: 1\n---\nb: 2", "holds 2 documents")]
    [InlineData("? [a]\n: 1", "a key must be a string")]
    public async Task ReadAsync_AFileThatCantBeUsed_SaysWhereAndWhy(string yaml, string problem)
    {
        var path = Write(yaml);

        var failure = await Assert.ThrowsAsync<UsageException>(() => YamlFile.ReadAsync(path, CancellationToken.None));

        Assert.StartsWith(path + (problem[0] == ':' ? problem : ""), failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(100_000)]
    public async Task ReadAsync_NestedWithoutEnd_IsRefusedBeforeTheStackEnds(int levels)
    {
        var path = Write(new string('[', levels) + new string(']', levels));

        Assert.StartsWith(
            path + ":1:65: is nested deeper than 64", (await Assert.ThrowsAsync<UsageException>(() => YamlFile.ReadAsync(path, CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_APathOfTheService_IsWhereItStandsOrWhatHoldsIt()
    {
        var file = await YamlFile.ReadAsync(Write("name: n\ntasks:\n  - name: a\n    labels: { os: x }\n  - name: b"), CancellationToken.None);

        Assert.Equal(new Place(4, 5), file.Find("tasks[0].labels"));
        Assert.Equal(new Place(5, 5), file.Find("tasks[1]"));
        Assert.Equal(new Place(5, 5), file.Find("tasks[1].type"));
        Assert.Null(file.Find("Idempotency-Key"));
    }

    [Fact]
    public async Task ReadAsync_LargerThanTheServiceTakes_IsRefused() =>
        Assert.Contains("256 KiB", (await Assert.ThrowsAsync<UsageException>(() => YamlFile.ReadAsync(Write("a: " + new string('x', 300_000)), CancellationToken.None))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_NoSuchFile_SaysSo() =>
        await Assert.ThrowsAsync<UsageException>(() => YamlFile.ReadAsync(Path.Combine(_folder.Path, "none.yaml"), CancellationToken.None));

    private string Write(string yaml)
    {
        var path = Path.Combine(_folder.Path, "run.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
