using Headgate.Functions.Security.Keys;
using Headgate.Infrastructure.Tests.Bicep;

namespace Headgate.Infrastructure.Tests;

/// <summary>A parameter file that cannot work is refused with a sentence: by the compiler, or when the template is worked out, before anything is made.</summary>
public sealed class ParameterTests
{
    private const string Emails = "param alertEmails = filter(map(split(readEnvironmentVariable('HEADGATE_ALERT_EMAILS', ''), ','), address => trim(address)), address => !empty(address))\n";
    private const string Name = "param environmentName = 'dev'\n";
    private const string Region = "param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')\n";
    private const string Start = "param budgetStartDate = readEnvironmentVariable('HEADGATE_BUDGET_START', '')\n";

    [Theory]
    [InlineData("dev", Name, "param environmentName = 'Dev'\n", "environmentName 'Dev' must be of a-z, 0-9 and '-'")]
    [InlineData("dev", Name, "param environmentName = 'dev-'\n", "environmentName 'dev-' must be of a-z, 0-9 and '-'")]
    [InlineData("dev", Region, "param location = 'WestEurope'\n", "location 'WestEurope' must be the name of a region")]
    [InlineData("dev", Emails, "param alertEmails = []\n", "alertEmails is empty, so alerts would reach nobody")]
    [InlineData("dev", Emails, "param alertEmails = ['one@example.org', 'two']\n", "alertEmails holds 'two', which is no address")]
    [InlineData("dev", Name, Name + "param leaseSeconds = 30\nparam heartbeatSeconds = 16\n", "heartbeatSeconds (16) must be at most half of leaseSeconds (30)")]
    [InlineData("dev", Name, Name + "param alwaysReady = [{ name: 'https', instanceCount: 1 }]\n", "alwaysReady names 'https', which is no scale group")]
    [InlineData("dev", Name, Name + "param alwaysReady = [{ name: 'http', instanceCount: 1 }, { name: 'http', instanceCount: 2 }]\n", "alwaysReady names a scale group twice")]
    [InlineData("dev", Name, Name + "param operatorAddresses = ['203.0.113.7']\n", "operatorAddresses is for private environments")]
    [InlineData("dev", Name, Name + "param privateNetworking = true\nparam operatorAddresses = ['office']\n", "operatorAddresses holds 'office', which is no IPv4 address")]
    [InlineData("prod", Start, "param budgetStartDate = '2026-04-01'\nparam today = '2026-05-17'\n", "budgetStartDate '2026-04-01' lies before this month")]
    [InlineData("prod", Start, "param budgetStartDate = '2026-06-15'\nparam today = '2026-05-17'\n", "budgetStartDate '2026-06-15' must be the first day of a month")]
    [InlineData("prod", Start, "param budgetStartDate = ''\nparam today = '2026-05-17'\n", "budgetStartDate '' must be the first day of a month")]
    [InlineData("main", "any(readEnvironmentVariable('HEADGATE_DURABLE_BACKEND', 'AzureStorage'))", "any('Redis')", "The value 'Redis' is not part of the allowed value(s)")]
    [InlineData("main", "any(int(readEnvironmentVariable('HEADGATE_INSTANCE_MEMORY', '2048')))", "any(1024)", "is not part of the allowed value(s)")]
    [InlineData("main", "any(readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User'))", "any('Robot')", "The value 'Robot' is not part of the allowed value(s)")]
    public async Task Snapshot_OfAFileThatCannotWork_SaysWhy(string file, string from, string to, string sentence)
    {
        using var copy = new InfrastructureCopy($"bicep/{file}.bicepparam", from, to);

        var refused = await Assert.ThrowsAsync<BicepException>(() => Compiled.SnapshotAsync(copy.Compiler, file));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dev", Name, "param environmentName = 'an-environment-with-a-name-too-long-for-it'\n", "BCP332")]
    [InlineData("dev", Name, Name + "param maximumInstanceCount = 20\n", "BCP328")]
    [InlineData("dev", "param instanceMemoryMB = 512\n", "param instanceMemoryMB = 1024\n", "BCP033")]
    [InlineData("dev", "param vaultRetentionDays = 7\n", "param vaultRetentionDays = 6\n", "BCP328")]
    [InlineData("dev", Name, Name + "param alwaysReady = [{ name: 'http', instanceCount: 0 }]\n", "BCP328")]
    public async Task Build_OfAFileOutOfBounds_IsRefused(string file, string from, string to, string code)
    {
        using var copy = new InfrastructureCopy($"bicep/{file}.bicepparam", from, to);

        Assert.Contains((await copy.Compiler.BuildParametersAsync($"bicep/{file}.bicepparam")).Diagnostics, each => each.Code == code);
    }

    [Fact]
    public async Task Snapshot_OfABudgetThatIsThere_TakesItsStartInThePast()
    {
        using var copy = new InfrastructureCopy("bicep/prod.bicepparam", $"{Start}param budgetExists = bool(readEnvironmentVariable('HEADGATE_BUDGET_EXISTS', 'false'))\n", "param budgetStartDate = '2026-04-01'\nparam today = '2026-05-17'\nparam budgetExists = true\n");

        Assert.Contains("2026-04-01", await Compiled.SnapshotAsync(copy.Compiler, "prod"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_OfAnEnvironmentWithoutAlerts_NeedsNoAddress()
    {
        using var copy = new InfrastructureCopy("bicep/dev.bicepparam", Emails, "param alertEmails = []\nparam alertsEnabled = false\n");

        Assert.NotEmpty(await Compiled.SnapshotAsync(copy.Compiler, "dev"));
    }

    /// <summary>The key is a secret, which no snapshot works out: the check itself is asked, and held to the app's own.</summary>
    [Fact]
    public async Task OperatorKey_GoodAndBad_IsJudgedAsByTheApp()
    {
        string[] keys =
        [
            "hg_ops_0123456789abcdef0123456789abcdef", "hg_ops_0123456789_bcdef0123456789-bcdeF", "hg_ops_0123456789abcdef", "hg_ops_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "0123456789abcdef0123456789abcdef01234567", "hg__0123456789abcdef0123456789abcdef", "hg_ops_0123456789abcdef0123456789abcd?f", "hg_0123456789abcdef0123456789abcdef",
            "HG_ops_0123456789abcdef0123456789abcdef", $"hg_ops_{string.Concat(Enumerable.Repeat("0123456789abcdef", 9))}", "hg_o?s_0123456789abcdef0123456789abcdef",
        ];
        var members = string.Concat(keys.Select((key, i) => $"  k{i}: join(operatorKeyProblems('{key}'), ' ')\n"));
        using var copy = new InfrastructureCopy("bicep/dev.bicepparam", Name, $"import {{ operatorKeyProblems }} from 'checks.bicep'\n{Name}param extraTags = {{\n{members}}}\n");

        var found = (await copy.Compiler.BuildParametersAsync("bicep/dev.bicepparam")).Parameters.GetProperty("extraTags").GetProperty("value");

        Assert.All(keys.Select((key, i) => (Key: key, Said: found.GetProperty($"k{i}").GetString()!)), each =>
        {
            Assert.True((OperatorKey.Read(each.Key, out var problem) is null) == each.Said.Length > 0, $"Of '{each.Key}' the app says '{problem}', the template '{each.Said}'.");
            Assert.DoesNotContain(each.Key, each.Said, StringComparison.Ordinal);
        });
    }
}
