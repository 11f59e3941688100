using Headgate.Core.Validation;
using Headgate.LocalHost.Options;
using Headgate.TestKit;

namespace Headgate.LocalHost.Tests.Options;

public sealed class HostJsonTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Problems _problems = new();

    [Fact]
    public void Read_FileBesideTheExecutable_IsSound()
    {
        var file = HostJson.Read(HostJson.DefaultPath, _problems);

        Assert.Empty(_problems.Items);
        Assert.Equal("", file.RoutePrefix);
        Assert.Equal(64, file.MaxConcurrentCalls);
    }

    [Fact]
    public void Read_AbsentSettings_AreThoseOfTheAzureHost()
    {
        var file = Read("""{ "version": "2.0" }""");

        Assert.Empty(_problems.Items);
        Assert.Equal(("api", 16, TimeSpan.FromMinutes(5)), (file.RoutePrefix, file.MaxConcurrentCalls, file.MaxAutoLockRenewal));
    }

    [Fact]
    public void Read_FileWithAByteOrderMark_IsReadWithoutIt()
    {
        var file = Read("\uFEFF" + """{ "extensions": { "http": { "routePrefix": "x" } } }""");

        Assert.Empty(_problems.Items);
        Assert.Equal("x", file.RoutePrefix);
    }

    [Fact]
    public void Read_EverythingWrong_NamesEveryProblem()
    {
        Read("""
            {
              // Comments are allowed.
              "extention": {},
              "extensions": {
                "http": { "routePrefx": "", "routePrefix": 5 },
                "durableTask": { "maxConcurrentActivityFunctions": 0 },
                "serviceBus": { "maxConcurrentCalls": "many", "maxAutoLockRenewalDuration": "soon" },
              },
              "logging": []
            }
            """);

        const string Expected = """
            host.json: extention: is unknown; did you mean 'extensions'?
            host.json: extensions: http: routePrefx: is unknown; did you mean 'routePrefix'?
            host.json: extensions: http: routePrefix: must be text
            host.json: extensions: durableTask: maxConcurrentActivityFunctions: must be a whole number from 1 to 1000
            host.json: extensions: serviceBus: maxConcurrentCalls: must be a whole number from 1 to 1000
            host.json: extensions: serviceBus: maxAutoLockRenewalDuration: must be a duration such as 00:05:00
            host.json: logging: must be an object
            """;
        Assert.Equal(Expected, _problems.ToString());
    }

    [Fact]
    public void Read_NoJson_IsAProblemWithDefaults()
    {
        Assert.Equal("api", Read("{").RoutePrefix);

        Assert.Equal("host.json", Assert.Single(_problems.Items).Path);
    }

    public void Dispose() => _folder.Dispose();

    private HostJson Read(string text)
    {
        var path = _folder["host.json"];
        File.WriteAllText(path, text);
        return HostJson.Read(path, _problems);
    }
}
