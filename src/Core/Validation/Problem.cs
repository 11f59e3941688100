namespace Headgate.Core.Validation;

/// <summary>One thing wrong with something given from outside.</summary>
/// <param name="Path">Where: <c>tasks[2].name</c>, a setting's name, or empty for the whole.</param>
/// <param name="Message">What, in a sentence fragment that reads after the path.</param>
public sealed record Problem(string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
