using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests.Hooks;

/// <summary>azd calls the scripts that are there, and they know of the template what they name.</summary>
public sealed partial class HookAgreementTests
{
    public static TheoryData<string> Scripts => [.. Directory.EnumerateFiles(Repository.Full("infra/hooks")).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_OfTheFolder_IsCalledByAzdUnderItsName(string script) =>
        Assert.Contains($"\n  {Path.GetFileNameWithoutExtension(script)}:\n    shell: sh\n    run: infra/hooks/{script}\n", Repository.Text("azure.yaml"), StringComparison.Ordinal);

    [Fact]
    public void Postprovision_ThatFails_KeepsNoCodeFromBeingDeployed() =>
        Assert.Matches(@"run: infra/hooks/postprovision\.sh\n( +#.*\n)*    continueOnError: true\n", Repository.Text("azure.yaml"));

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_OfTheFolder_CanBeRunAndStopsAtTheFirstFault(string script)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException(HookRig.NotHere);
        Assert.True(File.GetUnixFileMode(Repository.Full($"infra/hooks/{script}")).HasFlag(UnixFileMode.UserExecute));
        Assert.StartsWith("#!/bin/sh\n", Repository.Text($"infra/hooks/{script}"), StringComparison.Ordinal);
        Assert.Contains("\nset -eu\n", Repository.Text($"infra/hooks/{script}"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_ThatNamesAHeadingOfTheDocument_FindsItThere(string script) =>
        Assert.All(Heading().Matches(Repository.Text($"infra/hooks/{script}")), named => Assert.Contains($"## {named.Groups["heading"].Value}\n", Repository.Text("docs/azure.md"), StringComparison.Ordinal));

    [Fact]
    public async Task Providers_ThatAreRegistered_AreTheTemplatesAndTheOneThatNoTemplateNames() =>
        Assert.Equal(Needed((await Compiled.Main).Template), Registered(Repository.Text("infra/hooks/preprovision.sh")));

    [Theory]
    [InlineData("Microsoft.App ", "")]
    [InlineData(" Microsoft.DurableTask", "")]
    [InlineData("Microsoft.Web'", "Microsoft.Web Microsoft.Cdn'")]
    public async Task Providers_OneSided_AreFound(string from, string to) =>
        Assert.NotEqual(Needed((await Compiled.Main).Template), Registered(Text.Changed(Repository.Text("infra/hooks/preprovision.sh"), from, to)));

    private static string[] Registered(string script) => Providers().Match(script).Groups["names"].Value.Split(' ');

    // The first two are registered in every subscription. The subnet of the app is delegated to Microsoft.App.
    private static IEnumerable<string> Needed(JsonElement template) =>
        TemplateRules.Modules(template)
            .SelectMany(module => module.Template.GetProperty("resources").EnumerateObject())
            .Select(resource => resource.Value.GetProperty("type").GetString()!.Split('/')[0])
            .Except(["Microsoft.Authorization", "Microsoft.Resources"])
            .Append("Microsoft.App")
            .Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex("^providers='(?<names>[^']+)'$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Providers();

    [GeneratedRegex(@"docs/azure\.md, '(?<heading>[^.]+?)'[.""]", RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();
}
