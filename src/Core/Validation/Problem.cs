namespace Headgate.Core.Validation;

/// <summary>One problem of an input.</summary>
/// <param name="Path">Such as <c>tasks[2].name</c>, or a setting's name; empty for the whole.</param>
/// <param name="Message">A predicate that follows the path, such as "must be positive".</param>
public sealed record Problem(string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
