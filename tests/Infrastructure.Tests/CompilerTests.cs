using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Rules;

namespace Headgate.Infrastructure.Tests;

/// <summary>What the Bicep compiler and its linter say of the files, and what they compile to.</summary>
public sealed class CompilerTests
{
    public static TheoryData<string> ParameterFiles => [.. Sources.ParameterFiles];

    public static TheoryData<string> SourceFiles => [.. Sources.Paths];

    [Fact]
    public async Task Build_Main_FindsNothing() => Assert.Empty((await Compiled.Main).Diagnostics);

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public async Task Build_ParameterFile_FindsNothing(string name) => Assert.Empty((await Compiled.ParametersAsync(name)).Diagnostics);

    [Fact]
    public async Task Files_OfTheFolder_AreAllPartOfMain() => Assert.Empty(Sources.BicepFiles.Except(await Compiled.References));

    [Fact]
    public async Task Template_AllItDeclares_IsDescribedAndBounded() => Assert.Empty(TemplateRules.Problems((await Compiled.Main).Template));

    [Fact]
    public async Task Template_Modules_AreAllLookedAt() =>
        Assert.Equal(
            Sources.BicepFiles.SelectMany(path => Sources.Text(path).Split('\n')).Count(line => line.StartsWith("module ", StringComparison.Ordinal)) + 1,
            TemplateRules.Modules((await Compiled.Main).Template).Count());

    [Theory]
    [MemberData(nameof(SourceFiles))]
    public void Source_Text_HoldsNoSecret(string path) => Assert.Empty(Secrets.In(path, Sources.Text(path)));

    [Theory]
    [MemberData(nameof(ParameterFiles))]
    public async Task ParameterFile_SecretParameters_ComeFromTheEnvironment(string name) =>
        Assert.Empty(Secrets.InClear(Sources.Text($"bicep/{name}.bicepparam"), (await Compiled.Main).Template));

    [Fact]
    public async Task RoleAssignments_InAllModules_StandInOne() => Assert.Equal(["roles"], Roles.Modules((await Compiled.Main).Template));

    [Fact]
    public async Task Roles_ById_BearTheirNames() => Assert.Empty(Roles.Misnamed((await Compiled.Main).Template));
}
