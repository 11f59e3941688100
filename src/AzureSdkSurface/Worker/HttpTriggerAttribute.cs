using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The function answers HTTP requests.</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : TriggerBindingAttribute
{
    public AuthorizationLevel AuthLevel { get; } = authLevel;

    /// <summary>Null or empty: every method.</summary>
    public string[]? Methods { get; } = methods;

    /// <summary>Route template below the route prefix; the function's name where null.</summary>
    public string? Route { get; set; }
}

public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
