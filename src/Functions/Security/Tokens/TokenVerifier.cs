using System.Security.Cryptography;
using System.Text;
using Headgate.Core.Identity;
using Headgate.Functions.Options;
using Headgate.Functions.Wire;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Headgate.Functions.Security.Tokens;

/// <summary>
/// JSON web tokens of the configured issuer: signature by a key that it publishes, algorithm, issuer, audience and lifetime. A token that was
/// good is remembered by its SHA-256 until it expires or the issuer's keys change; at most 20,000 of them.
/// </summary>
public sealed class TokenVerifier(OidcOptions options, IssuerKeys issuer, Memberships memberships, TimeProvider clock) : ICredentialVerifier
{
    /// <summary>Longer ones are no credentials.</summary>
    public const int MaxLength = 8 * 1024;

    private readonly LookupCache<Judged> _judged = new(clock, TimeSpan.FromHours(1));
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxLength };

    public bool Recognises(ReadOnlySpan<char> token) =>
        token.StartsWith("ey", StringComparison.Ordinal) && token.Length <= MaxLength && token.Count('.') == 2 && !token.ContainsAnyExceptInRange('!', '~');

    public ValueTask<Caller?> VerifyAsync(ReadOnlySpan<char> token, CancellationToken cancellationToken)
    {
        Span<char> name = stackalloc char[2 * SHA256.HashSizeInBytes];
        NameOf(token, name);
        return _judged.TryGet(name, out var judged, out _) && judged is not null && clock.GetUtcNow() < judged.Until && judged.By == issuer.Latest
            ? ValueTask.FromResult<Caller?>(judged.Caller)
            : JudgeAsync(token.ToString(), name.ToString(), cancellationToken);
    }

    private static void NameOf(ReadOnlySpan<char> token, Span<char> name)
    {
        Span<byte> ascii = stackalloc byte[MaxLength];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(ascii[..Encoding.ASCII.GetBytes(token, ascii)], hash);
        Convert.TryToHexStringLower(hash, name, out _);
    }

    private async ValueTask<Caller?> JudgeAsync(string text, string name, CancellationToken cancellationToken)
    {
        var moment = _judged.Moment;
        if (Read(text) is not { } token || !options.Algorithms.Contains(token.Alg, StringComparer.Ordinal))
            return null;
        if (await issuer.CurrentAsync(cancellationToken) is not { } keys)
            return new UndecidedCaller(Refusals.IssuerUnavailable);
        if (!keys.Has(token.Kid))
        {
            if (await issuer.AfterAsync(keys, cancellationToken) is not { } newer)
                return new UndecidedCaller(Refusals.IssuerUnavailable);
            if (!newer.Has(token.Kid))
                return null;
            keys = newer;
        }

        var result = await _handler.ValidateTokenAsync(token, Rules(keys));
        if (!result.IsValid || CallerOf(token) is not { } caller)
            return null;
        var end = caller.ExpiresAt!.Value;
        var until = end < DateTimeOffset.MaxValue - options.ClockSkew ? end + options.ClockSkew : DateTimeOffset.MaxValue;
        _judged.Remember(name, new Judged(caller, until, keys), moment);
        return caller;
    }

    private JsonWebToken? Read(string text)
    {
        try
        {
            return _handler.ReadJsonWebToken(text);
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException or FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private TokenValidationParameters Rules(PublishedKeys keys) => new()
    {
        ValidIssuer = options.Issuer,
        ValidAudience = options.Audience,
        ValidAlgorithms = options.Algorithms,
        IssuerSigningKeys = keys.Keys,
        TryAllIssuerSigningKeys = false,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        LifetimeValidator = (from, until, _, _) => IsLive(from, until),
    };

    private bool IsLive(DateTime? from, DateTime? until)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return until is { } end && now - options.ClockSkew < end && !(from is { } start && now + options.ClockSkew < start);
    }

    private Caller? CallerOf(JsonWebToken token)
    {
        if (!token.TryGetPayloadValue<string>(options.SubjectClaim, out var subject) || !Grammar.IsSubject(subject))
            return null;
        var expiresAt = new DateTimeOffset(token.ValidTo, TimeSpan.Zero);
        return IsOperator(token)
            ? new OperatorCaller(subject, IsPerson: true) { ExpiresAt = expiresAt }
            : new PersonCaller(subject, memberships) { ExpiresAt = expiresAt };
    }

    // A claim that is an array stands as several claims of one name.
    private bool IsOperator(JsonWebToken token) =>
        options.OperatorValue is { } value && token.Claims.Any(claim => claim.Type == options.OperatorClaim && claim.Value == value);

    /// <param name="By">The keys that it was judged by.</param>
    private sealed record Judged(Caller Caller, DateTimeOffset Until, PublishedKeys By);
}
