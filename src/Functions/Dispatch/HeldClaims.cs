namespace Headgate.Functions.Dispatch;

/// <summary>
/// Claims that may be held, by agent, so that they can be told to end before their time. An agent has an entry while it has such a claim. Safe for
/// concurrent use.
/// </summary>
public sealed class HeldClaims
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<CancellationTokenSource>> _claims = new(StringComparer.Ordinal);

    /// <summary>To be disposed when the claim ends.</summary>
    public Held Hold(string agentId)
    {
        var ended = new CancellationTokenSource();
        lock (_lock)
        {
            if (!_claims.TryGetValue(agentId, out var claims))
                _claims.Add(agentId, claims = []);
            claims.Add(ended);
        }

        return new Held(this, agentId, ended);
    }

    /// <summary>Ends the claims of the agent that are under way in this process.</summary>
    public async ValueTask EndAsync(string agentId)
    {
        List<CancellationTokenSource> claims;
        lock (_lock)
            claims = _claims.TryGetValue(agentId, out var held) ? [.. held] : [];
        foreach (var claim in claims)
            await claim.CancelAsync();
    }

    private void Leave(string agentId, CancellationTokenSource ended)
    {
        lock (_lock)
        {
            if (_claims.TryGetValue(agentId, out var claims) && claims.Remove(ended) && claims.Count == 0)
                _claims.Remove(agentId);
        }
    }

    /// <summary>A claim under way.</summary>
    public readonly struct Held : IDisposable
    {
        private readonly HeldClaims _all;
        private readonly string _agentId;
        private readonly CancellationTokenSource _ended;

        internal Held(HeldClaims all, string agentId, CancellationTokenSource ended) => (_all, _agentId, _ended) = (all, agentId, ended);

        /// <summary>Cancelled when the claim is to end.</summary>
        public CancellationToken Ended => _ended.Token;

        // The source is not disposed: it has no timer, and whoever ends the claims may have it in hand.
        public void Dispose() => _all.Leave(_agentId, _ended);
    }
}
