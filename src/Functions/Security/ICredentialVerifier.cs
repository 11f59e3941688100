namespace Headgate.Functions.Security;

/// <summary>One kind of bearer token.</summary>
public interface ICredentialVerifier
{
    /// <summary>Whether the token has this verifier's form. No other verifier is asked then.</summary>
    bool Recognises(ReadOnlySpan<char> token);

    /// <summary>The caller, or null where the token is no good, or no longer.</summary>
    ValueTask<Caller?> VerifyAsync(ReadOnlySpan<char> token, CancellationToken cancellationToken);
}
