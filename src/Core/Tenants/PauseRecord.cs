namespace Headgate.Core.Tenants;

/// <summary>Who paused a tenant, why, when, and until when if that is known.</summary>
public sealed record PauseRecord(string Reason, string Actor, DateTimeOffset At, DateTimeOffset? Until)
{
    public const string DefaultReason = "admin_action";
}
