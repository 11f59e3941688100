using System.Diagnostics.CodeAnalysis;
using Headgate.Functions.Options;
using Headgate.Functions.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Headgate.Functions.Security.Tokens;

/// <summary>The keys that an issuer signs with, as it published them at a time.</summary>
public sealed record PublishedKeys(IReadOnlyCollection<SecurityKey> Keys)
{
    public bool Has(string keyId) => Keys.Any(key => key.KeyId == keyId);

    /// <summary>Whether all are the same, whatever they are called.</summary>
    public bool IsLike(PublishedKeys other) => Marks().SequenceEqual(other.Marks(), StringComparer.Ordinal);

    private IEnumerable<string> Marks() =>
        Keys.Select(key => $"{key.KeyId} {(key.CanComputeJwkThumbprint() ? Convert.ToBase64String(key.ComputeJwkThumbprint()) : "")}").Order(StringComparer.Ordinal);
}

/// <summary>
/// The issuer's keys, from its metadata (OpenID Connect Discovery 1.0). They are read when the first token comes, each hour beside the callers,
/// and when a token names a key that is not among them: at most every 30 seconds, whatever tokens come. One read at a time. While the issuer is
/// away the last keys count, for a day.
/// </summary>
public sealed class IssuerKeys(OidcOptions options, IDocumentRetriever documents, TimeProvider clock, ILogger<IssuerKeys> logger)
{
    public static readonly TimeSpan Renewal = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestAge = TimeSpan.FromDays(1);
    public static readonly TimeSpan UnknownKeyPause = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);

    /// <summary>How long a caller waits for the issuer. The read itself goes on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_longestRead = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private PublishedKeys? _keys;
    private long _readAt;
    private Task? _reading;
    private long? _failedAt;

    /// <summary>The keys that count now, without a look at the issuer; null where none do.</summary>
    public PublishedKeys? Latest
    {
        get
        {
            if (Known is not { } known)
                return null;
            if (Age >= Renewal)
                TryBegin(out _);
            return known;
        }
    }

    /// <summary>The keys; null where none are known, or none lately enough, and the issuer does not answer.</summary>
    public async ValueTask<PublishedKeys?> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Latest is { } known)
            return known;
        await TryReadAsync(cancellationToken);
        return Known;
    }

    /// <summary>Newer keys than these, where a token names one that they lack.</summary>
    /// <returns>The same where the issuer was asked a moment ago and has no others; null where it does not answer.</returns>
    public async ValueTask<PublishedKeys?> AfterAsync(PublishedKeys lacking, CancellationToken cancellationToken)
    {
        if (Known is { } newer && newer != lacking)
            return newer;
        if (Age < UnknownKeyPause)
            return lacking;
        await TryReadAsync(cancellationToken);
        lock (_lock)
            return _failedAt is null && Age < UnknownKeyPause ? _keys : null;
    }

    private PublishedKeys? Known
    {
        get
        {
            lock (_lock)
                return _keys is not null && clock.GetElapsedTime(_readAt) < LongestAge ? _keys : null;
        }
    }

    private TimeSpan Age
    {
        get
        {
            lock (_lock)
                return _keys is null ? TimeSpan.MaxValue : clock.GetElapsedTime(_readAt);
        }
    }

    private async ValueTask TryReadAsync(CancellationToken cancellationToken)
    {
        if (!TryBegin(out var reading))
            return;
        try
        {
            await reading.WaitAsync(Patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The next caller may find what comes later.
        }
    }

    /// <param name="reading">The read that goes on now.</param>
    /// <returns>False where the issuer failed a moment ago.</returns>
    private bool TryBegin([NotNullWhen(true)] out Task? reading)
    {
        lock (_lock)
        {
            reading = _reading;
            if (reading is { IsCompleted: false })
                return true;
            if (_failedAt is { } failed && clock.GetElapsedTime(failed) < FailurePause)
                return false;
            reading = _reading = Task.Run(ReadAsync);
            return true;
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(s_longestRead, clock);
            var address = options.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
            var metadata = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, limit.Token);
            if (metadata.Issuer != options.Issuer)
                throw new InvalidOperationException($"The metadata name another issuer: '{metadata.Issuer}'.");
            Take(new PublishedKeys([.. metadata.SigningKeys]));
        }
        catch (Exception failure)
        {
            // Whatever it is: the issuer's answer can't be used, and callers are told to come back.
            lock (_lock)
                _failedAt = clock.GetTimestamp();
            logger.IssuerUnavailable(failure, options.Issuer);
        }
    }

    private void Take(PublishedKeys keys)
    {
        lock (_lock)
        {
            // The same keys stay the same object: tokens that were judged by them need no second look.
            if (_keys is null || !_keys.IsLike(keys))
                _keys = keys;
            _readAt = clock.GetTimestamp();
            _failedAt = null;
        }
    }
}
