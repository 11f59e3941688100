using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Validation;
using Microsoft.Extensions.Configuration;

namespace Headgate.LocalHost.Options;

/// <summary>What a Prometheus server shows to read the metrics, and nothing else. Only its hash is kept.</summary>
internal sealed class ScrapeKey
{
    /// <summary>Characters; a shorter key could be guessed.</summary>
    public const int MinLength = 32;

    private readonly byte[] _hash;

    private ScrapeKey(string key) => _hash = Hash(key);

    /// <summary>Null where the settings give none.</summary>
    public static ScrapeKey? Of(IConfiguration configuration) => Text(configuration) is { } key ? new ScrapeKey(key) : null;

    public static void Check(IConfiguration configuration, Problems problems)
    {
        if (Text(configuration) is { Length: < MinLength } key)
            problems.Add(EnvironmentSettings.ScrapeKey, $"must have at least {MinLength} characters, not {key.Length}");
    }

    /// <summary>Takes as long whatever is wrong.</summary>
    public bool Is(string token) => CryptographicOperations.FixedTimeEquals(Hash(token), _hash);

    private static string? Text(IConfiguration configuration) => configuration[EnvironmentSettings.ScrapeKey] is { Length: > 0 } key ? key : null;

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
