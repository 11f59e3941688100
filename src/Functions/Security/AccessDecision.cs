namespace Headgate.Functions.Security;

/// <summary>What became of a caller's wish; a closed set.</summary>
public abstract record AccessDecision
{
    private AccessDecision()
    {
    }

    public sealed record Granted : AccessDecision
    {
        internal static readonly Granted Instance = new();
    }

    /// <summary>Must not learn whether the tenant exists: answered 404.</summary>
    public sealed record NotMember : AccessDecision
    {
        internal static readonly NotMember Instance = new();
    }

    /// <summary>A member without the permission: answered 403.</summary>
    public sealed record Insufficient(string Action, string Role) : AccessDecision;
}
