using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Headgate.EndToEnd.Tests.Contract.Kit;
using Headgate.EndToEnd.Tests.Tokens;
using Headgate.Ports;
using Headgate.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Headgate.EndToEnd.Tests;

/// <summary>Where secrets and paths must not turn up.</summary>
public sealed class SecretTests
{
    [Fact]
    public async Task Secrets_OfEveryKind_StandInNoLogAndNoRow()
    {
        var log = new Lines();
        await using var issuer = await LocalIssuer.StartAsync();
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Headgate:Oidc:Issuer"] = issuer.Address, ["Headgate:Oidc:Audience"] = LocalIssuer.Audience, ["Logging:LogLevel:Default"] = "Trace" };
        await using var service = await LocalService.StartAsync(settings: settings, configure: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)));
        await service.Client.CreateTenantAsync("acme");
        var secrets = new List<string> { SecretOf(service.Server.OperatorKey.Text) };
        foreach (var headers in new (string, string)[][] { [], [("Idempotency-Key", "one")] })
            secrets.Add(SecretOf((string)(await service.Client.CallAsync("POST", "/tenants/acme/keys", """{"name":"k","role":"owner"}""", headers)).Done["key"]!));
        secrets.Add(SecretOf((string)(await service.Client.PostAsync("/agents", AgentKit.Profile("a", "acme", "noop"))).Done["key"]!));
        var bad = issuer.Token("ada", claims => claims["aud"] = "other");
        foreach (var token in new[] { issuer.Token("ada"), bad, $"hg_unknown_{secrets[1]}" })
        {
            using var client = service.NewClient(token);
            await client.ReadAsync("/tenants/acme");
            await client.CallAsync("POST", "/tenants/acme/runs", "{");
            secrets.Add(token.Split('.')[^1]);
        }

        Assert.NotEmpty(log.Text);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log.Text, StringComparison.Ordinal));
        var rows = new StringBuilder();
        foreach (var table in Enum.GetValues<Table>())
        {
            foreach (var row in (await service.Server.Storage.Tables.QueryAsync(new TableQuery(table, null))).Rows)
            {
                foreach (var (_, value) in row.Columns)
                    rows.AppendLine(value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : $"{value}");
            }
        }

        Assert.Contains("key.created", rows.ToString(), StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, rows.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_OfManyPaths_PutNoneOfThemIntoALabel()
    {
        var marker = $"zq{Guid.NewGuid():N}";
        var labels = new ConcurrentBag<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => listening.EnableMeasurementEvents(instrument) };
        Take<int>();
        Take<long>();
        Take<double>();
        listener.Start();
        await using var service = await LocalService.StartAsync();

        foreach (var path in new[] { "tenants", "tasks", "agents", "nowhere", "tenants/acme/runs" })
        {
            await service.Client.ReadAsync($"/{path}/{marker}");
            await service.Client.CallAsync("BREW", $"/{path}/{marker}?{marker}=1");
        }

        Assert.NotEmpty(labels);
        Assert.DoesNotContain(labels, label => label.Contains(marker, StringComparison.Ordinal));

        void Take<T>()
            where T : struct => listener.SetMeasurementEventCallback<T>((_, _, tags, _) =>
            {
                foreach (var tag in tags)
                    labels.Add($"{tag.Key}={tag.Value}");
            });
    }

    private static string SecretOf(string key) => key[(key.IndexOf('_', 3) + 1)..];

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public string Text => string.Join('\n', _lines);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            _lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
