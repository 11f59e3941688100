using Headgate.Core.Validation;

namespace Headgate.Functions.Options;

/// <summary>Whose tokens are taken, and what they must say.</summary>
/// <param name="Issuer">An https address, or http on this machine, exactly as tokens name it; its metadata are at <c>/.well-known/openid-configuration</c> below it.</param>
/// <param name="Audience">One that each token must be for.</param>
public sealed record OidcOptions(string Issuer, string Audience)
{
    public const string DefaultAlgorithms = "RS256 PS256 ES256";

    /// <summary>Signatures by a published key alone: with a shared secret, whoever can check a token could make one.</summary>
    public static readonly IReadOnlyList<string> KnownAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    /// <summary>The claim that names the person.</summary>
    public string SubjectClaim { get; init; } = "sub";

    /// <summary>The claim that makes its holder the operator if it has <see cref="OperatorValue"/> or lists it.</summary>
    public string OperatorClaim { get; init; } = "roles";

    /// <summary>Null: no token makes anybody the operator.</summary>
    public string? OperatorValue { get; init; }

    /// <summary>The signatures that are taken.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = DefaultAlgorithms.Split(' ');

    /// <summary>How far the issuer's clock may be from this one's.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the issuer is on this machine, where it needs no TLS.</summary>
    public bool IsLocal => new Uri(Issuer).IsLoopback;

    /// <returns>Null where there is no issuer, or a problem.</returns>
    internal static OidcOptions? Read(SettingsReader settings, Problems problems)
    {
        var before = problems.Count;
        var issuer = settings.Text("Oidc:Issuer", "", 500);
        var audience = settings.Text("Oidc:Audience", "", 500);
        var operatorValue = settings.Text("Oidc:OperatorValue", "", 200);
        var options = new OidcOptions(issuer, audience)
        {
            SubjectClaim = settings.Text("Oidc:SubjectClaim", "sub", 100),
            OperatorClaim = settings.Text("Oidc:OperatorClaim", "roles", 100),
            OperatorValue = operatorValue.Length == 0 ? null : operatorValue,
            Algorithms = settings.Text("Oidc:Algorithms", DefaultAlgorithms, 200).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ClockSkew = TimeSpan.FromSeconds(settings.Int("Oidc:ClockSkewSeconds", 60, 0, 300)),
        };
        if (issuer.Length == 0)
        {
            if (audience.Length + operatorValue.Length > 0)
                settings.Problem("Oidc:Issuer", "is required where there are other settings of Oidc");
            return null;
        }

        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            settings.Problem("Oidc:Issuer", "must be an address with https, or with http on this machine");
        if (audience.Length == 0)
            settings.Problem("Oidc:Audience", "is required where there is an Oidc:Issuer");
        foreach (var algorithm in options.Algorithms.Except(KnownAlgorithms, StringComparer.Ordinal))
            settings.Problem("Oidc:Algorithms", $"must be some of {string.Join(", ", KnownAlgorithms)}, with spaces between, not '{algorithm}'");
        return problems.Count == before ? options : null;
    }
}
