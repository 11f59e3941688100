using Microsoft.AspNetCore.Http;

namespace Headgate.Functions.Security;

/// <summary>Finds out who is calling: the first verifier that knows the token's form decides.</summary>
public sealed class CredentialChain(IEnumerable<ICredentialVerifier> verifiers)
{
    private const string Scheme = "Bearer ";

    private readonly ICredentialVerifier[] _verifiers = [.. verifiers];

    /// <summary>Null without credentials, with bad ones, and with more than one.</summary>
    public ValueTask<Caller?> IdentifyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var header = request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return default;

        var token = text.AsSpan(Scheme.Length).Trim(' ');
        foreach (var verifier in _verifiers)
        {
            if (verifier.Recognises(token))
                return verifier.VerifyAsync(token, cancellationToken);
        }

        return default;
    }
}
