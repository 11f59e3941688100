using Headgate.TestKit;

namespace Headgate.Engine.Tests.Readme;

public sealed class EngineExampleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Readme_ItsExample_IsTheOneThatRunsHere()
    {
        var assembly = typeof(EngineExample).Assembly;

        Assert.Equal(ReadmeExample.InCode(assembly, "EngineExample.cs"), ReadmeExample.InText(assembly, "README.md"));
    }

    [Fact]
    public async Task RunAsync_OnANewFolder_GivesTheActivitysAnswer() => Assert.Equal("Hello, Ada!", await EngineExample.RunAsync(_folder.Path));

    public void Dispose() => _folder.Dispose();
}
