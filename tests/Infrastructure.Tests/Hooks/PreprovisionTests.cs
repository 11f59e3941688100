namespace Headgate.Infrastructure.Tests.Hooks;

/// <summary>What is said, and what is registered, before anything is made.</summary>
public sealed class PreprovisionTests
{
    [Fact]
    public async Task Run_NewEnvironment_RegistersWhatIsMissingAndKeepsTheAlertQuiet()
    {
        using var rig = Rig().Answer("az provider show*Microsoft.App *", "NotRegistered\\n", times: 1).Answer("az provider show*", "Registered\\n");

        var run = await rig.RunAsync("preprovision");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "az provider register --subscription 22222222-2222-2222-2222-222222222222 --namespace Microsoft.App --output none",
                "az provider register --subscription 22222222-2222-2222-2222-222222222222 --namespace Microsoft.App --wait --output none",
            ],
            run.Calls.Where(call => call.StartsWith("az provider register", StringComparison.Ordinal)));
        Assert.Contains("azd env set HEADGATE_LIVE false", run.Calls);
    }

    [Theory]
    [InlineData("true", "Premium")]
    [InlineData("false", "Standard")]
    public async Task Run_EnvironmentThatIsThere_GoesOnAndLeavesTheAlertAlone(string isPrivate, string tier)
    {
        using var rig = Rig(exists: true, tier: tier);
        rig.Variables["HEADGATE_PRIVATE"] = isPrivate;

        var run = await rig.RunAsync("preprovision");

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain(run.Calls, call => call.StartsWith("azd ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", "Standard", "cannot become private")]
    [InlineData("false", "Premium", "cannot become public")]
    [InlineData("", "Premium", "cannot become public")]
    public async Task Run_PrivateAndPublicSwitched_RefusesBeforeAnythingIsTried(string isPrivate, string tier, string sentence)
    {
        using var rig = Rig(exists: true, tier: tier);
        rig.Variables["HEADGATE_PRIVATE"] = isPrivate;

        Refused(await rig.RunAsync("preprovision"), sentence);
    }

    [Fact]
    public async Task Run_EnvironmentMoved_Refuses()
    {
        using var rig = Rig(exists: true, tier: "Standard", region: "northeurope");

        Refused(await rig.RunAsync("preprovision"), "rg-headgate-test is in northeurope and cannot move to westeurope");
    }

    [Fact]
    public async Task Run_RegionWithoutFlexConsumption_RefusesAndListsThoseWithIt()
    {
        using var rig = Rig();
        rig.Variables["AZURE_LOCATION"] = "westeuropa";

        Refused(await rig.RunAsync("preprovision"), "The region 'westeuropa' has no Flex Consumption (zone redundant: false). Those that have: North Europe West Europe");
    }

    [Fact]
    public async Task Run_ZonesAskedFor_AsksForRegionsThatHaveThem()
    {
        using var rig = new HookRig("az").Answer("az functionapp list-flexconsumption-locations --zone-redundant=true*", "northeurope\\n").Answer("az functionapp*", "westeurope\\n");
        rig.Variables["HEADGATE_ZONE_REDUNDANT"] = "true";

        Refused(await rig.RunAsync("preprovision"), "(zone redundant: true)");
    }

    [Fact]
    public async Task Run_RegionsThatAzCannotList_StopNobody()
    {
        using var rig = new HookRig("az").Answer("az functionapp*", exitCode: 2).Answer("az group exists*", "false\\n").Answer("az provider show*", "Registered\\n");

        Assert.Equal(0, (await rig.RunAsync("preprovision")).ExitCode);
    }

    [Fact]
    public async Task Run_NoRightToRegister_SaysWhoMayAndHow()
    {
        using var rig = Rig().Answer("az provider show*Microsoft.App *", "NotRegistered\\n").Answer("az provider show*", "Registered\\n").Answer("az provider register*", exitCode: 1);

        Refused(await rig.RunAsync("preprovision"), "'az provider register --namespace Microsoft.App', as Contributor of the subscription");
    }

    [Theory]
    [InlineData("AZURE_ENV_NAME")]
    [InlineData("AZURE_LOCATION")]
    [InlineData("AZURE_SUBSCRIPTION_ID")]
    public async Task Run_VariableMissing_NamesIt(string variable)
    {
        using var rig = Rig();
        rig.Variables.Remove(variable);

        Refused(await rig.RunAsync("preprovision"), $"{variable} is not set");
    }

    [Fact]
    public async Task Run_NotSignedIn_SaysHow()
    {
        using var rig = new HookRig("az").Answer("az account show*", exitCode: 1);

        Refused(await rig.RunAsync("preprovision"), "'az login'");
    }

    [Fact]
    public async Task Run_WithoutAz_SaysWhereToGetIt()
    {
        using var rig = new HookRig();

        Refused(await rig.RunAsync("preprovision"), "'az' is not installed");
    }

    /// <summary>Refused, in one sentence, before a provider was registered or a variable kept.</summary>
    private static void Refused(HookRun run, string sentence)
    {
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(sentence, run.Said, StringComparison.Ordinal);
        Assert.StartsWith("headgate: ", run.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Calls, call => call.Contains("--wait", StringComparison.Ordinal));
    }

    private static HookRig Rig(bool exists = false, string tier = "", string region = "westeurope")
    {
        var rig = new HookRig("az", "azd").Answer("az functionapp list-flexconsumption-locations*", "North Europe\\nWest Europe\\n")
            .Answer("az group exists*", exists ? "true\\n" : "false\\n");
        return exists
            ? rig.Answer("az group show*", $"{region}\\n").Answer("az resource list*", $"{tier}\\n").Answer("az provider show*", "Registered\\n")
            : rig;
    }
}
