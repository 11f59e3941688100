namespace Headgate.Functions.Security.Keys;

/// <summary>API keys: the process's operator key first, then the stored ones.</summary>
public sealed class ApiKeyVerifier(KeyStore keys, TimeProvider clock, IEnumerable<OperatorKey> operatorKeys) : ICredentialVerifier
{
    private readonly (OperatorKey Key, Caller Caller)[] _operators = [.. operatorKeys.Select(key => (key, (Caller)new OperatorCaller(key.Id)))];

    public bool Recognises(ReadOnlySpan<char> token) => token.StartsWith("hg_", StringComparison.Ordinal);

    public ValueTask<Caller?> VerifyAsync(ReadOnlySpan<char> token, CancellationToken cancellationToken)
    {
        if (!ApiKey.TryParse(token, out var id, out var secret))
            return default;

        foreach (var (key, caller) in _operators)
        {
            if (id.SequenceEqual(key.Id))
                return ValueTask.FromResult(ApiKey.Matches(secret, key.SecretHash) ? caller : null);
        }

        var found = keys.FindAsync(id, cancellationToken);
        return found.IsCompletedSuccessfully
            ? ValueTask.FromResult(Judge(found.Result, secret))
            : JudgeAsync(found, secret.ToString());
    }

    private Caller? Judge(KeyRecord? key, ReadOnlySpan<char> secret) =>
        key is not null && ApiKey.Matches(secret, key.Hash) && !key.IsExpired(clock.GetUtcNow()) ? key.Caller : null;

    private async ValueTask<Caller?> JudgeAsync(ValueTask<KeyRecord?> key, string secret) => Judge(await key, secret);
}
