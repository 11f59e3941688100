using System.Text.Json;
using Headgate.Contracts.Agents;
using Headgate.Contracts.Runs;

namespace Headgate.Contracts.Tests;

public sealed class MillisecondTimeTests
{
    [Theory]
    [InlineData("2026-03-15T12:00:00.0000000+00:00", "2026-03-15T12:00:00.000Z")]
    [InlineData("2026-03-15T12:00:00.1239999+00:00", "2026-03-15T12:00:00.123Z")]
    [InlineData("2026-03-15T01:30:00.5000000+02:00", "2026-03-14T23:30:00.500Z")]
    [InlineData("0001-01-01T00:00:00.0000000+00:00", "0001-01-01T00:00:00.000Z")]
    [InlineData("9999-12-31T23:59:59.9999999+00:00", "9999-12-31T23:59:59.999Z")]
    public void Write_AnyInstant_IsUtcWithThreeDecimals(string given, string expected) =>
        Assert.Equal($$"""{"outcome":"retry","nextRetryAt":"{{expected}}"}""", JsonSerializer.Serialize(new TaskResultAnswer("retry", DateTimeOffset.Parse(given, null)), ContractJson.Default.TaskResultAnswer));

    [Theory]
    [InlineData("2026-03-15T12:00:00Z")]
    [InlineData("2026-03-15T12:00:00.000Z")]
    [InlineData("2026-03-15T14:00:00+02:00")]
    [InlineData("2026-03-15T12:00:00.0000000+00:00")]
    public void Read_AnyOffsetAndPrecision_IsTheInstant(string text) =>
        Assert.Equal(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero), Read(text)?.NextRetryAt);

    [Theory]
    [InlineData("yesterday")]
    [InlineData("15.03.2026")]
    [InlineData("")]
    public void Read_NoTime_IsRefused(string text) => Assert.Throws<JsonException>(() => Read(text));

    [Fact]
    public void Write_NoTime_IsNull() =>
        Assert.Contains("\"startedAt\":null", JsonSerializer.Serialize(
            new RunView("r", "t", "n", "pending", "normal", DateTimeOffset.UnixEpoch, null, null, null, null, null, new RunLinks("", "", "", "", "")), ContractJson.Default.RunView), StringComparison.Ordinal);

    private static TaskResultAnswer? Read(string time) =>
        JsonSerializer.Deserialize($$"""{"outcome":"retry","nextRetryAt":"{{time}}"}""", ContractJson.Default.TaskResultAnswer);
}
