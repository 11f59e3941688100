using Headgate.Infrastructure.Tests.Bicep;
using Headgate.Infrastructure.Tests.Bicep.Checks;
using Headgate.Infrastructure.Tests.Bicep.Evaluation;

namespace Headgate.Infrastructure.Tests;

/// <summary>The files of <c>infra/bicep</c> agree with themselves. This is no compile: see docs/azure.md.</summary>
public sealed class BicepTests
{
    [Fact]
    public void Files_AllChecks_FindNothing()
    {
        var problems = AllChecks.Of(BicepSources.OfRepository);

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Theory]
    [InlineData("bicep/main.bicepparam")]
    [InlineData("bicep/dev.bicepparam")]
    [InlineData("bicep/prod.bicepparam")]
    public void Environment_OfEachParameterFile_CanBeWorkedOut(string path) =>
        Assert.InRange(Deployment.Of(BicepSources.OfRepository, path).Resources.Count, 40, 200);
}
