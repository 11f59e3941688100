using System.Text.RegularExpressions;
using Headgate.Functions.Telemetry;
using Headgate.TestKit;

namespace Headgate.LocalHost.Tests.Telemetry;

/// <summary>docs/telemetry.md lists the metrics that there are.</summary>
public sealed partial class MetricsDocumentTests(MetricsGround ground) : IClassFixture<MetricsGround>
{
    [Fact]
    public void Table_OfTheDocument_IsWhatIsServed()
    {
        var text = new PrometheusText(ground.Text);
        var served = text.Types
            .Where(type => type.Key.StartsWith("headgate_", StringComparison.Ordinal))
            .Select(type => $"{type.Key} {type.Value} {string.Join(',', text.LabelsOf(type.Key)!.Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(Rows().Select(row => $"{row.Metric} {row.Kind} {row.Labels}").Order(StringComparer.Ordinal), served);
    }

    /// <summary>What a rules file may name is what there is.</summary>
    [Fact]
    public void Catalog_OfInstruments_IsTheTable() => Assert.Equal(
        Rows().Select(row => $"{row.Instrument} {row.Kind} {row.Labels}").Order(StringComparer.Ordinal),
        InstrumentCatalog.All.Where(known => known.Name != InstrumentCatalog.RequestDuration)
            .Select(known => $"{known.Name} {known.Kind.ToString().ToLowerInvariant()} {string.Join(',', known.Labels)}").Order(StringComparer.Ordinal));

    [Fact]
    public void Names_OfInstruments_AreThoseOfPrometheusWithDots() =>
        Assert.All(Rows(), row => Assert.StartsWith(row.Instrument.Replace('.', '_'), row.Metric, StringComparison.Ordinal));

    private static List<(string Instrument, string Metric, string Kind, string Labels)> Rows() =>
    [
        .. Row().Matches(RepositoryFiles.Read("docs/telemetry.md")).Select(row => (
            row.Groups["instrument"].Value,
            row.Groups["metric"].Value,
            row.Groups["kind"].Value,
            string.Join(',', row.Groups["labels"].Value.Split(',').Select(label => label.Trim(' ', '`')).Where(label => label.Length > 0).Order(StringComparer.Ordinal)))),
    ];

    [GeneratedRegex(@"^\| `(?<instrument>headgate\.[\w.]+)` \| `(?<metric>headgate_\w+)` \| (?<kind>\w+) \|(?<labels>[^|]*)\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();
}
