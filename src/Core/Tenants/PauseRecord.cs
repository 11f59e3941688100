namespace Headgate.Core.Tenants;

/// <summary>Who paused a tenant, why and when. Null in <paramref name="Until"/>: until somebody resumes it.</summary>
public sealed record PauseRecord(string Reason, string Actor, DateTimeOffset At, DateTimeOffset? Until)
{
    public const string DefaultReason = "admin_action";
}
