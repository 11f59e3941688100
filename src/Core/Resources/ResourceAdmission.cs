namespace Headgate.Core.Resources;

/// <summary>Whether a task may use a resource now; a closed set.</summary>
public abstract record ResourceAdmission
{
    private ResourceAdmission()
    {
    }

    /// <param name="After">The resource to store; the same object if nothing changed.</param>
    public sealed record Admitted(Resource After) : ResourceAdmission;

    /// <param name="Cause">Why the task may not use it.</param>
    /// <param name="Type">The type whose limit is reached; null if it is another limit or cause.</param>
    /// <param name="Until">When the cause ends by itself; null if only an event can end it.</param>
    public sealed record KeptBack(ResourceHindrance Cause, string? Type = null, DateTimeOffset? Until = null) : ResourceAdmission;
}

/// <summary>What keeps a task from a resource.</summary>
public enum ResourceHindrance
{
    /// <summary>A limit is reached, of all types or of the task's.</summary>
    Full,

    /// <summary>It is open.</summary>
    Open,

    /// <summary>It is half-open, with a probe running.</summary>
    Probing,

    Held,
}
