using Headgate.Infrastructure.Tests.Bicep;

namespace Headgate.Infrastructure.Tests.Hooks;

/// <summary>The availability of a service is watched from its first answer on.</summary>
public sealed class PostdeployTests
{
    [Fact]
    public async Task Run_FirstDeployment_WaitsForAnAnswerAndThenWatchesIt()
    {
        using var rig = new HookRig("az", "azd", "curl").Answer("curl*", exitCode: 22, times: 3);
        rig.Variables["HEADGATE_LIVE"] = "false";

        var run = await rig.RunAsync("postdeploy");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(4, run.Calls.TakeWhile(call => call.StartsWith("curl ", StringComparison.Ordinal)).Count());
        Assert.All(run.Calls.Take(4), call => Assert.EndsWith(" https://func-1.example/health", call, StringComparison.Ordinal));
        Assert.Equal("azd env set HEADGATE_LIVE true", run.Calls[^1]);

        // What it turns on is what the deployment has left off, by the names that the deployment gives.
        var deployment = await Compiled.DeploymentAsync("main");
        var test = deployment.Single("Microsoft.Insights/webtests").Name;
        var alert = Assert.Single(deployment.All("Microsoft.Insights/metricAlerts"), each => each.Name.EndsWith("-unavailable", StringComparison.Ordinal)).Name;
        const string Insights = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-headgate-test/providers/Microsoft.Insights";
        Assert.Equal(
            [
                $"az resource update --ids {Insights}/webtests/{test} --set properties.Enabled=true --output none",
                $"az resource update --ids {Insights}/metricAlerts/{alert} --set properties.enabled=true --output none",
            ],
            run.Calls.Where(call => call.StartsWith("az ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("true")]
    [InlineData(null)]
    public async Task Run_LaterDeployment_DoesNothing(string? isLive)
    {
        using var rig = new HookRig("az", "azd", "curl");
        if (isLive is not null)
            rig.Variables["HEADGATE_LIVE"] = isLive;

        var run = await rig.RunAsync("postdeploy");

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Calls);
    }

    [Fact]
    public async Task Run_ServiceNeverAnswers_SaysThatTheAlertStaysOff()
    {
        using var rig = new HookRig("az", "azd", "curl").Answer("curl*", exitCode: 22);
        rig.Variables["HEADGATE_LIVE"] = "false";

        var run = await rig.RunAsync("postdeploy");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The alert 'unavailable' stays off", run.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Calls, call => call.StartsWith("az", StringComparison.Ordinal));
    }
}
