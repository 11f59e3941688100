using Headgate.Core.Access;
using Headgate.Functions.Security.Audit;

namespace Headgate.Functions.Security;

/// <summary>Who may call an HTTP function. Every HTTP function carries exactly one; the app does not start otherwise.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class AccessRuleAttribute : Attribute;

/// <summary>
/// Members of the tenant named by the route value <c>tenantId</c> whose role holds the permission, and operators.
/// Others get 404, members without it 403.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AccessAttribute(Permission permission) : AccessRuleAttribute
{
    public Permission Permission { get; } = permission;
}

/// <summary>Operators alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OperatorOnlyAttribute : AccessRuleAttribute;

/// <summary>Only the agent that the route value <c>agentId</c> names. Everybody else, operators too, gets 404.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AgentOnlyAttribute : AccessRuleAttribute;

/// <summary>Anybody, without credentials.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublicAttribute : AccessRuleAttribute;

/// <summary>Anybody with credentials; the function itself asks <see cref="Caller.Refuse"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CheckedInsideAttribute : AccessRuleAttribute;

/// <summary>
/// What an audit says of a call that writes. Every function that an operator may call with another method than GET carries it; the app does
/// not start otherwise.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AuditsAttribute(AuditAction action) : Attribute
{
    public AuditAction Action { get; } = action;

    /// <summary>The function writes its own row, whoever calls; the row that every other write by an operator leaves is not added.</summary>
    public bool Itself { get; init; }
}
