namespace Headgate.Infrastructure.Tests.Hooks;

/// <summary>The app is given what its references to the vault lead to, as soon as the vault lets it in.</summary>
public sealed class PostprovisionTests
{
    private const string Look = "az rest --method get*";
    private const string Refresh = "az rest --method post";
    private const string Restart = "az functionapp restart";

    [Fact]
    public async Task Run_ResolvesAfterAWhile_RefreshesEachTimeAndRestartsOnce()
    {
        using var rig = new HookRig("az").Answer(Look, "HEADGATE_ADMIN_KEY\\tAccessToKeyVaultDenied\\n", times: 2).Answer(Look, "HEADGATE_ADMIN_KEY\\tResolved\\n");

        var run = await rig.RunAsync("postprovision");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(3, run.Calls.Count(call => call.StartsWith(Refresh, StringComparison.Ordinal)));
        Assert.StartsWith(Restart, Assert.Single(run.Calls, call => call.StartsWith(Restart, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith(Restart, run.Calls[^1], StringComparison.Ordinal);
        Assert.Contains(
            "az rest --method post --url /subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-headgate-test/providers/Microsoft.Web/sites/func-1/config/configreferences/appsettings/refresh?api-version=2022-03-01 --output none",
            run.Calls);
    }

    [Fact]
    public async Task Run_OneOfTwoResolves_IsNotEnough()
    {
        using var rig = new HookRig("az").Answer(Look, "A\\tResolved\\nB\\tInitialized\\n", times: 1).Answer(Look, "A\\tResolved\\nB\\tResolved\\n");

        var run = await rig.RunAsync("postprovision");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Calls.Count(call => call.StartsWith(Refresh, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_NoKeyInTheVault_SaysHowToGiveOneAndDoesNotWait()
    {
        using var rig = new HookRig("az").Answer(Look, "HEADGATE_ADMIN_KEY\\tSecretNotFound\\n");

        var run = await rig.RunAsync("postprovision");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The vault holds no operator key", run.Said, StringComparison.Ordinal);
        Assert.Equal(2, run.Calls.Count(call => call.StartsWith(Refresh, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("HEADGATE_ADMIN_KEY\\tAccessToKeyVaultDenied\\n", "do not resolve: HEADGATE_ADMIN_KEY AccessToKeyVaultDenied", 60)]
    [InlineData("", "App Service does not say whether", 6)]
    public async Task Run_NeverResolves_EndsWithTheStateAndRestartsNothing(string states, string said, int looks)
    {
        using var rig = new HookRig("az").Answer(Look, states);

        var run = await rig.RunAsync("postprovision");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(said, run.Said, StringComparison.Ordinal);
        Assert.Equal(looks, run.Calls.Count(call => call.StartsWith(Refresh, StringComparison.Ordinal)));
        Assert.DoesNotContain(run.Calls, call => call.StartsWith(Restart, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ARefreshFails_GoesOnLooking()
    {
        using var rig = new HookRig("az").Answer("az rest --method post*", exitCode: 1, times: 1).Answer(Look, "A\\tInitialized\\n", times: 1).Answer(Look, "A\\tResolved\\n");

        Assert.Equal(0, (await rig.RunAsync("postprovision")).ExitCode);
    }

    [Fact]
    public async Task Run_OutputMissing_NamesIt()
    {
        using var rig = new HookRig("az");
        rig.Variables.Remove("HEADGATE_APP");

        var run = await rig.RunAsync("postprovision");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("HEADGATE_APP is not set", run.Said, StringComparison.Ordinal);
    }
}
