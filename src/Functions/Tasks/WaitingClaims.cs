using Headgate.Core.Agents;
using Headgate.Core.Dispatch;

namespace Headgate.Functions.Tasks;

/// <summary>A claim that is held until work comes.</summary>
internal sealed class WaitingClaim(AgentOffer agent, AgentLoad load)
{
    // Whoever adds work must not run the claim's continuation.
    private readonly TaskCompletionSource<TaskOffer?> _given = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AgentOffer Agent => agent;

    public AgentLoad Load => load;

    public double FreeShare { get; } = load.FreeShare;

    public Task<TaskOffer?> Given => _given.Task;

    public bool Suits(TaskOffer offer) => agent.Suits(offer) && load.RoomFor(offer.Type) > 0;

    /// <summary>False where the claim has ended meanwhile: the task is still the giver's.</summary>
    public bool Give(TaskOffer? offer) => _given.TrySetResult(offer);
}

/// <summary>The claims waiting at this moment. Not safe for concurrent use.</summary>
internal sealed class WaitingClaims
{
    private readonly LinkedList<WaitingClaim> _claims = [];

    public bool Any => _claims.Count > 0;

    public void Add(WaitingClaim claim) => _claims.AddLast(claim);

    public bool Remove(WaitingClaim claim) => _claims.Remove(claim);

    /// <summary>Takes out the claim that should have the task: of those it suits, the one with the greatest free share, then the longest waiting.</summary>
    public WaitingClaim? TakeFor(TaskOffer offer)
    {
        LinkedListNode<WaitingClaim>? best = null;
        for (var node = _claims.First; node is not null; node = node.Next)
        {
            if (node.Value.Suits(offer) && (best is null || node.Value.FreeShare > best.Value.FreeShare))
                best = node;
        }

        if (best is null)
            return null;
        _claims.Remove(best);
        return best.Value;
    }

    public IEnumerable<WaitingClaim> All => _claims;
}
