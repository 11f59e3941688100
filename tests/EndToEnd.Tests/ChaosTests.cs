using System.Security.Cryptography;
using Headgate.LocalHost;
using Headgate.TestKit;
using Xunit.Abstractions;

namespace Headgate.EndToEnd.Tests;

/// <summary>Chaos on a copy of a folder in which something has happened: every promise holds, and the folder is as it was.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Chaos_OnACopyOfAFolder_BreaksNoPromiseAndLeavesTheFolder()
    {
        using var data = new TempFolder();
        await using (var service = await ServiceProcess.StartAsync(data.Path))
        {
            using var client = service.NewClient();
            await client.CreateTenantAsync("acme");
            var agent = await Agent.RegisterAsync(client, key => HttpCalls.NewClient(service.Address, key), "one");
            var run = (await client.SubmitAsync("acme")).RunId;
            await agent.ReportAsync(await agent.ClaimOneAsync());
            await client.EndAsync("acme", run);
            await service.StopAsync();
        }

        var before = Hashes(data.Path);

        await using var chaos = ChildProcess.Start("dotnet", [typeof(LocalServer).Assembly.Location, "chaos", "--data", data.Path, "--minutes", "0.25", "--seed", "7"]);
        var exitCode = await chaos.EndedAsync();

        var text = string.Join('\n', chaos.Output.Concat(chaos.Errors));
        output.WriteLine(text);
        Assert.True(exitCode == 0, text);
        Assert.DoesNotContain("not looked at", text, StringComparison.Ordinal);
        Assert.Equal(before, Hashes(data.Path));
    }

    [Fact]
    public async Task Chaos_OnAFolderThatAServiceUses_IsRefused()
    {
        using var data = new TempFolder();
        await using var service = await ServiceProcess.StartAsync(data.Path);
        await using var chaos = ChildProcess.Start("dotnet", [typeof(LocalServer).Assembly.Location, "chaos", "--data", data.Path]);

        Assert.Equal(1, await chaos.EndedAsync());
        Assert.Contains(chaos.Errors, line => line.Contains("is a service using it?", StringComparison.Ordinal));
    }

    private static List<string> Hashes(string folder) =>
        [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")];
}
