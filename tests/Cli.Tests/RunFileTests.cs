using System.Text;
using System.Text.Json.Nodes;
using Headgate.TestKit;
using Headgate.TestKit.Wire;

namespace Headgate.Cli.Tests;

public sealed class RunFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a: no", """{"a":"no"}""")]
    [InlineData("a: yes\nb: on", """{"a":"yes","b":"on"}""")]
    [InlineData("a: true\nb: False\nc: ~\nd:", """{"a":true,"b":false,"c":null,"d":null}""")]
    [InlineData("a: 12\nb: -3\nc: 1.5\nd: 1e3", """{"a":12,"b":-3,"c":1.5,"d":1000}""")]
    [InlineData("a: '12'\nb: \"true\"", """{"a":"12","b":"true"}""")]
    [InlineData("a: 2026-11-30\nb: 1:30\nc: 1.2.3\nd: e", """{"a":"2026-11-30","b":"1:30","c":"1.2.3","d":"e"}""")]
    [InlineData("a: [1, {b: c}]", """{"a":[1,{"b":"c"}]}""")]
    [InlineData("""{"a": [1, "no"], "b": null}""", """{"a":[1,"no"],"b":null}""")]
    public async Task ReadAsync_AFileOfTheCoreSchema_IsTheJsonItMeans(string yaml, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(await RunFile.ReadAsync(Write(yaml), CancellationToken.None)));

    [Fact]
    public async Task ReadAsync_TheSample_IsARunThatTheServiceAdmits()
    {
        await using var service = await LocalService.StartAsync();
        await service.Client.CreateTenantAsync("acme");

        var run = JsonNode.Parse(await RunFile.ReadAsync(RepositoryFiles.At("samples/nightly.yaml"), CancellationToken.None));

        Assert.Equal(202, (int)(await service.Client.SubmitAsync("acme", run)).Status);
    }

    [Theory]
    [InlineData("a: 1\na: 2", ":2:1: ")]
    [InlineData("a: &x [1]\nb: *x", ":1:4: anchors and aliases")]
    [InlineData("a: b\n\tc: d", ":1:")]
    [InlineData("a: [1", ":2:")]
    [InlineData("", "is empty")]
    [InlineData("a: 1\n---\nb: 2", "holds 2 documents")]
    [InlineData("? [a]\n: 1", "a key must be a string")]
    public async Task ReadAsync_AFileThatCantBeUsed_SaysWhereAndWhy(string yaml, string problem)
    {
        var path = Write(yaml);

        var failure = await Assert.ThrowsAsync<UsageException>(() => RunFile.ReadAsync(path, CancellationToken.None));

        Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NestedWithoutEnd_IsRefused() =>
        Assert.Contains("nested deeper", (await Assert.ThrowsAsync<UsageException>(() => RunFile.ReadAsync(Write(new string('[', 200) + new string(']', 200)), CancellationToken.None))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_LargerThanTheServiceTakes_IsRefused() =>
        Assert.Contains("256 KiB", (await Assert.ThrowsAsync<UsageException>(() => RunFile.ReadAsync(Write("a: " + new string('x', 300_000)), CancellationToken.None))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ReadAsync_NoSuchFile_SaysSo() =>
        await Assert.ThrowsAsync<UsageException>(() => RunFile.ReadAsync(Path.Combine(_folder.Path, "none.yaml"), CancellationToken.None));

    private string Write(string yaml)
    {
        var path = Path.Combine(_folder.Path, "run.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
