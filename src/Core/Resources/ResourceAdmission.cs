namespace Headgate.Core.Resources;

/// <summary>Whether a task may use a resource now; a closed set.</summary>
public abstract record ResourceAdmission
{
    private ResourceAdmission()
    {
    }

    /// <param name="After">The resource with it; the same object where nothing is to be written.</param>
    public sealed record Admitted(Resource After) : ResourceAdmission;

    /// <param name="Cause">Why not.</param>
    /// <param name="Type">The type whose limit it is; null where it is the resource itself.</param>
    /// <param name="Until">When that ends by itself; null where only an event can end it.</param>
    public sealed record KeptBack(ResourceHindrance Cause, string? Type = null, DateTimeOffset? Until = null) : ResourceAdmission;
}

/// <summary>What keeps a task from a resource.</summary>
public enum ResourceHindrance
{
    /// <summary>As many use it as may, of all types or of the task's.</summary>
    Full,

    /// <summary>Its time has not come.</summary>
    Open,

    /// <summary>One task is finding out.</summary>
    Probing,

    /// <summary>Until it is released.</summary>
    Held,
}
