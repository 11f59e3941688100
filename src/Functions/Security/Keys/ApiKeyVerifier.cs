namespace Headgate.Functions.Security.Keys;

/// <summary>
/// API keys: the process's operator key first, then the stored ones. Where the operator's is still to come, a key that is not stored and good
/// enough for an operator is a <see cref="UndecidedCaller"/>'s.
/// </summary>
public sealed class ApiKeyVerifier(KeyStore keys, KeyUses uses, TimeProvider clock, IEnumerable<OperatorKey> operatorKeys, UnresolvedOperatorKey? unresolved = null)
    : ICredentialVerifier
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

        var stranger = unresolved is not null && OperatorKey.Read(token.ToString(), out _) is not null ? UndecidedCaller.PossibleOperator : null;
        var found = keys.FindAsync(id, cancellationToken);
        return found.IsCompletedSuccessfully
            ? ValueTask.FromResult(Judge(found.Result, secret, stranger))
            : JudgeAsync(found, secret.ToString(), stranger);
    }

    private Caller? Judge(KeyRecord? key, ReadOnlySpan<char> secret, Caller? stranger)
    {
        if (key is null)
            return stranger;
        if (!ApiKey.Matches(secret, key.Hash) || key.IsExpired(clock.GetUtcNow()))
            return null;
        if (key.Caller is MemberCaller member)
            uses.Note(member);
        return key.Caller;
    }

    private async ValueTask<Caller?> JudgeAsync(ValueTask<KeyRecord?> key, string secret, Caller? stranger) => Judge(await key, secret, stranger);
}
