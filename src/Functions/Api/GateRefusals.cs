using Headgate.Functions.Admission;
using Headgate.Functions.Wire;

namespace Headgate.Functions.Api;

/// <summary>How the gate's failures to decide are answered.</summary>
public static class GateRefusals
{
    /// <summary>Null where the gate has decided.</summary>
    public static Refusal? Of(GateStatus status, string tenantId) => status switch
    {
        GateStatus.Done => null,
        GateStatus.NoTenant => Refusals.TenantNotFound(tenantId),
        _ => Refusals.Busy,
    };
}
