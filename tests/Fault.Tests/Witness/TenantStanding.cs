namespace Headgate.Fault.Tests.Witness;

/// <summary>Whether a tenant is paused, as far as its operator has been told. Compared by identity: a standing that ended and came again is another one.</summary>
internal sealed class TenantStanding(bool? paused)
{
    /// <summary>Told that it is paused, and nobody has asked for anything else since.</summary>
    public bool IsPaused => paused == true;

    public bool IsActive => paused == false;
}
