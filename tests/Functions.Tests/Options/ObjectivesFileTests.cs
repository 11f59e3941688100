using Headgate.Core.Objectives;
using Headgate.Functions.Options;
using Xunit;

namespace Headgate.Functions.Tests.Options;

public sealed class ObjectivesFileTests
{
    private const string Good = """
        {
          "burnLimits": [{ "name": "fast", "longMinutes": 60, "shortMinutes": 5, "rate": 14.4, "minimumBad": 3 }],
          "objectives": [{ "id": "run-success", "description": "d", "target": 0.95, "windowDays": 30, "targets": { "pro": 0.99 } }]
        }
        """;

    [Fact]
    public void OfTheApp_Always_HasTheFourObjectives()
    {
        var file = ObjectivesFile.OfTheApp();

        Assert.Equal(["availability", "admission-latency", "start-delay", "run-success"], file.Objectives.Select(objective => objective.Id));
        Assert.All(file.Limits, limit => Assert.True(limit.Short < limit.Long));
    }

    [Fact]
    public void Read_Good_IsWhatItSays()
    {
        var file = ObjectivesFile.Read(Good);

        Assert.Equal(new BurnLimit("fast", TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4, 3), Assert.Single(file.Limits));
        var objective = Assert.Single(file.Objectives);
        Assert.Equal((0.99, 0.95, TimeSpan.FromDays(30)), (objective.TargetOf("pro"), objective.TargetOf("free"), objective.Window));
    }

    [Theory]
    [InlineData("\"rate\": 14.4", "\"rate\": -1", "burnLimits[0].rate")]
    [InlineData("\"minimumBad\": 3", "\"minimumBad\": 0", "burnLimits[0].minimumBad")]
    [InlineData("\"name\": \"fast\"", "\"name\": \"Fast 1\"", "burnLimits[0].name")]
    [InlineData("\"shortMinutes\": 5", "\"shortMinutes\": 60", "burnLimits[0].shortMinutes")]
    [InlineData("\"shortMinutes\": 5", "\"shortMinutes\": 7", "burnLimits[0].shortMinutes")]
    [InlineData("\"longMinutes\": 60", "\"longMinutes\": 390", "burnLimits[0].longMinutes")]
    [InlineData("\"id\": \"run-success\"", "\"id\": \"run-succes\"", "objectives[0].id")]
    [InlineData("\"target\": 0.95", "\"target\": 1", "objectives[0].target")]
    [InlineData("\"target\": 0.95", "\"target\": 99.9", "objectives[0].target")]
    [InlineData("\"windowDays\": 30", "\"windowDays\": 31", "objectives[0].windowDays")]
    [InlineData("\"pro\": 0.99", "\"prp\": 0.99", "objectives[0].targets.prp")]
    [InlineData("\"pro\": 0.99", "\"pro\": 0", "objectives[0].targets.pro")]
    [InlineData("\"target\": 0.95", "\"traget\": 0.95", "traget")]
    [InlineData("\"target\": 0.95,", "", "target")]
    public void Read_Wrong_NamesWhatIsWrong(string right, string wrong, string named)
    {
        var refused = Assert.Throws<InvalidDataException>(() => ObjectivesFile.Read(Good.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }
}
