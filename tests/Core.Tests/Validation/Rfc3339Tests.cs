using System.Globalization;
using Headgate.Core.Validation;

namespace Headgate.Core.Tests.Validation;

public class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.0000000")]
    [InlineData("2026-01-31t12:00:00z", "2026-01-31T12:00:00.0000000")]
    [InlineData("2026-01-31T12:00:00.5+01:00", "2026-01-31T11:00:00.5000000")]
    [InlineData("2026-01-31T12:00:00.123456789-00:00", "2026-01-31T12:00:00.1234567")]
    [InlineData("2026-01-31T00:30:00+23:59", "2026-01-30T00:31:00.0000000")]
    [InlineData("2026-01-31T12:00Z", "2026-01-31T12:00:00.0000000")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000")]
    [InlineData("2016-12-31t23:59:60.999z", "2017-01-01T00:00:00.0000000")]
    [InlineData("2016-12-31T15:59:60-08:00", "2017-01-01T00:00:00.0000000")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    public void TryParse_AsTheRfcWritesTimes_ReadsThem(string text, string utc)
    {
        Assert.True(Rfc3339.TryParse(text, out var time));
        Assert.Equal((utc, TimeSpan.Zero), (time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture), time.Offset));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T12:00:00")]
    [InlineData("2026-01-31 12:00:00Z")]
    [InlineData("2026-1-31T12:00:00Z")]
    [InlineData("2026-02-30T12:00:00Z")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T12:60:00Z")]
    [InlineData("2026-01-31T12:00:61Z")]
    [InlineData("2026-01-31T12:00:00.Z")]
    [InlineData("2026-01-31T12:00:00,5Z")]
    [InlineData("2026-01-31T12:00:00+1:00")]
    [InlineData("2026-01-31T12:00:00+0100")]
    [InlineData("2026-01-31T12:00:00+24:00")]
    [InlineData("2026-01-31T12:00:00ZZ")]
    [InlineData(" 2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00Z ")]
    [InlineData("2026-01-31T12:00:")]
    [InlineData("2026-01-31T12:00:0")]
    [InlineData("2026-01-31T12:00:00.5")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("٢٠٢٦-01-31T12:00:00Z")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(Rfc3339.TryParse(text, out _));
}
